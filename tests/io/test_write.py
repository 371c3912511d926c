"""Cells that no spreadsheet runs, whatever it takes for a separator, and that read back equal."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import unicodedata
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import chatlab as cl
from chatlab.io.write import safe_cell, table_as_csv, unsafe_cell
from tests.conftest import STRICT

HOSTILE = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "coucou;=1+1",
    "coucou; =1+1",
    'coucou;"=1+1"',
    "tab\t=1+1",
    "pipe|=1+1",
    "line\n=1+1",
    "return\r=2+2",
    "both\r\n=2+2",
    "\u200b=1+1",
    "＝1+1",
    " =1+1",
    "\u00a0=1+1",
    'quote",=1+1',
    '";=1+1;"',
    "'=1+1",
    ";'=1+1",
    '=HYPERLINK("http://evil.example";"x")',
    "=cmd|' /C calc'!A0",
    "\ufeff=1+1",
    "a;b;=1;+1;-1;@x",
]
SIGNS = st.text(alphabet=";|\t\n'\"=+-@ a\u200b＝,", max_size=30)


@given(SIGNS | st.text())
@example("\n'=")
def test_safe_cells_are_undone(text: str) -> None:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert unsafe_cell(safe_cell(text)) == plain


def cells_of(content: bytes, separator: str) -> list[str]:
    rows = csv.reader(io.StringIO(content.decode()), delimiter=separator)
    return [cell for row in rows for cell in row]


def runs(cell: str) -> bool:
    """Tell whether a spreadsheet could take a cell for a formula."""
    bare = cell.lstrip('" \u00a0')
    bare = "".join(sign for sign in bare if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFKC", bare)[:1] in ("=", "+", "-", "@")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_cell_begins_a_formula_whatever_separates(separator: str) -> None:
    table = pd.DataFrame({"author_name": HOSTILE, "n": range(len(HOSTILE)), "text": HOSTILE[::-1]})
    content = table_as_csv(table)
    assert b"\r" not in content
    assert not [cell for cell in cells_of(content, separator) if runs(cell)]
    assert len(list(csv.reader(io.StringIO(content.decode())))) == len(HOSTILE) + 1


def test_every_text_is_quoted() -> None:
    content = table_as_csv(pd.DataFrame({"n": [1, 2], "text": ["a", ""]})).decode()
    assert content == '"n","text"\n1,"a"\n2,""\n'


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_hostile_posts_read_back_equal(table, tmp_path: Path, ending: str) -> None:
    given_rows = [
        {"text": text, "author": f"a{i}", "author_id": f"x:{i}", "author_name": text,
         "hashtags": ["x;=1"], "urls": ["https://x.example/;=1"]}
        for i, text in enumerate(HOSTILE)
    ]  # fmt: skip
    cl.write_posts(table(*given_rows), tmp_path / f"first.{ending}")
    # A carriage return ends with the first reading.
    posts = cl.read_posts(tmp_path / f"first.{ending}")
    assert not posts["text"].str.contains("\r").any()
    cl.write_posts(posts, tmp_path / f"out.{ending}")
    pd.testing.assert_frame_equal(cl.read_posts(tmp_path / f"out.{ending}"), posts)


@pytest.mark.slow
@pytest.mark.skipif(STRICT, reason="a spreadsheet program is too much for CI: run it by hand")
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("separators", ["44", "59", "44/59/9", "9", "124"])
def test_no_formula_in_a_real_spreadsheet(tmp_path: Path, separators: str) -> None:
    table = pd.DataFrame({"author_name": HOSTILE, "n": range(len(HOSTILE)), "text": HOSTILE[::-1]})
    (tmp_path / "posts.csv").write_bytes(table_as_csv(table))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         f"--infilter=CSV:{separators},34,76,1,,0,false,true,false,false",
         "--convert-to", "ods", "--outdir", str(tmp_path), str(tmp_path / "posts.csv")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with zipfile.ZipFile(tmp_path / "posts.ods") as archive:
        content = archive.read("content.xml").decode()
    assert "coucou" in content
    assert "table:formula" not in content


def test_a_workbook_reads_back_equal_and_holds_no_formula(tmp_path: Path, table) -> None:
    posts = table(
        {"author": "ada", "author_id": "x:1", "text": "=1+1\x07 and\nmore", "hashtags": ["a"],
         "likes": 3, "media": ["https://a.example/x.jpg"], "media_alt": ["=2+2"]},
        {"author": "bob", "author_id": "x:2", "text": "coucou;=1+1"},
    )  # fmt: skip
    path = tmp_path / "posts.xlsx"
    cl.write_posts(posts, path)
    again = cl.read_posts(path)
    # A sign that XML does not know cannot stand in a workbook.
    told = posts.assign(text=posts["text"].str.replace("\x07", ""))
    pd.testing.assert_frame_equal(again, told)
    kinds = {
        cell.data_type for row in openpyxl.load_workbook(path)["table"].iter_rows() for cell in row
    }
    assert "f" not in kinds


def test_any_table_is_written_with_times_of_a_zone(tmp_path: Path) -> None:
    people = cl.people_table(cl.read_posts("data/crowdwork"))
    for ending in (".csv", ".xlsx"):
        cl.io.write_table(people, tmp_path / f"people{ending}", zone="Europe/Paris")
    book = openpyxl.load_workbook(tmp_path / "people.xlsx")["table"]
    rows = [[cell.value for cell in row] for row in book.iter_rows()]
    assert rows[0][0] == "index"
    assert len(rows) == len(people) + 1
    first = people["first"].iloc[0].tz_convert("Europe/Paris").tz_localize(None)
    assert rows[1][rows[0].index("first")] == first.to_pydatetime()
    with pytest.raises(cl.errors.SettingsError, match="tables are written as"):
        cl.io.write_table(people, tmp_path / "people.txt")


def test_a_text_too_long_for_a_cell_is_told(tmp_path: Path, table) -> None:
    with pytest.raises(cl.errors.SettingsError, match="holds 32,767 characters"):
        cl.write_posts(table({"text": "a" * 40_000}), tmp_path / "posts.xlsx")
    assert not (tmp_path / "posts.xlsx").exists()
