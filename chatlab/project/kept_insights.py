"""Insights as an analyst corrected them: `insights.csv` beside the chat."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from chatlab.errors import SettingsError
from chatlab.posts.quoting import quotes
from chatlab.project.kept_tables import kept_file, read_beside
from chatlab.project.kept_themes import YES
from chatlab.project.protection import Protection
from chatlab.text.patterns import shorten
from chatlab.themes.cues import KINDS
from chatlab.themes.insights import COLUMNS as INSIGHT_COLUMNS

NAME = "insights.csv"
COLUMNS = ["post_id", "kind", "verdict", "status", "note", "certainty", "cue", "what"]
COLUMNS += ["text", "url", "new"]
OWN_INSIGHT_COLUMNS = ["verdict", "status", "note"]
ACCEPT = {"accept", "accepted", "accepter", "accepte", "accepté", "ok", *YES}
REJECT = {"reject", "rejected", "rejeter", "rejete", "rejeté", "no", "non", "0", "false", "faux"}


def obey_insights(
    posts: pd.DataFrame, insights: pd.DataFrame, *, files: Sequence[str], protection: Protection
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read what an analyst changed in `insights.csv`, and obey it; nothing is written.

    Parameters
    ----------
    posts
        A posts table.
    insights
        From `find_insights`.
    files
        Those of the chat's settings: the file stands beside them.
    protection
        What was done about people.

    Returns
    -------
    DataFrame
        As from `find_insights`, after the analyst's changes.
    DataFrame
        What `insights.csv` would hold now.

    Raises
    ------
    SettingsError
        When a verdict is neither an acceptance nor a rejection, or a kind is unknown.
    """
    path = kept_file(files, NAME)
    before = read_beside(path, COLUMNS).drop_duplicates(["post_id", "kind"])
    before = before[~before["post_id"].isin(protection.gone)]
    before["post_id"] = before["post_id"].map(protection.post_id).astype("str")
    key = ["post_id", "kind"]
    # Marks of one's own making have no score.
    insights = insights if "score" in insights else insights.assign(score=1.0)
    fresh = insights.assign(
        cue=insights["cue"].map(", ".join), what=insights["what"].map(", ".join)
    ).astype(dict.fromkeys(INSIGHT_COLUMNS, "str"))
    whole = fresh.merge(before[[*key, *OWN_INSIGHT_COLUMNS]], on=key, how="left", indicator=True)
    whole["new"] = np.where(whole["_merge"] == "left_only", "new", "")
    whole[OWN_INSIGHT_COLUMNS] = whole[OWN_INSIGHT_COLUMNS].fillna("")
    told = pd.MultiIndex.from_frame(insights[key])
    rest = before[~pd.MultiIndex.from_frame(before[key]).isin(told)]
    own = rest[(rest[OWN_INSIGHT_COLUMNS] != "").any(axis=1)]
    own = own.assign(author_id=posts["author_id"].reindex(own["post_id"]).to_numpy())
    whole = pd.concat([whole.assign(found=True), own.assign(found=False)], ignore_index=True)
    texts = quotes(posts).reindex(whole["post_id"]).fillna("")
    whole["text"] = [shorten(text, 200) for text in texts]
    whole["url"] = posts["url"].reindex(whole["post_id"]).fillna("").to_numpy()
    verdict = whole["verdict"].str.strip().str.casefold()
    _check_verdicts(path, whole, verdict)
    here = whole["post_id"].isin(posts.index) & ~verdict.isin(REJECT)
    here &= whole["found"] | verdict.isin(ACCEPT)
    obeyed = whole.assign(certainty=whole["certainty"].mask(verdict.isin(ACCEPT), "sure"))
    kept = obeyed.loc[here, INSIGHT_COLUMNS[:4]].astype("str")
    kept["score"] = obeyed.loc[here, "score"].astype("float64").fillna(1.0)
    # What the analyst added has neither cue nor product.
    for name in ("cue", "what"):
        lists = [*insights[name], *([[]] * len(own))]
        kept[name] = pd.Series(lists, index=whole.index, dtype=object)[here]
    return kept[INSIGHT_COLUMNS].reset_index(drop=True), whole[COLUMNS].fillna("")


def read_verdicts(files: Sequence[str], protection: Protection) -> pd.DataFrame | None:
    """Read what an analyst accepted and rejected, for the model to learn from.

    Returns
    -------
    DataFrame or None
        `post_id`, `kind`, `accepted`; None where nothing was judged.
    """
    before = read_beside(kept_file(files, NAME), COLUMNS)
    verdict = before["verdict"].str.strip().str.casefold()
    judged = before[verdict.isin({*ACCEPT, *REJECT}) & ~before["post_id"].isin(protection.gone)]
    if judged.empty:
        return None
    ids = judged["post_id"].map(protection.post_id).astype("str")
    accepted = verdict[judged.index].isin(ACCEPT)
    return pd.DataFrame({"post_id": ids, "kind": judged["kind"], "accepted": accepted})


def _check_verdicts(path: Path, whole: pd.DataFrame, verdict: pd.Series) -> None:
    wrong = whole[~verdict.isin({"", *ACCEPT, *REJECT}) | ~whole["kind"].isin(KINDS)]
    if not wrong.empty:
        first = wrong.iloc[0]
        raise SettingsError(
            f"{path}: post {first['post_id']} has the kind {first['kind']!r} and the verdict "
            f"{first['verdict']!r}. A kind is one of {', '.join(KINDS)}; a verdict is accept, "
            "reject or empty."
        )
