"""The errors a caller of chatlab may meet; every one is a `ChatlabError`."""

from __future__ import annotations


class ChatlabError(Exception):
    """Something is wrong that the person at the keyboard can put right."""

    def _render_traceback_(self) -> list[str]:
        """Show a notebook the sentence alone; `%tb` shows where it comes from."""
        return [f"{type(self).__name__}: {self}"]


class UnreadableFileError(ChatlabError):
    """A file is missing, damaged, or not what its ending claims."""


class UnknownFormatError(ChatlabError):
    """A file was opened, but nothing in it looks like posts of a known format."""


class NotPostsError(ChatlabError):
    """A file is well understood and holds no posts (users, counts, analytics)."""


class PostsError(ChatlabError):
    """A table does not have the shape of the posts table."""


class SettingsError(ChatlabError):
    """`chat.toml`, a column mapping or an option says something impossible."""


class GraphError(ChatlabError):
    """A graph cannot be read, written or measured."""


class NotebookError(ChatlabError):
    """A notebook stopped; the message names notebook, section and cell."""
