"""Style and script of what is shown, for a page and for JupyterLab."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent
BLOCKS = (_HERE / "blocks.css").read_text(encoding="utf-8")
ASKING = (_HERE / "asking.js").read_text(encoding="utf-8")
# JupyterLab's own colours, so that a dark theme stays dark.
_TOKENS = """
  --ink: var(--jp-content-font-color1, #1c2024); --soft: var(--jp-content-font-color2, #565d64);
  --paper: var(--jp-layout-color1, #fff); --wash: var(--jp-layout-color2, #f3f0e9);
  --line: var(--jp-border-color2, #dedacf); --rule: var(--jp-content-font-color1, #1c2024);
  --link: var(--jp-content-link-color, #00598c); --pale: #83929e;
  --blue: #0072b2; --red: #d55e00; --green: #009e73; --amber: #e69f00;
  --serif: Georgia, serif; --small: .8125rem; --note: .9rem;
"""


def notebook_style() -> str:
    """Return the style as JupyterLab takes it: for outputs only. A page leaves it out."""
    return f"<style>.jp-OutputArea {{ {_TOKENS} {BLOCKS} }}</style>"


def notebook_script() -> str:
    """Return what makes tables sort and marks open their posts in JupyterLab."""
    return ASKING + (_HERE / "lab.js").read_text(encoding="utf-8")
