"""Colours, and the shapes that go with them as a second cue."""

from __future__ import annotations

# Okabe and Ito's palette: told apart with any colour vision.
BLUE, ORANGE, GREEN, PINK, SKY = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9"
GREY = "#7a7a7a"
COLOURS = (BLUE, ORANGE, GREEN, PINK, SKY, "#D55E00", "#6a4c93", "#a06a2c")
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross", "star", "x", "pentagon")
