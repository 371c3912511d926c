"""Sentences that only a chat has: questions, editions, memory, and what to do next."""

from __future__ import annotations

import pandas as pd

from chatlab._most import listed, tied_first
from chatlab.hosts import own_lists
from chatlab.legend import VALUES
from chatlab.marks import said_by
from chatlab.memory import AGREES, DIFFERS, FELT
from chatlab.messages import _, format_number, format_share, mark, plural
from chatlab.quoting import asked_words
from chatlab.settings import Chat
from chatlab.text import shorten

ENOUGH_OUTSIDE = 30
# So many people are named with the words for which they are left out.
TOLD = 10
QUOTED = 80
_WAYS = {
    "prefix": mark("by a mark (A1, R2...)"),
    "reply": mark("by the reply button"),
    "quote": mark("by a quote"),
    "continuation": mark("as a continuation of one's own answer"),
    "time": mark("by time and wording"),
}


def describe_questions(
    chat: Chat, board: pd.DataFrame, answers: pd.DataFrame, asked: pd.DataFrame
) -> str:
    """Answer what was asked, answered, left open.

    Parameters
    ----------
    chat
        The chat.
    board
        From `question_board`, of what is looked at.
    answers
        From `match_answers`, of what is looked at.
    asked
        From `participants_questions`, of what is looked at.
    """
    if board.empty:
        parts = [no_board(chat)]
    else:
        parts = [
            _("{questions} by the host drew {answers} from {people}.").format(
                questions=plural("{n} numbered question", "{n} numbered questions", len(board)),
                answers=plural("{n} answer", "{n} answers", len(answers)),
                people=_people(chat.posts["author_id"].reindex(answers["post_id"]).nunique()),
            )
        ]
        if board["people"].max():
            parts.append(_most_drawing(board))
    left = int(asked["reason"].isin(["no reply", "only the asker"]).sum()) if len(asked) else 0
    if len(asked) and not chat.replies_known:
        told = _("Participants asked {questions} of their own; no column says who replied.")
        parts.append(told.format(questions=plural("{n} question", "{n} questions", len(asked))))
    elif len(asked):
        parts.append(
            _(
                "Participants asked {questions} of their own; {open} got no reply from others."
            ).format(
                questions=plural("{n} question", "{n} questions", len(asked)),
                open=format_number(left),
            )
        )
    else:
        parts.append(_("Participants asked nothing of their own."))
    return " ".join(parts)


def _most_drawing(board: pd.DataFrame) -> str:
    """Name the question that drew most people, with its words; of several, their numbers."""
    first = tied_first(board, "people")
    numbers = listed(f"Q{number}" for number in first["number"])
    n = format_number(int(first["people"].iloc[0]))
    if len(first) > 1:
        return _("{questions} drew most people ({n} each).").format(questions=numbers, n=n)
    text = asked_words(first["text"].iloc[0], first["number"].iloc[0], QUOTED)
    return _("{question} drew most people ({n}): “{text}”").format(question=numbers, n=n, text=text)


def no_board(chat: Chat) -> str:
    """Say that nobody moderates by numbered questions."""
    if chat.settings.hosts:
        hosts = ", ".join(f"@{host}" for host in chat.settings.hosts)
        return _("No numbered question of {hosts} is in these posts.").format(hosts=hosts)
    return _(
        "Nobody moderates here with numbered questions (Q1, Q2...) that others answer, so there is "
        "no question board."
    )


def matching_lines(chat: Chat, answers: pd.DataFrame, posts: pd.DataFrame) -> list[str]:
    """Say how the answers were matched to their questions, and what that leaves out.

    Parameters
    ----------
    chat
        The chat.
    answers
        From `match_answers`.
    posts
        The posts they were matched in.
    """
    names = posts.dropna(subset="author").drop_duplicates("author_id").set_index("author_id")
    own_lines = [
        _(
            "@{author} numbers questions too ({numbers}); nobody moderates by them, so they are "
            "not on the board."
        ).format(
            author=names["author"].get(author, "?"),
            numbers=", ".join(f"Q{number}" for number in numbers),
        )
        for author, numbers in own_lists(posts, chat.host_ids).items()
    ]
    if answers.empty:
        return own_lines and [no_board(chat), *own_lines]
    counts = answers["matched_by"].value_counts()
    ways = ", ".join(f"{format_number(int(n))} {_(_WAYS[str(way)])}" for way, n in counts.items())
    lines = [_("How the answers were matched: {ways}.").format(ways=ways)]
    unlinked = answers["matched_by"].isin(["prefix", "time"])
    lines.append(
        _("{share} of the answers carry no link to their question.").format(
            share=format_share(float(unlinked.mean()))
        )
    )
    weak = answers["matched_by"] == "time"
    if weak.any():
        lines.append(
            plural(
                "{n} answer was matched only by when it came and its words: read it before you "
                "count on it.",
                "{n} answers were matched only by when they came and their words: read them "
                "before you count on them.",
                int(weak.sum()),
            )
        )
    own = posts[posts["in_chat"] & posts["kind"].ne("repost")]
    rest = len(own) - answers["post_id"].nunique()
    lines.append(
        _("{n} other posts answer no numbered question, or do not show it.").format(
            n=format_number(max(rest, 0))
        )
    )
    return lines + own_lines


