"""What leaves chatlab for a team, opened again by other programs; hostile posts run in none."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import mistune
import msgspec
import networkx as nx
import openpyxl
import pandas as pd
import pytest
from PIL import Image

import chatlab as cl
from chatlab.cli.main import main
from chatlab.errors import SettingsError
from chatlab.posts.schema import KINDS
from chatlab.report import exports
from chatlab.report.exports.cards import card_picture, drawable
from chatlab.report.exports.moments import Quote
from chatlab.report.exports.recap import plain_markdown
from chatlab.report.glossary import VALUES
from chatlab.report.glossary_columns import COLUMNS
from tests.conftest import ROOT, written_key

PAYLOADS = [
    '=HYPERLINK("https://evil.example","x")',
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "<script>document.title=1</script>",
    '<img src=x onerror="document.title=1">',
    "[click](javascript:document.title=1)",
    "![x](https://evil.example/a.png)",
    "{{ 7*7 }} {% raw %}",
    "\x00\x0b\x1f\ufffe bad signs",
    "\ud83d alone",
    "`code` **bold** # head | cell",
]


@pytest.fixture(scope="module")
def chat() -> Any:
    return cl.read_chat(ROOT / "data" / "crowdwork")


@pytest.fixture(scope="module")
def hostile(chat: Any) -> Any:
    """Give the bundled chat with a payload before every text and in every name."""
    posts = chat.posts.copy()
    payloads = [PAYLOADS[i % len(PAYLOADS)] for i in range(len(posts))]
    texts = [f"{text} {payload}" for text, payload in zip(posts["text"], payloads, strict=True)]
    starts = [
        payload if i % 3 == 0 else text
        for i, (payload, text) in enumerate(zip(payloads, texts, strict=True))
    ]
    safe = [text.encode(errors="replace").decode() for text in starts]
    posts["text"] = pd.array(safe, dtype=posts["text"].dtype)
    posts["author_name"] = pd.array(
        [payload.encode(errors="replace").decode() for payload in payloads],
        dtype=posts["author_name"].dtype,
    )
    bad = ["javascript:alert(1)" if i % 5 == 0 else url for i, url in enumerate(posts["url"])]
    posts["url"] = pd.array(bad, dtype=posts["url"].dtype)
    return dataclasses.replace(chat, posts=posts)


def parts_of(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as packed:
        names = [name for name in packed.namelist() if name.endswith((".xml", ".rels"))]
        return {name: packed.read(name).decode() for name in names}


def test_a_workbook_has_every_table_and_no_formula(chat: Any, tmp_path: Path) -> None:
    path = tmp_path / "chat.xlsx"
    exports.write_workbook(chat, path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[0] == "Posts"
    assert len(book.sheetnames) == 7
    posts = book["Posts"]
    assert posts.max_row == len(chat.posts) + 1
    assert posts.freeze_panes == "A2"
    for sheet in book:
        assert sheet.auto_filter.ref
        assert sheet.max_row > 1, sheet.title
    heads = [cell.value for cell in posts[1]]
    times = [row[0].value for row in posts.iter_rows(min_row=2)]
    first = chat.posts["created_at"].iloc[0].tz_convert(chat.zone).tz_localize(None)
    assert times[0] == first.to_pydatetime().replace(microsecond=0)
    assert "Post id" in heads
    every = {str(cell.value) for sheet in book for cell in sheet[1]}
    assert every <= {head for head, _meaning in COLUMNS.values()}
    kinds = {row[heads.index("Kind")] for row in posts.iter_rows(min_row=2, values_only=True)}
    assert kinds <= {VALUES[kind] for kind in KINDS}
    linked = [
        cell for row in posts.iter_rows(min_row=2, max_row=20) for cell in row if cell.hyperlink
    ]
    assert linked


def test_nothing_in_a_hostile_workbook_runs(hostile: Any, tmp_path: Path) -> None:
    path = tmp_path / "chat.xlsx"
    exports.write_workbook(hostile, path)
    parts = parts_of(path)
    assert not [name for name, text in parts.items() if "<f>" in text or "<f " in text]
    targets = re.findall(r'Target="([^"]*)"[^>]*TargetMode="External"', " ".join(parts.values()))
    assert targets
    assert all(target.startswith(("https://", "http://")) for target in targets)
    book = openpyxl.load_workbook(path)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


def test_a_document_tells_the_brief(chat: Any, tmp_path: Path) -> None:
    import docx

    path = tmp_path / "brief.docx"
    exports.write_document(chat.at("last"), path)
    made = docx.Document(str(path))
    text = "\n".join(one.text for one in made.paragraphs)
    heads = [one.text for one in made.paragraphs if one.style.name == "Heading 1"]
    assert heads[0] == "What was learned"
    assert "Q1 Un an après" in text
    assert made.tables[0].rows[1].cells[1].text == "300"
    assert len(made.inline_shapes) == 1


def test_slides_have_charts_that_can_be_edited(chat: Any, tmp_path: Path) -> None:
    import pptx

    path = tmp_path / "slides.pptx"
    exports.write_slides(chat.at("last"), path)
    slides = list(pptx.Presentation(str(path)).slides)
    assert 8 <= len(slides) <= 20
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    assert next(list(plot.values) for plot in charts[0].plots[0].series) == [
        *map(float, chat.posts.groupby(chat.editions).size())
    ]


@pytest.mark.parametrize("kind", ["docx", "pptx"])
def test_hostile_posts_open_and_link_to_the_web_only(
    hostile: Any, tmp_path: Path, kind: str
) -> None:
    import docx
    import pptx

    path = tmp_path / f"out.{kind}"
    if kind == "docx":
        exports.write_document(hostile.at("last"), path)
        docx.Document(str(path))
    else:
        exports.write_slides(hostile.at("last"), path)
        pptx.Presentation(str(path))
    parts = parts_of(path)
    links = re.findall(r'Target="([^"]*)"[^>]*TargetMode="External"', " ".join(parts.values()))
    assert all(link.startswith(("https://", "http://")) for link in links)
    assert not [
        name for name, text in parts.items() if re.search("<script|instrText|fldSimple", text)
    ]


def test_a_recap_is_markdown_in_which_nothing_runs(hostile: Any) -> None:
    told = exports.recap_markdown(hostile.at("last"))
    page = mistune.create_markdown(escape=False, plugins=["table", "strikethrough"])(told)
    assert isinstance(page, str)
    tags = set(re.findall(r"<([a-z0-9]+)", page))
    assert tags <= {"h1", "h2", "p", "em", "blockquote", "ul", "li", "a", "strong"}
    assert "strong" not in tags
    links = re.findall(r'href="([^"]*)"', page)
    assert links
    assert all(link.startswith(("https://", "http://")) for link in links)
    assert "{{" not in told


def test_a_recap_has_each_question_and_its_answers(chat: Any) -> None:
    told = exports.recap_markdown(chat.at("last"))
    assert re.findall(r"^## (Q\d)", told, re.M) == [f"Q{n}" for n in range(1, 7)]
    assert told.count("\n> ") > 12


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a_b *c*", r"a\_b \*c\*"),
        ("1. first", r"1\. first"),
        ("# head", r"\# head"),
        ("a - b (c)!", "a - b (c)!"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_markdown_shows_a_text_as_it_is(text: str, told: str) -> None:
    assert plain_markdown(text) == told


def test_the_next_edition_is_a_week_after_the_last(chat: Any, tmp_path: Path) -> None:
    import icalendar

    path = tmp_path / "next.ics"
    exports.write_calendar(chat, path)
    read = icalendar.Calendar.from_ical(path.read_bytes())
    events = list(read.walk("VEVENT"))
    assert len(events) == 5
    begins = events[0]["dtstart"].dt
    last = chat.posts["created_at"].groupby(chat.editions).min().iloc[-1].tz_convert(chat.zone)
    assert begins.weekday() == 3
    assert (begins.hour, begins.minute) == (9, 0)
    assert (begins.date() - last.date()).days == 7
    assert begins.utcoffset().total_seconds() == 7200
    before = cl.project.next_edition(chat)
    assert before[0] == begins
    exports.write_calendar(chat, tmp_path / "again.ics")
    assert (tmp_path / "again.ics").read_bytes() == path.read_bytes()


def test_a_monthly_chat_keeps_its_weekday_of_the_month(table: Any, chat: Any) -> None:
    fridays = ["2026-01-02", "2026-02-06", "2026-03-06", "2026-04-03"]
    posts = table(
        *(
            {"post_id": f"x:{day}{n}", "author_id": f"x:{n % 9}", "author": f"p{n % 9}"}
            | {"created_at": pd.Timestamp(f"{day}T17:{n:02}:00Z"), "text": f"word {n}"}
            for day in fridays
            for n in range(40)
        )
    )
    settings = msgspec.structs.replace(chat.settings, weekly=None, timezone="UTC")
    monthly = dataclasses.replace(chat, posts=posts, settings=settings)
    assert monthly.editions.nunique() == 4
    assert cl.project.next_edition(monthly)[0].date().isoformat() == "2026-05-01"


def test_without_editions_no_calendar_is_written(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("text,author\nHello,ada\nHi,bob\n", encoding="utf-8")
    chat = cl.read_chat(path, columns={"text": "text", "author": "author"})
    with pytest.raises(SettingsError, match="needs two editions"):
        exports.write_calendar(chat, tmp_path / "next.ics")
    assert not (tmp_path / "next.ics").exists()


def test_a_corpus_is_as_convokit_wants_it(chat: Any, tmp_path: Path) -> None:
    exports.write_corpus(chat, tmp_path)
    lines = [json.loads(one) for one in (tmp_path / "utterances.jsonl").read_text().splitlines()]
    speakers = json.loads((tmp_path / "speakers.json").read_text())
    threads = json.loads((tmp_path / "conversations.json").read_text())
    own = chat.posts[chat.posts["in_chat"] & chat.posts["kind"].ne("repost")]
    assert len(lines) == len(own)
    by_id = {line["id"]: line for line in lines}
    assert {line["speaker"] for line in lines} == set(speakers)
    assert {line["conversation_id"] for line in lines} == set(threads)
    for line in lines:
        parent = line["reply-to"]
        assert (parent is None) == (line["conversation_id"] == line["id"])
        if parent is not None:
            assert by_id[parent]["conversation_id"] == line["conversation_id"]
    assert set(lines[0]) == {
        *("id", "conversation_id", "text", "speaker", "meta", "reply-to", "timestamp", "vectors")
    }


def test_a_circle_of_replies_has_one_root(table: Any, chat: Any, tmp_path: Path) -> None:
    posts = table(
        {"post_id": "x:1", "author_id": "x:a", "text": "one", "kind": "reply", "reply_to": "x:2"},
        {"post_id": "x:2", "author_id": "x:b", "text": "two", "kind": "reply", "reply_to": "x:1"},
        {"post_id": "x:3", "author_id": "x:b", "text": "me", "kind": "reply", "reply_to": "x:3"},
    )
    exports.write_corpus(dataclasses.replace(chat, posts=posts), tmp_path)
    lines = [json.loads(one) for one in (tmp_path / "utterances.jsonl").read_text().splitlines()]
    assert len(lines) == 3
    assert len({line["conversation_id"] for line in lines}) <= 3


CARDS = [
    "Un café très cher à Nîmes, c'était à l'été",
    "🙈 emoji first 👩‍👩‍👧 and last 🎉",
    "שלום לכולם, תודה על השאלה",
    "كيف تدفعون للمترجمين؟",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 4,
    "word " * 120,
    "日本語のとても長い文章です" * 12,
    "\x00\x07",
]


@pytest.mark.parametrize("text", CARDS, ids=range(len(CARDS)))
def test_a_card_holds_its_text(text: str) -> None:
    quote = Quote(text, "A very long name " * 9, "@" + "h" * 90, "X, 9 Apr 2026, 09:05", "")
    picture = Image.open(io.BytesIO(card_picture(quote, "#tag" * 30))).convert("L")
    assert picture.size == (1080, 1080)
    inked = [
        picture.crop(edge).getextrema()[0] for edge in ((0, 0, 90, 1080), (995, 0, 1080, 1080))
    ]
    assert min(inked) > 200  # nothing runs over the edge
    between = picture.crop((96, 96 + 60 + 640, 984, 1080 - 96 - 155)).getextrema()[0]
    assert between > 200  # the text does not run into the name
    assert not drawable("🙈\x07")


def test_cards_are_of_different_posts(chat: Any, tmp_path: Path) -> None:
    files = exports.write_cards(chat.at("last"), tmp_path, n=3)
    assert [file.name for file in files] == ["quote-1.png", "quote-2.png", "quote-3.png"]
    assert len({file.read_bytes() for file in files}) == 3


def everything_in(folder: Path) -> str:
    """Return all text of all exports, unpacked."""
    told = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".xlsx", ".docx", ".pptx"):
            told += parts_of(path).values()
        elif path.is_file() and path.suffix != ".png":
            told.append(path.read_text(encoding="utf-8"))
    return " ".join(told)


def test_the_command_writes_all_and_pseudonyms_hold_in_all(tmp_path: Path, capsys: Any) -> None:
    key = written_key(tmp_path / "keys")
    out = tmp_path / "out"
    data = str(ROOT / "data" / "crowdwork")
    assert main(["export", data, "--out", str(out), "--pseudonyms", str(key)]) == 0
    names = sorted(path.name for path in out.iterdir())
    assert names == [
        *("brief.docx", "cards", "chat.xlsx", "corpus", "group", "next.ics", "recap.md"),
        *("replies.graphml", "slides.pptx"),
    ]
    told = everything_in(out)
    posts = cl.read_chat(ROOT / "data" / "crowdwork").posts
    assert "demo_" not in told
    assert not [name for name in posts["author_name"].dropna().unique() if name in told]
    assert nx.read_graphml(out / "replies.graphml").number_of_edges() > 50


def test_who_is_not_to_be_quoted_is_quoted_in_no_export(tmp_path: Path) -> None:
    chat = cl.read_chat(ROOT / "data" / "crowdwork")
    quiet = chat.posts.assign(quotable=False)
    silent = dataclasses.replace(chat, posts=quiet)
    now = silent.at("last")
    exports.write_workbook(silent, tmp_path / "chat.xlsx")
    exports.write_document(now, tmp_path / "brief.docx")
    exports.write_slides(now, tmp_path / "slides.pptx")
    exports.write_recap(now, tmp_path / "recap.md")
    exports.write_corpus(silent, tmp_path / "corpus")
    assert exports.write_cards(now, tmp_path / "cards") == []
    told = re.sub(r"\s+", " ", everything_in(tmp_path))
    own = chat.posts[chat.posts["kind"].ne("repost") & chat.posts["in_chat"]]
    words = [re.sub(r"\s+", " ", text)[10:50] for text in own["text"] if len(text) > 60]
    assert len(words) > 200
    assert [part for part in words if part in told] == []


def test_one_export_alone(tmp_path: Path, capsys: Any) -> None:
    data = str(ROOT / "data" / "crowdwork")
    assert main(["export", data, "--markdown", "--out", str(tmp_path), "--lang", "fr"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["recap.md"]
    assert "personnes ont répondu" in (tmp_path / "recap.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out.strip().endswith("recap.md")


def test_a_group_elsewhere_gets_a_summary_and_a_list(chat: Any, tmp_path: Path) -> None:
    now = chat.at("last")
    text, table = exports.write_group(now, tmp_path)
    told = text.read_text(encoding="utf-8")
    assert told.startswith(chat.title)
    assert all(f"Q{number} " in told for number in now.board["number"])
    people = pd.read_csv(table)
    assert people["profile"].str.startswith("https://").mean() > 0.5
    left_out = {"demo_PromoTaches24_fictif", *chat.settings.hosts, *chat.settings.panel}
    assert left_out.isdisjoint(people["author"])
    client = dataclasses.replace(
        chat, settings=msgspec.structs.replace(chat.settings, for_client=True)
    )
    assert exports.group_list(client.at("last")).empty


def test_a_hostile_group_list_holds_no_formula(hostile: Any, tmp_path: Path) -> None:
    _text, table = exports.write_group(hostile.at("all"), tmp_path)
    cells = pd.read_csv(table, dtype="str", keep_default_na=False).to_numpy().ravel()
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
