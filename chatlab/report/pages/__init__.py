"""Notebooks as HTML pages."""

import sys

# jsonschema, which nbformat loads, compiles a grammar of web addresses on import where it finds
# one: a second and a half, for a check that no notebook needs.
if "rfc3987_syntax" not in sys.modules:
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    import jsonschema  # noqa: F401

    del sys.modules["rfc3987_syntax"]
