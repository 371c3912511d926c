"""What an analyst should know of a file, beside what was refused."""

from __future__ import annotations

from chatlab.translation import _, plural


def describe_note(note: str, n: int) -> str:
    """Say what an analyst should know of a file, beside what was refused."""
    if note == "mojibake":
        return plural(
            "{n} text looks wrongly decoded (such as Ã© for é); it is left as it is",
            "{n} texts look wrongly decoded (such as Ã© for é); they are left as they are",
            n,
        )
    if note == "undecodable":
        return plural(
            "{n} text has characters that could not be decoded (\ufffd)",
            "{n} texts have characters that could not be decoded (\ufffd)",
            n,
        )
    if note == "damaged_id":
        return plural(
            "{n} id was destroyed by a spreadsheet and no link restores it; the row number "
            "stands in for it, and the post counts twice if another file has it too",
            "{n} ids were destroyed by a spreadsheet and no link restores them; row numbers "
            "stand in for them, and posts count twice if another file has them too",
            n,
        )
    if note == "long_text":
        return plural(
            "{n} text is longer than any post: what lies beyond 100,000 characters is left out",
            "{n} texts are longer than any post: what lies beyond 100,000 characters is left out",
            n,
        )
    if note == "impossible_date":
        return plural("{n} impossible date was taken out", "{n} impossible dates were taken out", n)
    if note == "shared_id":
        return plural(
            "{n} post has the id of another one with other words (a spreadsheet cut the ids): it "
            "is kept under its row number",
            "{n} posts have the id of another one with other words (a spreadsheet cut the ids): "
            "they are kept under their row numbers",
            n,
        )
    if note == "shifted_date":
        return plural(
            "{n} date is in another time zone than UTC; the id, which tells the moment, was used",
            "{n} dates are in another time zone than UTC; the ids, which tell the moment, were "
            "used",
            n,
        )
    if note == "unquoted":
        return plural(
            "{n} text with commas stood without quotes: the columns on both sides tell where it "
            "begins and ends",
            "{n} texts with commas stood without quotes: the columns on both sides tell where "
            "they begin and end",
            n,
        )
    if note == "no_owner":
        return _("no account.js beside it: whose archive it is cannot be told")
    return _("not UTF-8; read as Windows-1252, as Excel writes it")
