"""What people are promised holds whatever is set where, and whatever lies beside the posts."""

from __future__ import annotations

import ast
import html as html_module
import json
import os
import stat
from pathlib import Path

import pandas as pd
import pytest

import chatlab as cl
from chatlab.cli.main import main
from chatlab.posts.quoting import quotes, with_unquotable
from chatlab.project.gathering import gather_settings
from chatlab.project.kept_people import keep_people
from chatlab.project.opening import open_chat
from data.simulation.story import simulate_chat
from tests.conftest import ROOT, written_key

POSTS = [
    {"id": "1", "text": "Q1 What do you use? we use seven sheets a day here", "author": "ana",
     "name": "Ana Belmonte"},
    {"id": "2", "text": "A1 the shared folder in the corner office is what we use", "author": "bo",
     "name": "Bo Tallis"},
    {"id": "3", "text": "thanks Ana Belmonte, the shared folder in the corner office is fine",
     "author": "cy", "name": "Cy Odell"},
    {"id": "4", "text": "nothing to add", "author": "dee", "name": "Dee Marsh"},
]  # fmt: skip
COLUMNS = 'text = "text"\nauthor = "author"\nauthor_name = "name"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a chat; its settings are written by each test."""
    home = tmp_path / "chat"
    home.mkdir()
    lines = "".join(json.dumps(row) + "\n" for row in POSTS)
    (home / "posts.jsonl").write_text(lines)
    return home


def settle(folder: Path, text: str) -> Path:
    (folder / "chat.toml").write_text(f"{text}\n[columns]\n{COLUMNS}")
    return folder


def everything(chat: cl.project.Chat) -> str:
    table = chat.posts.to_csv() + chat.loading.to_csv() + repr(chat.settings.title)
    return table + repr(chat.settings.hosts)


# Settings are merged -----------------------------------------------------------------------


def test_people_taken_out_on_the_way_keep_the_pseudonyms_of_the_folder(folder, tmp_path) -> None:
    key = written_key(tmp_path)
    settle(folder, f'[privacy]\npseudonyms = "{key}"')
    chat = cl.read_chat(folder, privacy=cl.project.Privacy(None, ("@bo",)))
    assert len(chat.posts) == 3
    assert "Belmonte" not in everything(chat)
    assert "Tallis" not in everything(chat)


def test_pseudonyms_on_the_way_keep_people_out(folder, tmp_path) -> None:
    settle(folder, '[privacy]\nwithout = ["bo"]')
    chat = cl.read_chat(folder, privacy=cl.project.Privacy(str(written_key(tmp_path))))
    assert len(chat.posts) == 3
    assert "Belmonte" not in everything(chat)


@pytest.mark.parametrize("files", ['"*.jsonl"', '"./posts.jsonl"', '"posts.jsonl"', '"p*"'])
def test_settings_hold_however_the_file_is_named(folder, files: str) -> None:
    settle(folder, f'files = [{files}]\n[privacy]\nwithout = ["bo"]')
    assert len(cl.read_chat(folder / "posts.jsonl").posts) == 3
    assert len(cl.read_chat(folder).posts) == 3


def test_promises_hold_for_a_file_that_the_settings_do_not_name(folder) -> None:
    (folder / "other.jsonl").write_text((folder / "posts.jsonl").read_text())
    settle(folder, 'files = ["posts.jsonl"]\ntitle = "one"\n[privacy]\nwithout = ["bo"]')
    chat = cl.read_chat(folder / "other.jsonl", columns={"text": "text", "author": "author"})
    assert len(chat.posts) == 3
    assert chat.settings.title is None


