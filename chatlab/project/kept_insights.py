"""Insights as an analyst corrected them: `insights.csv` beside the chat."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from chatlab.errors import SettingsError
from chatlab.posts.quoting import quotes
from chatlab.project.chat import Chat
from chatlab.project.kept_tables import kept_file, read_beside, write_beside
from chatlab.project.kept_themes import YES
from chatlab.text.patterns import shorten
from chatlab.themes.cues import KINDS
from chatlab.themes.insights import COLUMNS as INSIGHT_COLUMNS

OWN_INSIGHT_COLUMNS = ["verdict", "status", "note"]
ACCEPT = {"accept", "accepted", "accepter", "accepte", "accepté", "ok", *YES}
REJECT = {"reject", "rejected", "rejeter", "rejete", "rejeté", "no", "non", "0", "false", "faux"}


def keep_insights(chat: Chat, insights: pd.DataFrame) -> pd.DataFrame:
    """Write the insights beside the chat, and obey what an analyst changed there.

    `insights.csv` has one row per mark. In the analyst's column `verdict`, `reject` takes a mark
    out and `accept` makes it sure; a row that an analyst added (a post's id, a kind, `accept`)
    is a mark like any other. `status` and `note` are kept as they are. New marks are marked new.
    What changes is kept as it was in `insights.csv.bak`; with pseudonyms the file is obeyed and
    not written.

    Parameters
    ----------
    chat
        From `read_chat`.
    insights
        From `find_insights`.

    Returns
    -------
    DataFrame
        As from `find_insights`, after the analyst's changes.

    Raises
    ------
    SettingsError
        When a verdict is neither an acceptance nor a rejection, or a kind is unknown.
    """
    path = kept_file(chat, "insights.csv")
    names = ["post_id", "kind", "verdict", "status", "note", "certainty", "cue", "what"]
    names += ["text", "url", "new"]
    before = read_beside(path, names).drop_duplicates(["post_id", "kind"])
    before = before[~before["post_id"].isin(chat.protection.gone)]
    before["post_id"] = before["post_id"].map(chat.protection.post_id).astype("str")
    key = ["post_id", "kind"]
    fresh = insights.assign(what=insights["what"].fillna("")).astype({"post_id": "str"})
    whole = fresh.merge(before[[*key, *OWN_INSIGHT_COLUMNS]], on=key, how="left", indicator=True)
    whole["new"] = np.where(whole["_merge"] == "left_only", "new", "")
    whole[OWN_INSIGHT_COLUMNS] = whole[OWN_INSIGHT_COLUMNS].fillna("")
    told = pd.MultiIndex.from_frame(insights[key])
    rest = before[~pd.MultiIndex.from_frame(before[key]).isin(told)]
    own = rest[(rest[OWN_INSIGHT_COLUMNS] != "").any(axis=1)]
    own = own.assign(author_id=chat.posts["author_id"].reindex(own["post_id"]).to_numpy())
    whole = pd.concat([whole, own], ignore_index=True)
    texts = quotes(chat.posts).reindex(whole["post_id"]).fillna("")
    whole["text"] = [shorten(text, 200) for text in texts]
    whole["url"] = chat.posts["url"].reindex(whole["post_id"]).fillna("").to_numpy()
    verdict = whole["verdict"].str.strip().str.casefold()
    _check_verdicts(path, whole, verdict)
    if not chat.settings.privacy.pseudonyms:
        write_beside(chat, path, whole[names].fillna(""))
    here = whole["post_id"].isin(chat.posts.index) & ~verdict.isin(REJECT)
    here &= whole["cue"].ne("") | verdict.isin(ACCEPT)
    obeyed = whole.assign(certainty=whole["certainty"].mask(verdict.isin(ACCEPT), "sure"))
    obeyed = obeyed[here].assign(what=lambda t: t["what"].replace("", np.nan))
    return obeyed[INSIGHT_COLUMNS].reset_index(drop=True).astype("str")


def _check_verdicts(path: Path, whole: pd.DataFrame, verdict: pd.Series) -> None:
    wrong = whole[~verdict.isin({"", *ACCEPT, *REJECT}) | ~whole["kind"].isin(KINDS)]
    if not wrong.empty:
        first = wrong.iloc[0]
        raise SettingsError(
            f"{path}: post {first['post_id']} has the kind {first['kind']!r} and the verdict "
            f"{first['verdict']!r}. A kind is one of {', '.join(KINDS)}; a verdict is accept, "
            "reject or empty."
        )