def describe_memory(compared: pd.DataFrame, missed: pd.DataFrame) -> str:
    """Answer whether memories and figures agree, and what nobody noticed.

    Parameters
    ----------
    compared
        From `compare_memory`.
    missed
        From `unnoticed`.
    """
    found = plural(
        "{n} thing stands out in the figures that no memory names.",
        "{n} things stand out in the figures that no memory names.",
        len(missed),
    )
    if compared.empty:
        return _("No memory stands beside these figures.") + (" " + found if len(missed) else "")
    counts = compared["verdict"].value_counts()
    sentence = _(
        "Of {memories}, {agree} agree with the figures, beside {differ} the figures say "
        "something else, and {felt} are kept as felt."
    ).format(
        memories=plural("{n} memory", "{n} memories", len(compared)),
        agree=format_number(int(counts.get(AGREES, 0))),
        differ=format_number(int(counts.get(DIFFERS, 0))),
        felt=format_number(int(counts.get(FELT, 0))),
    )
    return sentence + (" " + found if len(missed) else "")


def describe_editions(retention: pd.DataFrame, attendance: pd.DataFrame) -> str:
    """Answer who returns, and who has not been seen lately.

    Parameters
    ----------
    retention
        From `retention_table`.
    attendance
        From `attendance_table`.
    """
    if retention.empty:
        return _("No editions were found.")
    last = retention.iloc[-1]
    if len(retention) == 1:
        return _("There is one edition, of {people}; nobody can have returned.").format(
            people=_people(int(last["people"]))
        )
    sentence = _(
        "Edition {n}: {people}, hosts and panel aside, {new} of them for the first time; {kept} of "
        "the people of the edition before came again."
    ).format(
        n=retention.index[-1],
        people=_people(int(last["people"])),
        new=format_number(int(last["newcomers"])),
        kept=format_share(float(last["came_again"])) if pd.notna(last["came_again"]) else "–",
    )
    away = int(attendance["attendance"].eq("not seen lately").sum())
    if away:
        sentence += " " + plural(
            "{n} person who came twice or more has not been seen lately.",
            "{n} people who came twice or more have not been seen lately.",
            away,
        )
    return sentence


def stayed_lines(stayed: dict[str, list[str]], left: pd.DataFrame) -> list[str]:
    """Say which themes stayed since the edition before, and how much is still open from it.

    Parameters
    ----------
    stayed
        From `stayed_themes`.
    left
        From `unanswered_questions`, of the edition before the last.
    """
    words = {
        "stayed": _("Themes that stayed: {names}."),
        "came": _("Themes that came: {names}."),
        "went": _("Themes that went: {names}."),
    }
    lines = [
        words[name].format(names=", ".join(f"“{one}”" for one in found))
        for name, found in stayed.items()
        if found
    ]
    open_ = left[left["reason"].eq("no reply")] if len(left) else left
    if len(open_):
        lines.append(
            plural(
                "Still open from the edition before: {n} question without a reply.",
                "Still open from the edition before: {n} questions without a reply.",
                len(open_),
            )
        )
    return lines


def describe_next(
    candidates: pd.DataFrame,
    hours: pd.DataFrame,
    thanks: pd.DataFrame,
    zone: str,
    *,
    for_client: bool = False,
) -> str:
    """Answer what to ask, when, and whom to thank.

    Parameters
    ----------
    candidates
        From `candidate_questions`.
    hours
        From `hour_table`.
    thanks
        From `to_thank`.
    zone
        Time zone of the hours.
    for_client
        Leave out whom to thank.
    """
    parts = []
    first = candidates.drop_duplicates("origin").set_index("origin")["about"].to_dict()
    if "friction" in first:
        parts.append(
            _("A question could come from “{about}”, where most people told a friction.").format(
                about=first["friction"]
            )
        )
    if "question" in first:
        told = _("A participant asked all, and nobody replied: “{about}”")
        parts.append(told.format(about=shorten(str(first["question"]), QUOTED)))
    if not parts:
        parts.append(_("No candidate for a question stands out."))
    parts.append(best_hour(hours, zone))
    if len(thanks) and not for_client:
        names = ", ".join(f"@{author}" for author in thanks["author"].head(3))
        parts.append(_("Thank first: {names}.").format(names=names))
    return " ".join(parts)


