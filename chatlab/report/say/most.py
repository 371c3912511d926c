"""Who or what is first, and who else is: a tie names everybody."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from chatlab.translation import _, plural

# So many names are said; of more, how many they are.
NAMED = 3


def tied_first(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows with the highest value of a column, in their order."""
    return table[table[column].eq(table[column].max()).fillna(False)]


def listed(names: Iterable[object]) -> str:
    """Say names one after the other: a; a and b; a, b, c and 2 more."""
    told = [str(name) for name in names]
    if len(told) > NAMED + 1:
        rest = plural("{n} more", "{n} more", len(told) - NAMED)
        told = [*told[:NAMED], rest]
    if len(told) < 2:
        return "".join(told)
    return _("{some} and {last}").format(some=", ".join(told[:-1]), last=told[-1])


def people_each(n: float, who: pd.DataFrame) -> str:
    """Count the people behind a first place; where several share it, behind each of them."""
    told = plural("{n} person", "{n} people", int(n))
    return _("{people} each").format(people=told) if len(who) > 1 else told
