"""The command that takes files into a dataset."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chatlab.cli.commands import say_line
from chatlab.errors import SettingsError


def run_ingest(options: argparse.Namespace) -> None:
    """Take files into a dataset."""
    from chatlab.io.dataset.ingest import ingest_posts
    from chatlab.io.dataset.scan import scan_posts
    from chatlab.project.settings import read_mapping

    columns, platform = read_mapping(options.columns) if options.columns else (None, None)
    with _cluster(options.cluster) as client:
        told = ingest_posts(
            options.path,
            options.folder,
            columns=columns,
            platform=options.platform or platform,
            client=client,
        )
    counts = told[["kept", "duplicates", "refused"]].sum()
    say_line(
        f"{options.folder}: {scan_posts(options.folder).posts:,} posts from {len(told):,} "
        f"{'file' if len(told) == 1 else 'files'}; "
        f"{counts['duplicates']:,} stood in a file before, {counts['refused']:,} records refused"
    )


@contextmanager
def _cluster(address: str | None) -> Iterator[Any]:
    """Give a client of a cluster, or None where there is none."""
    if not address:
        yield None
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise SettingsError(
            "--cluster needs Dask: pip install 'chatlab-kit[cluster]' (conda: distributed)."
        ) from error
    try:
        connect: Any = Client
        client = connect(address, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SettingsError(f"No Dask scheduler answers at {address}: {error}.") from error
    with client:
        yield client