def best_hour(hours: pd.DataFrame, zone: str) -> str:
    """Say when people are here by themselves, or that too few posts tell it.

    Parameters
    ----------
    hours
        From `hour_table`.
    zone
        Time zone of the hours.
    """
    outside = int(hours["between"].sum())
    inside = hours["in_editions"]
    if outside < ENOUGH_OUTSIDE:
        told = _("Too few posts between the editions ({n}) to tell a better hour.").format(
            n=format_number(outside)
        )
    else:
        told = _("Between the editions most people write at {hour} h ({zone}).").format(
            hour=listed(tied_first(hours, "people_between").index), zone=zone
        )
    if inside.any():
        called = _("In the editions most posts come at {hour} h.")
        told += " " + called.format(hour=listed(tied_first(hours, "in_editions").index))
    return told


def chat_lines(chat: Chat, board: pd.DataFrame, asked: pd.DataFrame) -> list[str]:
    """List what the brief says about questions.

    Parameters
    ----------
    chat
        The chat.
    board
        From `question_board`, of the edition.
    asked
        From `participants_questions`, of the edition.
    """
    lines = []
    if board.empty:
        lines.append(no_board(chat))
    else:
        lines.append(_most_drawing(board))
    left = asked[asked["reason"].eq("no reply") & asked["to"].isna()] if len(asked) else asked
    if len(left) and chat.replies_known:
        lines.append(_with_example(left))
    return lines


def _with_example(left: pd.DataFrame) -> str:
    counted = plural(
        "{n} question that a participant put to all got no reply.",
        "{n} questions that participants put to all got no reply.",
        len(left),
    )
    told = left["text"].dropna()
    if told.empty:
        return counted
    example = _("The latest: “{text}”").format(text=shorten(said_by(told.iloc[-1]), QUOTED))
    return f"{counted} {example}"


def _people(n: int) -> str:
    return plural("{n} person", "{n} people", n)


def no_edition_before() -> str:
    """Say that there is nothing to compare the last edition with."""
    return _("There is no edition before this one to compare it with, or no theme in both.")


def analytics_lines(compared: pd.DataFrame) -> list[str]:
    """Say how often the account's posts were shown, and what either side lacks.

    Parameters
    ----------
    compared
        From `compare_analytics`.
    """
    both = compared[compared["where"] == "both"]
    if both.empty:
        return [_("No post of the owner's export is among the posts here.")]
    lines = []
    known = both.dropna(subset=["impressions", "potential"])
    if len(known) and known["potential"].sum():
        lines.append(
            _("{posts} were shown {n} times, of up to {potential} possible ({share}).").format(
                posts=plural("{n} post", "{n} posts", len(known)),
                n=format_number(int(known["impressions"].sum())),
                potential=format_number(int(known["potential"].sum())),
                share=format_share(
                    float(known["impressions"].sum()) / float(known["potential"].sum())
                ),
            )
        )
    rates = both["engagement_rate"].dropna()
    if len(rates):
        lines.append(
            _("Median engagement rate: {share} of the times shown.").format(
                share=format_share(float(rates.median()), decimals=1)
            )
        )
    counts = compared["where"].value_counts()
    lines.append(
        _("Only in the posts here: {here}; only in the export: {there}.").format(
            here=format_number(int(counts.get("only here", 0))),
            there=format_number(int(counts.get("only in the export", 0))),
        )
    )
    return lines


def care_lines(kept: pd.DataFrame) -> list[str]:
    """Say how many people are left out of thanks and invitations, and why.

    Parameters
    ----------
    kept
        From `keep_people`.
    """
    counts = kept.loc[kept["skip"] != "", "skip"].value_counts()
    lines = [
        _("Not suggested, “{reason}”: {people}.").format(
            reason=_(VALUES[str(reason)]), people=_people(int(n))
        )
        for reason, n in counts.items()
    ]
    shown = kept[kept["skip_words"] != ""]
    lines += [
        _("@{author} is left out for “{words}” ({reason}).").format(
            author=author, words=words, reason=_(VALUES[str(reason)])
        )
        for author, words, reason in shown[["author", "skip_words", "skip"]]
        .head(TOLD)
        .itertuples(index=False, name=None)
    ]
    return [*lines, _("Nothing is sent: the drafts stand in people.csv beside the chat.")]
