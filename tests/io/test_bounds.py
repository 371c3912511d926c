"""Files made to fill a memory: each is one sentence in seconds."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import ROOT

ROW = b'{"id": "1", "text": "' + b"a" * 1000 + b'", "author_id": "2"}\n'


def zip_of_many(path: Path) -> None:
    """Each member alone is within bounds, the whole is not."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(20):
            archive.writestr(f"{i}.jsonl", b"\n" * 50_000_000)


def zip_of_empty_files(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(60_000):
            archive.writestr(f"{i}.jsonl", b"")


def parquet_of_one_text(path: Path) -> None:
    """A dictionary keeps a megabyte once, and a million rows ask for it."""
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 90_000, pa.int32()), ["x" * 2**20])
    table = pa.table({"id": pa.array(range(90_000)), "text": texts})
    pq.write_table(table, path)


def parquet_of_zeros(path: Path) -> None:
    texts = pa.array(["x" * 10_000_000] * 40)
    pq.write_table(pa.table({"text": texts}), path, compression="zstd", use_dictionary=False)


def parquet_of_rows(path: Path) -> None:
    pq.write_table(pa.table({"text": pa.nulls(50_000_000, pa.string())}), path)


SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
    'main"><sheetData>{}</sheetData></worksheet>'
)


STRINGS_PART = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.spreadsheetml.sharedStrings+xml"/>'
)


def workbook(path: Path, rows: str, shared: str = "") -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["id", "text"])
    buffer = io.BytesIO()
    book.save(buffer)
    with (
        zipfile.ZipFile(buffer) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = SHEET.format(rows).encode()
            if part.filename == "[Content_Types].xml":
                content = content.replace(b"</Types>", STRINGS_PART + b"</Types>")
            new.writestr(part.filename, content)
        new.writestr(
            "xl/sharedStrings.xml",
            '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f"<si><t>id</t></si><si><t>text</t></si><si><t>{shared}</t></si></sst>",
        )


HEAD = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'


def workbook_of_one_text(path: Path) -> None:
    rows = "".join(
        f'<row r="{i}"><c r="A{i}"><v>{i}</v></c><c r="B{i}" t="s"><v>2</v></c></row>'
        for i in range(2, 20_000)
    )
    workbook(path, HEAD + rows, "x" * 5_000_000)


def workbook_of_a_far_cell(path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    workbook(path, HEAD + far)


def workbook_of_zeros(path: Path) -> None:
    workbook(path, HEAD, "x" * 300_000_000)


def toml_nested(path: Path) -> None:
    path.write_text("title = " + "[" * 100_000 + "]" * 100_000)


def toml_long(path: Path) -> None:
    path.write_text("title = '" + "x" * 5_000_000 + "'")


BOMBS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "zip of many": ("posts.zip", zip_of_many),
    "zip of empty files": ("posts.zip", zip_of_empty_files),
    "parquet of one text": ("posts.parquet", parquet_of_one_text),
    "parquet of zeros": ("posts.parquet", parquet_of_zeros),
    "parquet of rows": ("posts.parquet", parquet_of_rows),
    "workbook of one text": ("posts.xlsx", workbook_of_one_text),
    "workbook of a far cell": ("posts.xlsx", workbook_of_a_far_cell),
    "workbook of zeros": ("posts.xlsx", workbook_of_zeros),
    "toml nested": ("chat.toml", toml_nested),
    "toml long": ("chat.toml", toml_long),
}


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_AS"), reason="no bound on memory here")
@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_one_sentence(tmp_path: Path, kind: str) -> None:
    name, make = BOMBS[kind]
    make(tmp_path / name)
    (tmp_path / "map").write_text('text = "text"')
    options = [] if name == "chat.toml" else ["--columns", "map"]
    ran = subprocess.run(
        [sys.executable, "-m", "chatlab", "check", str(tmp_path / name), *options],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert len(ran.stderr.strip().splitlines()) == 1
    assert "Traceback" not in ran.stderr
