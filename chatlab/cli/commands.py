"""What each command does."""

from __future__ import annotations

import argparse
import logging
import shlex
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from chatlab.errors import SettingsError
from chatlab.text.patterns import printable
from chatlab.translation import _, format_number, plural, set_language

OK, BAD_INPUT, BAD_USAGE, BAD_NOTEBOOK = 0, 1, 2, 3
GRAPHS = ("reply", "interaction", "thread", "hashtag", "author-hashtag", "author-theme")


def say_line(text: str) -> None:
    """Print a line, without signs that steer a terminal."""
    print(printable(text), flush=True)


def _settings(options: argparse.Namespace) -> Any:
    from chatlab.project.gathering import gather_settings
    from chatlab.project.settings import Privacy

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


def read_chat_of(options: argparse.Namespace) -> Any:
    """Read the chat that the options name."""
    from chatlab.project.opening import open_chat

    return open_chat(_settings(options))


def run_check(options: argparse.Namespace) -> None:
    """Say what would be read, what was assumed, and what to do next."""
    from chatlab.report.glossary_columns import COLUMNS
    from chatlab.report.say.facts import facts
    from chatlab.report.say.overview_page import chat as describe_chat
    from chatlab.report.say.overview_page import edition_lines, name_editions, protection

    set_language(options.lang or "en")
    if options.save_columns:
        _save_columns(options)
    chat = read_chat_of(options)
    name_editions(chat)
    described = describe_chat(chat, chat.editions)
    command = shlex.join(["chatlab", "report", *options.path, *_same_options(options)])
    say_line(_("{described}; next: {command}").format(described=described, command=command))
    for file, row in chat.loading.iterrows():
        names = ("read", "kept", "duplicates", "refused", "context")
        counts = ", ".join(
            f"{_(COLUMNS[name][0])} {format_number(int(row[name]))}" for name in names
        )
        told = "; ".join(filter(None, (row["reasons"], row["notes"])))
        say_line(f"  {file}: {_(row['source'])}: {counts}" + (f" ({told})" if told else ""))
    for line in (*edition_lines(chat), *facts(chat.assumed), *protection(chat)):
        say_line(f"  {line}")
    left = chat.protection.left()["places"]
    if len(left):
        words = ", ".join(f"{word} ({n})" for word, n in left.items())
        say_line("  " + _("Words to look at, parts of names: {words}").format(words=words))


def _save_columns(options: argparse.Namespace) -> None:
    """Write the mapping that a table of no known format suggests, and go on with it."""
    from chatlab.io.formats.detect import find_format
    from chatlab.io.loading import find_members
    from chatlab.io.safe_files import write_safely
    from chatlab.io.tables.proposal import UnmappedTableError

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
            say_line(_("{file}: look at it, change what is wrong. It says:").format(file=target))
            say_line(error.proposal.toml())
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


def run_convert(options: argparse.Namespace) -> None:
    """Write posts of any format as one of chatlab's own."""
    from chatlab.io.safe_files import no_more_readable_than

    settings = _settings(options)
    with no_more_readable_than(settings.files):
        _convert_with(settings, options)


def _convert_with(settings: Any, options: argparse.Namespace) -> None:
    from chatlab.io.convert import convert_posts, refuse_input
    from chatlab.io.loading import find_members
    from chatlab.io.refusals import write_refusals
    from chatlab.io.write_posts import write_posts
    from chatlab.project.opening import open_chat

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
    say_line(
        f"{options.out}: {written:,} posts written ({along:,} of them only came along), "
        f"{refused:,} records refused{beside}{order}"
    )


def run_graph(options: argparse.Namespace) -> None:
    """Write a graph for another program."""
    from chatlab.io.safe_files import no_more_readable_than
    from chatlab.network.communities import find_communities
    from chatlab.network.write import write_graph

    chat = read_chat_of(options)
    built = _built_graph(options.kind, chat)
    with no_more_readable_than(chat.settings.files):
        write_graph(built, options.out, communities=find_communities(built))
    say_line(f"{options.out}: {len(built):,} nodes, {built.number_of_edges():,} edges")


def _built_graph(kind: str, chat: Any) -> Any:
    from chatlab.network import graphs, two_mode

    if kind == "author-hashtag":
        return two_mode.author_hashtag_graph(chat.posts, leave_out=chat.settings.hashtags)
    if kind == "author-theme":
        themes, names, *_rest = chat.themes
        return two_mode.author_theme_graph(chat.posts, themes, names=names)
    return getattr(graphs, f"{kind}_graph")(chat.posts)


