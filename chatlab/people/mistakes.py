"""Five mistakes that brands make, by name: each with its evidence, or that it cannot be told."""

from __future__ import annotations

import re

import pandas as pd

from chatlab.people.account import account_table
from chatlab.people.flooding import MOST_AN_HOUR, most_within_an_hour
from chatlab.posts.schema import true_for
from chatlab.posts.select import own_posts
from chatlab.text.addresses import holds_contact
from chatlab.text.asking import asks_something
from chatlab.text.patterns import clean_text
from chatlab.text.phrases import says

# Of fewer posts, or fewer people, nothing is said.
ENOUGH = 5
# More than half of what an account opens is promotion; of what it is asked, less than half is
# answered; of those it calls, fewer than one in ten come; one text in three comes again.
PROMOTION, ANSWERED, CAME, AGAIN = 0.5, 0.5, 0.1, 0.33
MISTAKES = ("only promotion", "absent", "wrong target", "message abuse", "no phone, no e-mail")
_MARKS = re.compile(r"[@#]\S+|https?://\S+|\W+")


def mistakes_table(posts: pd.DataFrame, account: str, *, brand: str | None = None) -> pd.DataFrame:
    """Check an account for five mistakes.

    `only promotion`: more than half of the posts with which it turns to everybody sell.
    `absent`: it answers, within a day, fewer than half of the posts that are to it or name it and
    ask something.
    `wrong target`: of those whom it calls by name, not in a reply and without having been called,
    fewer than one in ten ever react. `message abuse`: more than twenty posts within an hour for
    all its followers, or one text in three of its own comes again. `no phone, no e-mail`: neither
    its profile nor any of its posts names a way to reach it but the network. Nothing is said of
    fewer than five.

    Parameters
    ----------
    posts
        A posts table; only posts in the chat count. What the account does elsewhere is not seen.
    account
        Its author id.
    brand
        The brand that it speaks for, if any.

    Returns
    -------
    DataFrame
        Index the mistake: `found` (True, False, or missing where this file cannot tell), `amount`
        (a share between 0 and 1; of `message abuse` the posts in an hour; missing likewise),
        `counted_from` (how many posts or people it is of) and `again` (of `message abuse` the
        share of its texts that repeat an earlier one, else missing).
    """
    chat = posts[posts["in_chat"]].dropna(subset="author_id")
    mine = chat[chat["author_id"] == account]
    own = own_posts(mine)
    rows = [
        _only_promotion(own, account),
        _absent(posts, account),
        _wrong_target(chat, own, account),
        _message_abuse(mine, own),
        _no_contact(posts[posts["author_id"] == account], brand),
    ]
    table = pd.DataFrame(rows, index=pd.Index(MISTAKES, name="mistake"))
    table.columns = pd.Index(["found", "amount", "counted_from"])
    table["again"] = pd.Series({"message abuse": _repeated(own) if len(own) >= ENOUGH else None})
    kinds = {"found": "boolean", "amount": "Float64", "counted_from": "Int64", "again": "Float64"}
    return table.astype(kinds)


Verdict = tuple[bool | None, float | None, int]


def _only_promotion(own: pd.DataFrame, account: str) -> Verdict:
    to_all = own[own["kind"].ne("reply") | own["reply_to_author"].eq(account)]
    if len(to_all) < ENOUGH:
        return None, None, len(to_all)
    sells = float(true_for(to_all["text"], lambda text: says(text, "promo")).mean())
    return sells > PROMOTION, sells, len(to_all)


def _absent(posts: pd.DataFrame, account: str) -> Verdict:
    asking = true_for(posts["text"], asks_something) | posts["author_id"].eq(account)
    figures = account_table(posts[asking.fillna(False).astype(bool)], account)
    share, of = figures["amount"]["mentions_answered"], figures["counted_from"]["mentions_answered"]
    called = 0 if pd.isna(of) else int(of)
    if pd.isna(share) or called < ENOUGH:
        return None, None, called
    return bool(share < ANSWERED), float(share), called


def _wrong_target(chat: pd.DataFrame, own: pd.DataFrame, account: str) -> Verdict:
    others = chat[chat["author_id"] != account]
    to_it = others[
        (others["reply_to_author"] == account)
        | (others["quote_of_author"] == account)
        | (others["repost_of_author"] == account)
        | true_for(others["mentions"], lambda ids: account in ids)
    ]
    first_turn = to_it.groupby("author_id")["created_at"].min().to_dict()
    last_turn = to_it.groupby("author_id")["created_at"].max().to_dict()
    called: dict[str, pd.Timestamp] = {}
    # In a reply it speaks to people who spoke, even where their post is of another thread; what
    # begins with a handle is one whose link the file lacks.
    opening = own[own["kind"].ne("reply") & ~own["text"].str.match(r"\s{0,5}@\w")]
    rows = opening.sort_values("created_at")[["mentions", "created_at"]]
    for named, at in rows.itertuples(index=False, name=None):
        for person in named:
            before = first_turn.get(person)
            if person != account and (before is None or before > at):
                called.setdefault(person, at)
    if len(called) < ENOUGH:
        return None, None, len(called)
    came = sum(person in last_turn and last_turn[person] > at for person, at in called.items())
    return came / len(called) < CAME, came / len(called), len(called)


def _message_abuse(mine: pd.DataFrame, own: pd.DataFrame) -> Verdict:
    if len(own) < ENOUGH:
        return None, None, len(own)
    busiest = most_within_an_hour(mine.loc[mine["kind"] != "reply", "created_at"])
    return busiest > MOST_AN_HOUR or _repeated(own) >= AGAIN, float(busiest), len(own)


def _repeated(own: pd.DataFrame) -> float:
    bare = [_MARKS.sub(" ", clean_text(text).casefold()).strip() for text in own["text"]]
    return float(pd.Series(bare).duplicated().mean())


def _no_contact(mine: pd.DataFrame, brand: str | None) -> Verdict:
    if mine.empty:
        return None, None, 0
    told = [*mine["author_bio"].dropna().unique(), *own_posts(mine)["text"]]
    held = sum(holds_contact(text) for text in told)
    # Somebody who speaks for nobody need not name a number; and of no profile nothing is known.
    if not held and (not brand or mine["author_bio"].isna().all()):
        return None, None, len(told)
    return not held, held / len(told), len(told)