def test_settings_of_the_second_path_count(folder, tmp_path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    row = {"id": "9", "text": "hello", "author": "eve", "name": "Eve"}
    (other / "more.jsonl").write_text(json.dumps(row) + "\n")
    settle(folder, "")
    (other / "chat.toml").write_text('do_not_quote = ["dee"]\n[privacy]\nwithout = ["bo"]')
    chat = cl.read_chat([folder / "posts.jsonl", other])
    assert len(chat.posts) == 4
    assert chat.settings.do_not_quote == ("dee",)


def test_contradictions_are_refused(folder, tmp_path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "posts.jsonl").write_text((folder / "posts.jsonl").read_text())
    settle(folder, 'timezone = "Europe/Paris"')
    settle(other, 'timezone = "Asia/Tokyo"')
    with pytest.raises(cl.errors.SettingsError, match="timezone"):
        cl.read_chat([folder, other])
    one, two = written_key(tmp_path), written_key(tmp_path / "two")
    settle(folder, f'[privacy]\npseudonyms = "{one}"')
    with pytest.raises(cl.errors.SettingsError, match="Two keys"):
        cl.read_chat(folder, privacy=cl.project.Privacy(str(two)))


def test_what_was_applied_is_said(folder, tmp_path, capsys) -> None:
    key = written_key(tmp_path)
    settle(folder, 'do_not_quote = ["dee"]\nfor_client = true\n[privacy]\nwithout = ["bo"]')
    assert main(["check", str(folder), "--pseudonyms", str(key)]) == 0
    told = capsys.readouterr().out
    for sentence in ("taken out", "pseudonyms", "rounded", "not shown, at their wish", "client"):
        assert sentence in told


# Places beside the posts --------------------------------------------------------------------


def test_under_privacy_the_files_are_numbers(folder, tmp_path) -> None:
    settle(folder, "")
    cl.write_posts(cl.read_chat(folder).posts, folder / "Ana_Belmonte.jsonl")
    (folder / "posts.jsonl").unlink()
    (folder / "table.csv").write_text("Ana Belmonte,phone\nx,y\n")
    (folder / "chat.toml").write_text('title = "The chat of Ana Belmonte"')
    key = written_key(tmp_path)
    chat = cl.read_chat(folder, privacy=cl.project.Privacy(str(key)))
    assert list(chat.loading.index) == ["file 1", "file 2"]
    assert "Belmonte" not in everything(chat)
    assert chat.title.startswith("The chat of person-")
    left = cl.read_chat(folder, privacy=cl.project.Privacy(None, ("ana",)))
    assert "Belmonte" not in everything(left)


def test_under_privacy_an_error_says_nothing_of_the_files(folder, tmp_path, capsys) -> None:
    (folder / "posts.jsonl").unlink()
    (folder / "Ana_Belmonte.csv").write_text("Ana Belmonte,phone\nx,y\n")
    for options in (["--pseudonyms", str(written_key(tmp_path))], ["--without", "ana"]):
        assert main(["check", str(folder), *options]) == 1
        told = capsys.readouterr().err
        assert "Belmonte" not in told
        assert "run the command without" in told


def test_names_in_an_analysts_files_pass_the_same_function(folder, tmp_path) -> None:
    settle(folder, "")
    chat = cl.read_chat(folder)
    themes = pd.Series([0, 0, 0, 0], index=chat.posts.index, dtype="Int64")
    cl.project.keep_themes(chat, themes)
    path = folder / "themes.csv"
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    table.assign(name="What Ana Belmonte said").to_csv(path, index=False)
    before = path.read_bytes()
    hidden = cl.read_chat(folder, privacy=cl.project.Privacy(str(written_key(tmp_path))))
    renamed = themes.set_axis(hidden.posts.index)
    assert cl.project.keep_themes(hidden, renamed).names[0].startswith("What person-")
    assert path.read_bytes() == before


def test_verdicts_are_obeyed_under_pseudonyms_and_the_file_stays(folder, tmp_path) -> None:
    settle(folder, "")
    chat = cl.read_chat(folder)
    marks = pd.DataFrame(
        [[post, "x:a", "friction", "sure", ["cue"], []] for post in chat.posts.index[:2]],
        columns=["post_id", "author_id", "kind", "certainty", "cue", "what"],
    )
    cl.project.keep_insights(chat, marks)
    path = folder / "insights.csv"
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    table.loc[0, "verdict"] = "reject"
    table.to_csv(path, index=False)
    before = path.read_bytes()
    hidden = cl.read_chat(folder, privacy=cl.project.Privacy(str(written_key(tmp_path))))
    ids = [hidden.protection.post_id(post) for post in marks["post_id"]]
    kept = cl.project.keep_insights(hidden, marks.assign(post_id=ids))
    assert list(kept["post_id"]) == ids[1:]
    assert path.read_bytes() == before


def test_marks_of_people_taken_out_leave_the_file(folder) -> None:
    settle(folder, "")
    chat = cl.read_chat(folder)
    columns = ["post_id", "author_id", "kind", "certainty", "cue", "what"]
    marks = pd.DataFrame(
        [[post, "x:a", "friction", "sure", ["cue"], []] for post in chat.posts.index],
        columns=columns,
    )
    cl.project.keep_insights(chat, marks)
    path = folder / "insights.csv"
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    table.assign(note="look at it").to_csv(path, index=False)
    left = cl.read_chat(folder, privacy=cl.project.Privacy(None, ("ana",)))
    cl.project.keep_insights(left, marks.iloc[1:])
    assert "seven sheets" not in path.read_text()
    assert (folder / "insights.csv.bak").exists()


# Whose words may be handed out --------------------------------------------------------------


def test_words_of_people_not_to_be_quoted_are_marked_wherever_they_stand(table) -> None:
    posts = table(
        {"author_id": "x:7", "author": "ana", "text": "we keep seven sheets in the corner office"},
        {"author_id": "x:8", "author": "bo", "repost_of": "x:1", "repost_of_author": "x:7"},
        {
            "author_id": "x:8",
            "author": "bo",
            "text": "RT @ana: We keep seven sheets in the corner office",
        },
        {"author_id": "x:9", "author": "cy", "text": "who keeps seven sheets? not me"},
        {"author_id": "x:7", "author": "ana", "text": "so it goes"},
        {"author_id": "x:9", "author": "cy", "text": "“So it goes” is what she said"},
        {"author_id": "x:9", "author": "cy", "text": "and so it goes on and on"},
    )
    marked = with_unquotable(posts, ["@Ana"])
    assert marked["quotable"].tolist() == [False, False, False, True, False, False, True]
    assert quotes(marked).notna().equals(marked["quotable"])


def test_tables_hand_out_no_word_of_theirs(table) -> None:
    posts = table(
        {"author_id": "x:1", "author": "host", "text": "Q1 what is it that hurts here?"},
        {"author_id": "x:2", "author": "bo", "text": "A1 the tool is broken again", "likes": 9},
        {"author_id": "x:3", "author": "cy", "text": "A1 nothing works in my browser"},
        {"author_id": "x:2", "author": "bo", "text": "does anyone know a cheap printer?"},
    )
    quiet = with_unquotable(posts, ["host", "bo", "cy"])
    editions = pd.Series(1, index=posts.index, dtype="Int64")
    questions = cl.find_questions(quiet, hosts=["x:1"], editions=editions)
    answers = cl.match_answers(quiet, questions)
    board = cl.chat.question_board(quiet, questions, answers)
    asked = cl.chat.participants_questions(quiet, hosts=["x:1"])
    insights = cl.find_insights(quiet)
    assert (len(answers), board["answers"].tolist()) == (2, [2])
    assert questions["text"].isna().all()
    assert board[["text", "best_answer"]].isna().all(axis=None)
    assert asked["text"].isna().all()
    assert cl.posts.top_posts(quiet)["text"].isna().all()
    assert cl.themes.insight_quotes(quiet, insights, "friction").empty
    assert cl.chat.posts_to_share(quiet).empty
    shown = [
        cl.report.show.board(board, quiet),
        cl.report.show.open_questions(asked),
        cl.report.show.posts(cl.posts.top_posts(quiet)),
    ]
    for one in shown:
        assert "not quoted, at their wish" in one.html
        assert not any(word in one.html for word in ("broken", "printer", "hurts"))


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_exports_leave_their_words_out(folder, tmp_path, ending: str) -> None:
    settle(folder, 'do_not_quote = ["bo"]')
    out = tmp_path / f"out.{ending}"
    assert main(["convert", str(folder), str(out)]) == 0
    assert b"corner office is" not in out.read_bytes()
    again = cl.read_posts(out)
    assert again["text"].eq("").sum() == 2  # theirs, and the one that repeats eight words of it
    assert again["quotable"].tolist() == [True, False, False, True]


# Keys ---------------------------------------------------------------------------------------


def test_a_key_is_made_once_and_for_its_owner(tmp_path, capsys) -> None:
    path = tmp_path / "keys" / "key.txt"
    assert main(["key", str(path)]) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text().strip()) == 64
    before = path.read_bytes()
    assert main(["key", str(path)]) == 1
    assert path.read_bytes() == before
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    "key",
    ["short", "aaaaaaaaaaaaaaaaaaaaaaaa", "abcdefghijklmnopqrstuvwx", "0123456789012345678901",
     "passwordpasswordpassword", "                        "],
)  # fmt: skip
def test_a_key_that_can_be_guessed_is_refused(tmp_path, key: str) -> None:
    path = tmp_path / "key.txt"
    path.write_text(key)
    path.chmod(0o600)
    with pytest.raises(cl.errors.SettingsError, match="chatlab key"):
        cl.read_chat(ROOT / "data" / "crowdwork", privacy=cl.project.Privacy(str(path)))