def run_report(options: argparse.Namespace) -> None:
    """Run the notebooks and write a page for each."""
    from chatlab.io.safe_files import no_more_readable_than
    from chatlab.report.pages.build import build_report, find_notebooks
    from chatlab.report.pages.html import notebook_language
    from chatlab.report.pages.run import read_notebook, with_parameters

    notebooks = find_notebooks(options.notebooks)
    parameters: dict[str, Any] = dict(map(_parameter, options.parameter))
    if options.edition is not None:
        parameters["edition"] = edition_of(options.edition)
    if options.lang:
        parameters["lang"] = options.lang
    with tempfile.TemporaryDirectory() as folder:
        settings = _one_chat(options, parameters, notebooks[0], Path(folder))
        for notebook in notebooks:
            with_parameters(read_notebook(notebook), parameters)
        set_language(parameters.get("lang") or notebook_language(read_notebook(notebooks[0])))
        told = plural("{n} notebook to run", "{n} notebooks to run", len(notebooks))
        say_line(
            _("{told} from {folder}; the first answer comes in a few seconds.").format(
                told=told, folder=notebooks[0].parent
            )
        )
        with no_more_readable_than(settings.files):
            index = build_report(notebooks, options.out, parameters=parameters, progress=_told)
    say_line(_("Open {path}").format(path=index))


def edition_of(text: str) -> int | str:
    """Read an edition: a number, or a word."""
    # `isdigit` is true of ², which is no number.
    return int(text) if text.isascii() and text.isdigit() else text


def _told(done: Any) -> None:
    say_line(f"[{done.number}/{done.total}] {done.title} {done.answer}")
    if done.number == 1:
        path = done.path.with_name("index.html")
        say_line("      " + _("The brief is ready: {path}").format(path=path))


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise SettingsError(f"-p {text!r} is not NAME=VALUE.")
    try:
        return name, msgspec.json.decode(value)
    except msgspec.DecodeError:
        return name, value


def _one_chat(
    options: argparse.Namespace, parameters: dict[str, Any], notebook: Path, folder: Path
) -> Any:
    """Put all that was said on the command line into one chat.toml; return its settings.

    Notebooks take one path: that of this file goes into the parameters.
    """
    from chatlab.project.settings import settings_as_toml
    from chatlab.report.pages.html import parameter_values
    from chatlab.report.pages.run import read_notebook

    named = parameters.get("chat") or parameter_values(read_notebook(notebook)).get("chat")
    options.path = options.path or (named if isinstance(named, list) else [str(named)])
    settings = _settings(options)
    if getattr(options, "for_client", False):
        settings = msgspec.structs.replace(settings, for_client=True)
    file = folder / "chat.toml"
    file.write_text(settings_as_toml(settings), encoding="utf-8")
    parameters["chat"] = str(file)
    return settings


def run_key(options: argparse.Namespace) -> None:
    """Make a key for pseudonyms."""
    from chatlab.posts.keys import make_key

    make_key(options.file)
    say_line(f"{options.file} is ready. Keep it, and keep it apart from the posts. Next:")
    say_line(
        "  " + shlex.join(["chatlab", "report", "my-chat.jsonl", "--pseudonyms", options.file])
    )


def run_forget(_options: argparse.Namespace) -> None:
    """Delete the fits that were kept."""
    from chatlab.themes.fits import fits_folder, forget_fits

    n_kept = forget_fits()
    say_line(f"{n_kept:,} fits of themes were kept in {fits_folder()}; there are none now.")


def run_new(options: argparse.Namespace) -> None:
    """Make a folder to work in: notebooks, settings, the bundled chat."""
    from chatlab.project.kit import kit_folder
    from chatlab.report.pages.new_folder import make_workspace

    target = Path(options.folder)
    if target.exists() and any(target.iterdir()):
        raise SettingsError(f"{target} exists and is not empty. Name a new folder.")
    make_workspace(target, kit_folder(), options.lang)
    folder = shlex.quote(str(target))
    say_line(f"{target} is ready. Put your file into {target / 'data'}, then:")
    say_line(f"  cd {folder}; chatlab report")
    say_line(f"  or, to explore: cd {folder}; jupyter lab")


def run_lab(options: argparse.Namespace) -> None:
    """Open JupyterLab on a folder to work in; a new one is made first."""
    import subprocess
    import sys

    target = Path(options.folder)
    if not target.exists():
        run_new(options)
    if not (target / "notebooks").is_dir():
        raise SettingsError(
            f"{target} holds no folder named notebooks. Name a new folder, or one that chatlab new "
            "made."
        )
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={target.resolve()}"]
    subprocess.run([*command, *options.jupyter], check=False, cwd=target)
