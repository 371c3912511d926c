"""What the command line understands."""

from __future__ import annotations

import argparse
from typing import Any

from chatlab import __version__
from chatlab.cli.commands import (
    GRAPHS,
    run_check,
    run_convert,
    run_forget,
    run_graph,
    run_key,
    run_lab,
    run_new,
    run_report,
)
from chatlab.cli.exporting import EXPORTS, run_export
from chatlab.cli.ingesting import run_ingest
from chatlab.translation import languages

EXIT_CODES = """\
exit codes:
  0  done
  1  the input or the settings cannot be used; one line says what is wrong and what to do
  2  the command was not understood
  3  a notebook stopped; one line names notebook, section and cell; no half report is left
"""


def command_parser() -> argparse.ArgumentParser:
    """Return what understands the command line."""
    parser = argparse.ArgumentParser(
        prog="chatlab",
        description="Hashtag conversations: who talks, about what, and what to do next.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"chatlab {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    report = _command(
        commands,
        "report",
        run_report,
        "run the notebooks and write HTML pages",
        "chatlab report my-chat.jsonl --lang fr --out reports",
    )
    report.add_argument(
        "path",
        nargs="*",
        metavar="PATH",
        help="file, folder or glob of posts; several are read as one chat "
        "(default: what the notebooks' parameters cell names)",
    )
    report.add_argument(
        "--out", default="reports", metavar="FOLDER", help="where the pages go (default: reports)"
    )
    report.add_argument("--edition", metavar="N", help='a number, "last" (default) or "all"')
    report.add_argument("--lang", choices=languages(), help="language of the report")
    report.add_argument(
        "--notebooks",
        metavar="FOLDER",
        help="notebooks to run (default: ./notebooks if they are chatlab's, else the bundled ones)",
    )
    report.add_argument(
        "-p",
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="set a parameter of the notebooks",
    )
    report.add_argument(
        "--for-client",
        action="store_true",
        help="leave out which role single people play; counts and the network stay",
    )
    _reading_options(report)

    check = _command(
        commands,
        "check",
        run_check,
        "say what is in a file, and what comes next",
        "chatlab check my-chat.jsonl",
    )
    check.add_argument("path", nargs="+", metavar="PATH", help="file, folder or glob of posts")
    check.add_argument("--lang", choices=languages(), help="language of the answer")
    check.add_argument(
        "--save-columns",
        metavar="FILE.toml",
        help="for a table of no known format: write the likely mapping, to look at and to use",
    )
    _reading_options(check)

    convert = _command(
        commands,
        "convert",
        run_convert,
        "write posts as Parquet, CSV, xlsx or JSON lines",
        "chatlab convert my-chat.jsonl my-chat.parquet",
    )
    convert.add_argument("path", nargs="+", metavar="PATH", help="file, folder or glob of posts")
    convert.add_argument("out", metavar="OUT", help="ends in .parquet, .csv, .xlsx or .jsonl")
    _reading_options(convert)

    ingest = _command(
        commands,
        "ingest",
        run_ingest,
        "take files of any number into a dataset, which report and check read as a chat",
        "chatlab ingest exports/*.jsonl my-dataset",
    )
    ingest.add_argument("path", nargs="+", metavar="PATH", help="file, folder or glob of posts")
    ingest.add_argument("folder", metavar="DATASET", help="its folder; made, or added to")
    _mapping_options(ingest)
    ingest.add_argument(
        "--cluster", metavar="ADDRESS", help="of a Dask scheduler, such as tcp://10.0.0.1:8786"
    )

    graph = _command(
        commands,
        "graph",
        run_graph,
        "write a graph for Gephi, networkx or R",
        "chatlab graph my-chat.jsonl replies.gexf",
    )
    graph.add_argument("path", nargs="+", metavar="PATH", help="file, folder or glob of posts")
    graph.add_argument("out", metavar="OUT", help="ends in .gexf, .graphml, .xlsx (NodeXL) or .csv")
    graph.add_argument(
        "--kind", choices=GRAPHS, default="reply", help="which graph (default: reply)"
    )
    _reading_options(graph)

    export = _command(
        commands,
        "export",
        run_export,
        "write a workbook, a Word brief, slides, a recap, quote cards, a calendar, a corpus",
        "chatlab export my-chat.jsonl --xlsx --docx --out for-the-team",
    )
    export.add_argument("path", nargs="+", metavar="PATH", help="file, folder or glob of posts")
    export.add_argument(
        "--out", default="exports", metavar="FOLDER", help="where they go (default: exports)"
    )
    export.add_argument(
        "--edition", default="last", metavar="N", help='a number, "last" (default) or "all"'
    )
    export.add_argument("--lang", choices=languages(), help="language of what is written")
    what = export.add_argument_group("what to write (default: all)")
    for name, told in EXPORTS.items():
        what.add_argument(f"--{name}", action="store_true", help=told)
    _reading_options(export)

    key = _command(
        commands,
        "key",
        run_key,
        "make the secret for --pseudonyms",
        "chatlab key ~/keys/crowdwork.txt",
    )
    key.add_argument("file", metavar="FILE", help="a file that does not exist yet")

    new = _command(
        commands,
        "new",
        run_new,
        "make a working folder with notebooks and settings",
        "chatlab new my-research --lang fr",
    )
    new.add_argument("folder", metavar="FOLDER", help="a folder that does not exist yet")
    new.add_argument("--lang", choices=languages(), default="en", help="language of the notebooks")

    lab = _command(
        commands,
        "lab",
        run_lab,
        "open JupyterLab on a working folder; a new one is made first",
        "chatlab lab my-research",
    )
    lab.add_argument("folder", metavar="FOLDER", help="from chatlab new, or one that is not there")
    lab.add_argument("--lang", choices=languages(), default="en", help="language of new notebooks")
    lab.add_argument("jupyter", nargs="*", metavar="OPTION", help="for JupyterLab, after --")

    _command(
        commands,
        "forget",
        run_forget,
        "delete what is kept between notebooks: numbers of the themes found, no words of anybody",
        "chatlab forget",
    )
    return parser


def _command(
    commands: Any, name: str, run: Any, summary: str, example: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"example:\n  {example}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def _mapping_options(parser: argparse.ArgumentParser) -> None:
    reading = parser.add_argument_group("how to read")
    reading.add_argument(
        "--columns",
        metavar="FILE.toml",
        help='which column is which: lines such as text = "Message"',
    )
    reading.add_argument(
        "--platform",
        choices=("x", "mastodon", "bluesky", "other"),
        help="with --columns: where the posts come from",
    )


def _reading_options(parser: argparse.ArgumentParser) -> None:
    _mapping_options(parser)
    people = parser.add_argument_group("people (acts before anything else)")
    people.add_argument(
        "--pseudonyms",
        metavar="KEYFILE",
        help="replace everybody by a pseudonym made with this secret (see chatlab key)",
    )
    people.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="@PERSON",
        help="take a person out; may be given several times",
    )
