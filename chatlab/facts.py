"""A fact is a code and its figures by name; only a report makes a sentence of it (`say.facts`)."""

from __future__ import annotations

from typing import Any

# {"fact": "waited longest", "n": 12}
Fact = dict[str, Any]
