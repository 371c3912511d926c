"""Where the notebooks, the bundled chat and environment.yml are: in the wheel or the checkout."""

from __future__ import annotations

from pathlib import Path


def kit_folder() -> Path:
    """Return the folder that holds `notebooks`, `data` and `environment.yml`."""
    packaged = Path(__file__).parents[1] / "kit"
    return packaged if packaged.exists() else Path(__file__).parents[2]