@pytest.mark.skipif(os.name != "posix", reason="other systems have other permissions")
def test_a_key_that_others_may_read_is_refused(folder, tmp_path, capsys) -> None:
    key = written_key(tmp_path)
    key.chmod(0o644)
    settle(folder, "")
    assert main(["check", str(folder), "--pseudonyms", str(key)]) == 1
    assert "chmod 600" in capsys.readouterr().err


def test_a_key_in_the_folder_of_the_chat_is_warned_of(folder, caplog) -> None:
    key = written_key(folder)
    settle(folder, "")
    assert main(["check", str(folder), "--pseudonyms", str(key)]) == 0
    assert "Keep it elsewhere" in caplog.text


@pytest.mark.skipif(os.name != "posix", reason="other systems have other permissions")
def test_outputs_are_not_more_readable_than_what_they_come_from(folder, tmp_path) -> None:
    settle(folder, "")
    (folder / "posts.jsonl").chmod(0o600)
    for name in ("out.csv", "out.parquet", "replies.gexf"):
        command = "graph" if name.endswith("gexf") else "convert"
        assert main([command, str(folder), str(tmp_path / name)]) == 0
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600, name
    chat = cl.read_chat(folder)
    cl.project.keep_themes(chat, pd.Series(0, index=chat.posts.index, dtype="Int64"))
    assert stat.S_IMODE((folder / "themes.csv").stat().st_mode) == 0o600


