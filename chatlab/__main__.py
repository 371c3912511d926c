"""`python -m chatlab` is the command line."""

import sys

from chatlab.cli.main import main

sys.exit(main())
