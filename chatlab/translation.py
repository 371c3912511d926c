"""Every sentence a reader sees goes through here: gettext catalogues, numbers, dates."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime as _babel_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations

from chatlab.errors import SettingsError

SOURCE_LANGUAGE = "en"
CATALOGUES = Path(__file__).parent / "locale"
_current = SOURCE_LANGUAGE
_days = False


def languages() -> list[str]:
    """List the languages that chatlab speaks, the source language first."""
    return [SOURCE_LANGUAGE, *sorted(path.stem for path in CATALOGUES.glob("*.po"))]


def set_language(lang: str) -> None:
    """Choose the language of every table head, sentence, axis and date that follows.

    Parameters
    ----------
    lang
        `"en"` or `"fr"`.

    Raises
    ------
    SettingsError
        When there is no catalogue for that language.
    """
    global _current
    if lang not in languages():
        raise SettingsError(
            f"`lang` is {lang!r}; chatlab speaks {', '.join(languages())}. "
            "Choose one of them, or add a catalogue in chatlab/locale."
        )
    _current = lang


def current_language() -> str:
    """Return the language of what follows, as `set_language` chose it."""
    return _current


@cache
def _catalogue(lang: str) -> NullTranslations:
    # The catalogue is compiled in memory, so that the .po file is the only copy of a translation.
    path = CATALOGUES / f"{lang}.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalog = read_po(file, locale=lang)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


def call_editions_days(days: bool) -> None:
    """Choose whether every sentence that follows speaks of days, as at a conference.

    Parameters
    ----------
    days
        True for "day" and "journée", False for "edition" and "édition".
    """
    global _days
    _days = days


def _(message: str) -> str:
    return translate(message, _current)


def translate(message: str, lang: str) -> str:
    """Return a message in a language, or itself where the catalogue has none."""
    return _as_written(str(_catalogue(lang).gettext(message)), lang) if message else ""


def plural(one: str, many: str, n: int) -> str:
    """Return the form of a message that goes with `n`, with `{n}` filled in."""
    form = _as_written(str(_catalogue(_current).ngettext(one, many, n)), _current)
    return form.format(n=format_number(n))


# In French, no line may begin with one of these signs, or end with an opening quotation mark.
_BEFORE_SIGNS = re.compile(r" (?=[:;!?»])|(?<=«) ")
_DAYS = {
    "en": (
        (re.compile(r"\b([Aa])n edition\b"), r"\1 day"),
        (re.compile(r"\bedition(s?)\b"), r"day\1"),
        (re.compile(r"\bEdition(s?)\b"), r"Day\1"),
    ),
    "fr": (
        (re.compile(r"\b([Ll])['’]édition\b"), r"\1a journée"),
        (re.compile(r"\b([Dd])['’]édition(s?)\b"), r"\1e journée\2"),
        (re.compile(r"\bédition(s?)\b"), r"journée\1"),
        (re.compile(r"\bÉdition(s?)\b"), r"Journée\1"),
    ),
}


def _as_written(text: str, lang: str) -> str:
    if _days:
        for pattern, words in _DAYS.get(lang, ()):
            text = pattern.sub(words, text)
    return _BEFORE_SIGNS.sub("\u00a0", text) if lang == "fr" else text


def mark(message: str) -> str:
    """Mark a constant for the catalogue; it is translated where it is shown."""
    return message


def format_number(value: float, decimals: int = 0) -> str:
    """Write a number as the current language does: 1,204 or 1 204."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=_current)


def format_share(value: float, *, decimals: int = 0) -> str:
    """Write a share between 0 and 1 as per cent."""
    pattern = Locale.parse(_current).percent_formats[None].pattern
    if decimals:
        pattern = pattern.replace("0", "0." + "0" * decimals, 1)
    return format_percent(value, format=pattern, locale=_current)


def _local(when: datetime, zone: str) -> datetime:
    return when.astimezone(ZoneInfo(zone))


def format_date(when: datetime, zone: str = "UTC") -> str:
    """Write a date in a zone: Thu 5 Mar 2026."""
    pattern = "EEE d MMM y"
    return _babel_datetime(_local(when, zone), pattern, locale=_current, tzinfo=ZoneInfo(zone))


def format_time(when: datetime, zone: str = "UTC") -> str:
    """Write a date and a time in a zone: 5 Mar 2026, 09:00."""
    pattern = "d MMM y, HH:mm" if _current == "en" else "d MMM y 'à' HH:mm"
    return _babel_datetime(_local(when, zone), pattern, locale=_current, tzinfo=ZoneInfo(zone))


def format_weekday(day: int) -> str:
    """Write a day of the week, 0 for Monday."""
    monday = datetime(2024, 1, 1, 12, tzinfo=UTC)
    return _babel_datetime(monday + timedelta(days=day), "EEEE", locale=_current)


def format_clock(when: datetime, zone: str = "UTC") -> str:
    """Write the time of day in a zone: 09:00."""
    return _babel_datetime(_local(when, zone), "HH:mm", locale=_current, tzinfo=ZoneInfo(zone))