# Files that are other people's --------------------------------------------------------------


def people_of(chat: cl.project.Chat) -> pd.DataFrame:
    return keep_people(chat, cl.people_table(chat.posts))


@pytest.mark.parametrize(
    "own", ["name,phone\nAna,1\nAna,2\nBo,3\n", "author;note\nana;call\n", "nothing\n", "", "\x00"]
)
def test_a_people_csv_of_somebody_stays_as_it_is(folder, caplog, own: str) -> None:
    settle(folder, "")
    (folder / "people.csv").write_text(own)
    people_of(cl.read_chat(folder))
    assert (folder / "people.csv").read_text() == own
    assert "stays as it is" in caplog.text
    again = people_of(cl.read_chat(folder))
    assert len(again) == 4
    assert (folder / "chatlab.people.csv").exists()


def test_what_an_analyst_wrote_is_kept_beside_when_the_file_changes(folder) -> None:
    settle(folder, "")
    people_of(cl.read_chat(folder))
    path = folder / "people.csv"
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    table.assign(note="met in Lyon").to_csv(path, index=False)
    before = path.read_bytes()
    assert people_of(cl.read_chat(folder))["note"].eq("met in Lyon").all()
    assert (folder / "people.csv.bak").read_bytes() == before
    assert len(cl.read_chat(folder).posts) == 4  # no copy is read as posts


