"""The command line: `chatlab report`, `check`, `convert`, `graph`, `key`, `new`."""

from __future__ import annotations

import argparse
import logging
import shlex
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from chatlab import __version__
from chatlab.errors import ChatlabError, NotebookError, SettingsError
from chatlab.messages import _, format_number, languages, plural, set_language
from chatlab.text import printable

OK, BAD_INPUT, BAD_USAGE, BAD_NOTEBOOK = 0, 1, 2, 3
EXIT_CODES = """\
exit codes:
  0  done
  1  the input or the settings cannot be used; one line says what is wrong and what to do
  2  the command was not understood
  3  a notebook stopped; one line names notebook, section and cell; no half report is left
"""
GRAPHS = ("reply", "interaction", "thread", "hashtag", "author-hashtag", "author-theme")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    handler = logging.StreamHandler()
    handler.setFormatter(_Printable("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    try:
        options.run(options)
    except NotebookError as error:
        return _failed(str(error), BAD_NOTEBOOK)
    except ChatlabError as error:
        return _failed(str(error), BAD_INPUT)
    except KeyboardInterrupt:
        return _failed("stopped", 130)
    except BrokenPipeError:
        return OK
    return OK


class _Printable(logging.Formatter):
    """Keep what files hold from steering the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as text, without control signs."""
        return printable(super().format(record))


def _say(text: str) -> None:
    print(printable(text), flush=True)


def _failed(message: str, code: int) -> int:
    print(printable(f"chatlab: {message}"), file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
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
        _report,
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
        _check,
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
        _convert,
        "write posts as Parquet, CSV, xlsx or JSON lines",
        "chatlab convert my-chat.jsonl my-chat.parquet",
    )
    convert.add_argument("path", nargs="+", metavar="PATH", help="file, folder or glob of posts")
    convert.add_argument("out", metavar="OUT", help="ends in .parquet, .csv, .xlsx or .jsonl")
    _reading_options(convert)

    graph = _command(
        commands,
        "graph",
        _graph,
        "write a graph for Gephi, networkx or R",
        "chatlab graph my-chat.jsonl replies.gexf",
    )
    graph.add_argument("path", nargs="+", metavar="PATH", help="file, folder or glob of posts")
    graph.add_argument("out", metavar="OUT", help="ends in .gexf, .graphml, .xlsx (NodeXL) or .csv")
    graph.add_argument(
        "--kind", choices=GRAPHS, default="reply", help="which graph (default: reply)"
    )
    _reading_options(graph)

    key = _command(
        commands,
        "key",
        _key,
        "make the secret for --pseudonyms",
        "chatlab key ~/keys/crowdwork.txt",
    )
    key.add_argument("file", metavar="FILE", help="a file that does not exist yet")

    new = _command(
        commands,
        "new",
        _new,
        "make a working folder with notebooks and settings",
        "chatlab new my-research --lang fr",
    )
    new.add_argument("folder", metavar="FOLDER", help="a folder that does not exist yet")
    new.add_argument("--lang", choices=languages(), default="en", help="language of the notebooks")
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


def _reading_options(parser: argparse.ArgumentParser) -> None:
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


def _settings(options: argparse.Namespace) -> Any:
    from chatlab.settings import Privacy, gather_settings

    settings = gather_settings(
        options.path,
        columns=options.columns,
        platform=options.platform,
        privacy=Privacy(options.pseudonyms, tuple(options.without)),
    )
    _warn_of_key(settings)
    return settings


def _warn_of_key(settings: Any) -> None:
    """Say when the key lies among the files that one hands on."""
    if not settings.privacy.pseudonyms:
        return
    key = Path(settings.privacy.pseudonyms).resolve()
    homes = {place if place.is_dir() else place.parent for place in map(Path, settings.files)}
    if any(key.is_relative_to(home.resolve()) for home in homes):
        logging.getLogger("chatlab").warning(
            "The key %s lies in the folder of the chat: whoever gets the folder can undo the "
            "pseudonyms. Keep it elsewhere.",
            key,
        )


def _read(options: argparse.Namespace) -> Any:
    from chatlab.settings import open_chat

    return open_chat(_settings(options))


def _check(options: argparse.Namespace) -> None:
    from chatlab.legend import COLUMNS
    from chatlab.summary import describe_chat, edition_lines, name_editions, protection_lines

    set_language(options.lang or "en")
    if options.save_columns:
        _save_columns(options)
    chat = _read(options)
    name_editions(chat)
    described = describe_chat(chat, chat.editions)
    command = shlex.join(["chatlab", "report", *options.path, *_same_options(options)])
    _say(_("{described}; next: {command}").format(described=described, command=command))
    for file, row in chat.loading.iterrows():
        names = ("read", "kept", "duplicates", "refused", "context")
        counts = ", ".join(
            f"{_(COLUMNS[name][0])} {format_number(int(row[name]))}" for name in names
        )
        told = "; ".join(filter(None, (row["reasons"], row["notes"])))
        _say(f"  {file}: {_(row['source'])}: {counts}" + (f" ({told})" if told else ""))
    for line in (*edition_lines(chat), *chat.assumed, *protection_lines(chat)):
        _say(f"  {line}")
    left = chat.protection.left()["places"]
    if len(left):
        words = ", ".join(f"{word} ({n})" for word, n in left.items())
        _say("  " + _("Words to look at, parts of names: {words}").format(words=words))


def _save_columns(options: argparse.Namespace) -> None:
    """Write the mapping that a table of no known format suggests, and go on with it."""
    from chatlab._formats import find_format
    from chatlab._loading import find_members
    from chatlab._proposal import UnmappedTableError
    from chatlab._write import write_safely

    target = Path(options.save_columns)
    if target.exists():
        raise SettingsError(f"{target} exists. Name a new file for the mapping.")
    for member in find_members(options.path):
        try:
            find_format(member)
        except UnmappedTableError as error:
            if error.proposal is None:
                raise
            write_safely(target, error.proposal.toml().encode())
            _say(_("{file}: look at it, change what is wrong. It says:").format(file=target))
            _say(error.proposal.toml())
            options.columns = str(target)
            return
    raise SettingsError(
        _("The format of these files is known: they need no mapping, and none was written.")
    )


def _same_options(options: argparse.Namespace) -> list[str]:
    """Repeat the options that the next command needs too."""
    named = {name: getattr(options, name) for name in ("columns", "platform", "pseudonyms", "lang")}
    given = [word for name, value in named.items() if value for word in (f"--{name}", str(value))]
    return given + [word for person in options.without for word in ("--without", person)]


def _convert(options: argparse.Namespace) -> None:
    from chatlab._write import no_more_readable_than

    settings = _settings(options)
    with no_more_readable_than(settings.files):
        _convert_with(settings, options)


def _convert_with(settings: Any, options: argparse.Namespace) -> None:
    from chatlab._loading import find_members, write_refusals
    from chatlab.convert import convert_posts, refuse_input
    from chatlab.load import write_posts
    from chatlab.settings import open_chat

    privacy = settings.privacy.pseudonyms or settings.privacy.without
    changed = privacy or settings.permalinks or settings.do_not_quote
    refuse_input(Path(options.out), [one.path for one in find_members(settings.files)])
    rejects = Path(options.out).with_suffix(".rejected.jsonl")
    if Path(options.out).suffix.lower() == ".parquet" and not changed:
        loading = convert_posts(
            settings.files,
            options.out,
            columns=settings.columns or None,
            platform=settings.platform,
            rejects=rejects,
        )
        along = int(loading["context"].sum())
        written = int(loading["kept"].sum()) + along
        order = "; in file order: reading it sorts the posts and merges those that stand twice"
    else:
        chat = open_chat(settings)
        write_posts(chat.posts, options.out)
        loading, order = chat.loading, ""
        written, along = len(chat.posts), int((~chat.posts["in_chat"]).sum())
        if chat.refusals and not privacy:
            write_refusals(chat.refusals, rejects)
    refused = int(loading["refused"].sum())
    beside = f" (see {rejects})" if refused and not privacy else ""
    _say(
        f"{options.out}: {written:,} posts written ({along:,} of them only came along), "
        f"{refused:,} records refused{beside}{order}"
    )


def _graph(options: argparse.Namespace) -> None:
    from chatlab._write import no_more_readable_than
    from chatlab.communities import find_communities
    from chatlab.graph_files import write_graph

    chat = _read(options)
    built = _built_graph(options.kind, chat)
    with no_more_readable_than(chat.settings.files):
        write_graph(built, options.out, communities=find_communities(built))
    _say(f"{options.out}: {len(built):,} nodes, {built.number_of_edges():,} edges")


def _built_graph(kind: str, chat: Any) -> Any:
    from chatlab import graph, two_mode

    if kind == "author-hashtag":
        return two_mode.author_hashtag_graph(chat.posts, leave_out=chat.settings.hashtags)
    if kind == "author-theme":
        from chatlab.kept import keep_themes
        from chatlab.theme_tables import theme_table
        from chatlab.themes import find_themes

        themes, names = keep_themes(chat, find_themes(chat.posts))
        called = theme_table(chat.posts, themes, names=names)["name"].to_dict()
        return two_mode.author_theme_graph(chat.posts, themes, names=called)
    return getattr(graph, f"{kind}_graph")(chat.posts)


def _report(options: argparse.Namespace) -> None:
    from chatlab._html import notebook_language
    from chatlab._write import no_more_readable_than
    from chatlab.report import build_report, find_notebooks, read_notebook, with_parameters

    notebooks = find_notebooks(options.notebooks)
    parameters: dict[str, Any] = dict(map(_parameter, options.parameter))
    if options.edition is not None:
        parameters["edition"] = _edition(options.edition)
    if options.lang:
        parameters["lang"] = options.lang
    with tempfile.TemporaryDirectory() as folder:
        settings = _checked_chat(options, parameters, notebooks[0], Path(folder))
        for notebook in notebooks:
            with_parameters(read_notebook(notebook), parameters)
        set_language(parameters.get("lang") or notebook_language(read_notebook(notebooks[0])))
        told = plural("{n} notebook to run", "{n} notebooks to run", len(notebooks))
        _say(
            _("{told} from {folder}; the first answer comes in a few seconds.").format(
                told=told, folder=notebooks[0].parent
            )
        )
        with no_more_readable_than(settings.files):
            index = build_report(notebooks, options.out, parameters=parameters, progress=_told)
    _say(_("Open {path}").format(path=index))


def _edition(text: str) -> int | str:
    # `isdigit` is true of ², which is no number.
    return int(text) if text.isascii() and text.isdigit() else text


def _told(done: Any) -> None:
    _say(f"[{done.number}/{done.total}] {done.title} {done.answer}")
    if done.number == 1:
        path = done.path.with_name("index.html")
        _say("      " + _("The brief is ready: {path}").format(path=path))


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise SettingsError(f"-p {text!r} is not NAME=VALUE.")
    try:
        return name, msgspec.json.decode(value)
    except msgspec.DecodeError:
        return name, value


def _checked_chat(
    options: argparse.Namespace, parameters: dict[str, Any], notebook: Path, folder: Path
) -> Any:
    """Read the chat once before any kernel starts; return its settings.

    Notebooks take one path, so all that was said on the command line goes into a chat.toml, and
    its path into the parameters.
    """
    from chatlab._html import parameter_values
    from chatlab.editions import select_edition
    from chatlab.report import read_notebook
    from chatlab.settings import open_chat, settings_as_toml
    from chatlab.summary import name_editions

    named = parameters.get("chat") or parameter_values(read_notebook(notebook)).get("chat")
    options.path = options.path or (named if isinstance(named, list) else [str(named)])
    settings = _settings(options)
    if getattr(options, "for_client", False):
        settings = msgspec.structs.replace(settings, for_client=True)
    chat = open_chat(settings)
    name_editions(chat)
    select_edition(chat.posts, chat.editions, parameters.get("edition", "last"))
    file = folder / "chat.toml"
    file.write_text(settings_as_toml(settings), encoding="utf-8")
    parameters["chat"] = str(file)
    return settings


def _key(options: argparse.Namespace) -> None:
    from chatlab.privacy import make_key

    make_key(options.file)
    _say(f"{options.file} is ready. Keep it, and keep it apart from the posts. Next:")
    _say("  " + shlex.join(["chatlab", "report", "my-chat.jsonl", "--pseudonyms", options.file]))


def _new(options: argparse.Namespace) -> None:
    from chatlab._kit import kit_folder
    from chatlab.workspace import make_workspace

    target = Path(options.folder)
    if target.exists() and any(target.iterdir()):
        raise SettingsError(f"{target} exists and is not empty. Name a new folder.")
    make_workspace(target, kit_folder(), options.lang)
    folder = shlex.quote(str(target))
    _say(f"{target} is ready. Put your file into {target / 'data'}, then:")
    _say(f"  cd {folder}; chatlab report")
    _say(f"  or, to explore: cd {folder}; jupyter lab")


if __name__ == "__main__":
    sys.exit(main())
