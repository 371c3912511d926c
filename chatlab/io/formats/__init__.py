"""One file for each format that a post comes in."""