def test_an_input_is_never_written_over(folder, capsys) -> None:
    settle(folder, "")
    before = (folder / "posts.jsonl").read_bytes()
    assert main(["convert", str(folder), str(folder / "posts.jsonl")]) == 1
    assert "one of the files to read" in capsys.readouterr().err
    assert (folder / "posts.jsonl").read_bytes() == before


@pytest.mark.parametrize("name", ["/etc/passwd", "../secret.jsonl", "link.jsonl", "li*"])
def test_a_strangers_settings_do_not_lead_out_of_their_folder(folder, tmp_path, name) -> None:
    (tmp_path / "secret.jsonl").write_text((folder / "posts.jsonl").read_text())
    (folder / "link.jsonl").symlink_to(tmp_path / "secret.jsonl")
    settle(folder, f'files = ["{name}"]')
    with pytest.raises(cl.errors.SettingsError, match="outside its folder"):
        cl.read_chat(folder)


def test_whoever_names_the_settings_answers_for_where_they_lead(folder, tmp_path) -> None:
    (tmp_path / "more.jsonl").write_text((folder / "posts.jsonl").read_text())
    settle(folder, 'files = ["../more.jsonl"]')
    assert len(cl.read_chat(folder / "chat.toml").posts) == 4


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_devices_and_pipes_are_refused(tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    for place in (tmp_path / "pipe.jsonl", Path("/dev/zero")):
        with pytest.raises(cl.errors.UnreadableFileError, match="device or a pipe"):
            cl.read_posts(place)


def test_a_page_of_somebody_is_not_written_over(folder, tmp_path, capsys) -> None:
    settle(folder, "")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<title>My own page</title>")
    assert main(["report", str(folder), "--out", str(tmp_path / "site")]) == 1
    assert "was not made by chatlab" in capsys.readouterr().err
    assert (tmp_path / "site" / "index.html").read_text() == "<title>My own page</title>"


def test_notebooks_of_a_stranger_run_only_when_named(folder, tmp_path, monkeypatch, capsys) -> None:
    settle(folder, "")
    book = {"cells": [{"cell_type": "code", "id": "a", "source": "open('/tmp/x', 'w')",
                       "metadata": {}, "outputs": [], "execution_count": None}],
            "metadata": {}, "nbformat": 4, "nbformat_minor": 5}  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "00-brief.ipynb").write_text(json.dumps(book))
    assert main(["report", str(folder), "--out", "out"]) == 1
    told = capsys.readouterr().err
    assert "00-brief.ipynb" in told
    assert "--notebooks notebooks" in told
    assert not (tmp_path / "out").exists()


def test_ones_own_copy_of_the_notebooks_runs_as_it_is(tmp_path, monkeypatch) -> None:
    from chatlab.report.pages.build import find_notebooks

    assert main(["new", str(tmp_path / "mine"), "--lang", "fr"]) == 0
    monkeypatch.chdir(tmp_path / "mine")
    assert len(find_notebooks()) == 11


# Terminals ----------------------------------------------------------------------------------


def test_nothing_in_a_file_steers_the_terminal(tmp_path, capsys) -> None:
    folder = tmp_path / "it's here; echo $(id)"
    folder.mkdir()
    name = "\x1b[31mred\x1b]0;title\x07.jsonl"
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in POSTS))
    settle(folder, "")
    assert main(["check", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "\x07" not in told
    command = told.splitlines()[0].partition("next: ")[2]
    import shlex

    assert shlex.split(command) == ["chatlab", "report", str(folder)]


def test_an_edition_that_only_looks_like_a_number(folder, capsys) -> None:
    settle(folder, "")
    assert main(["report", str(folder), "--edition", "²"]) == 1
    assert "²" in capsys.readouterr().err


def test_a_gathered_chat_has_no_title_of_its_own(folder) -> None:
    settle(folder, "")
    settings = gather_settings(folder)
    assert open_chat(settings).settings.title is None


# All pages and files ------------------------------------------------------------------------


def outputs_of(notebook: Path, chat: Path) -> str:
    """Run a notebook here and return all that it shows: much quicker than a kernel for each."""
    told, names = [], {"__name__": "notebook"}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        if "parameters" in cell["metadata"].get("tags", ()):
            source = f'chat, edition, lang = {str(chat)!r}, "last", "en"'
        tree = ast.parse(source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, notebook.name, "exec"), names)
        if last is not None:
            shown = eval(compile(ast.Expression(last.value), notebook.name, "eval"), names)
            html = shown._repr_html_() if hasattr(shown, "_repr_html_") else ""
            figure = (
                json.dumps(shown.to_plotly_json(), default=str) if "Fig" in str(type(shown)) else ""
            )
            told.append(f"{html} {shown!r} {figure}")
    return " ".join(told)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame]:
    """Write a small chat in which nobody is to be quoted, and all that is made of it."""
    folder = tmp_path_factory.mktemp("quiet")
    posts, _truth = simulate_chat(n_editions=2, n_authors=25, seed=3)
    data = folder / "data"
    data.mkdir()
    cl.write_posts(posts, data / "posts.jsonl")
    everybody = sorted(set(posts["author"].dropna()))
    told = (ROOT / "data" / "crowdwork" / "chat.toml").read_text()
    kept = [line for line in told.splitlines() if not line.startswith("do_not_quote")]
    (data / "chat.toml").write_text("\n".join([*kept, f"do_not_quote = {json.dumps(everybody)}"]))
    with pytest.MonkeyPatch.context() as patch:
        # Eight notebooks find the same themes of the same posts: once is enough here.
        find, found = cl.find_themes, {}

        def find_once(posts: pd.DataFrame) -> pd.Series:
            if len(posts) not in found:
                found[len(posts)] = find(posts)
            return found[len(posts)]

        patch.setattr(cl, "find_themes", find_once, raising=False)
        for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
            (folder / f"{notebook.stem}.txt").write_text(outputs_of(notebook, data))
    for command in (
        ["convert", str(data), str(folder / "out.csv")],
        ["convert", str(data), str(folder / "out2.jsonl")],
        ["graph", str(data), str(folder / "threads.graphml"), "--kind", "thread"],
        ["graph", str(data), str(folder / "all.csv"), "--kind", "interaction"],
    ):
        assert main(command) == 0
    return folder, posts


@pytest.mark.slow
def test_nobodys_words_stand_on_any_page_or_in_any_file(quiet) -> None:
    folder, posts = quiet
    texts = {" ".join(text.split()) for text in posts["text"]}
    pieces = {text[i : i + 40] for text in texts for i in (0, 20) if len(text) >= i + 40}
    # Short texts ("thanks!") stand in pages by themselves.
    assert len(pieces) > 200
    read = 0
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name == "posts.jsonl":
            continue
        content = path.read_bytes().decode("utf-8", "replace")
        plain = " ".join(html_module.unescape(content).replace('""', '"').split())
        read += 1
        assert not [piece for piece in pieces if piece in plain], path.name
    assert read > 14


@pytest.mark.slow
def test_pages_without_words_still_count(quiet) -> None:
    folder, posts = quiet
    brief = (folder / "00-brief.txt").read_text()
    assert "(not quoted, at their wish)" in (folder / "02-questions.txt").read_text()
    assert f"words of {posts['author'].nunique()} people are not shown" in brief
