"""What is shown of host and panel, of an account, of networks, and of who writes for others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import pandas as pd

from chatlab.report.glossary import VALUES
from chatlab.report.say.brief_page import PLATFORMS
from chatlab.report.say.most import listed
from chatlab.report.show.cells import web_link
from chatlab.report.show.heat import heat_grid
from chatlab.report.show.marks import bars
from chatlab.report.show.quotes import quoted_words
from chatlab.report.show.tables import Shown, aside, nothing
from chatlab.report.show.tables import table as show_table
from chatlab.text.patterns import shorten
from chatlab.translation import _, format_number, format_share, format_time, mark

MISTAKES = {
    "only promotion": mark("{share} of {n} posts to everybody sell (more than half is too much)."),
    "absent": mark(
        "{share} of {n} posts that ask it something were answered within a day (half is too few)."
    ),
    "wrong target": mark("{share} of {n} people it called first ever came (one in ten at least)."),
    "message abuse": mark(
        "{amount} posts within an hour at most (twenty is the limit); {again} of {n} texts repeat "
        "an earlier one (a third is too much)."
    ),
    "no phone, no e-mail": mark("{share} of {n} texts name a number or an address."),
}
BIO = 120
# Words quoted of a quarrel.
QUOTED = 4


def after_party(lines: Sequence[str], table: pd.DataFrame, *, edition: int | None) -> Shown:
    """Show what came after the sign-off: a sentence, and a bar for each edition.

    Parameters
    ----------
    lines
        From `say.after_party`.
    table
        From `after_party_table`.
    edition
        The edition to point out.
    """
    if not lines:
        return nothing(
            _("no edition was over here: none was found, or the days follow one another.")
        )
    numbers = [str(number) for number in table.index]
    here = numbers.index(str(edition)) if str(edition) in numbers else -1
    drawn = ""
    if len(table) > 1:
        drawn = bars(table["posts"].tolist(), numbers, _("Posts after the sign-off"), here=here)
    html = f"<p>{escape(' '.join(lines))}</p>{drawn}"
    return Shown(html, "\n".join(lines), width="two-thirds")


def panel(table: pd.DataFrame) -> Shown:
    """Show for each panellist and question how often they were answered back.

    Parameters
    ----------
    table
        From `panel_table`.
    """
    if table.empty:
        return nothing(_("no panel is named in chat.toml, or nobody asks numbered questions."))
    several = len(set(table["edition"])) > 1
    asked = [
        (f"{row.edition} · " if several else "") + f"Q{row.number}" for row in table.itertuples()
    ]
    told = table.assign(asked=asked)
    heads = list(dict.fromkeys(asked))
    most = max(1, int(table["back"].max()))
    rows = []
    for author, mine in told.groupby("author", sort=False):
        by = mine.drop_duplicates("asked").set_index("asked").reindex(heads)
        texts = [
            "" if not n or pd.isna(n) else _waited(float(minutes))
            for n, minutes in zip(by["answers"], by["minutes"], strict=True)
        ]
        rows.append((escape(f"@{author}"), by["back"].fillna(0).tolist(), most, texts))
    note = _(
        "Minutes from the question to their first answer; the stronger the blue, the more people "
        "answered back."
    )
    about = _("Panel and questions")
    grid = heat_grid([_("Panel"), *heads], rows, about)
    html = f'<p class="note">{escape(note)}</p>{grid}'
    return Shown(html, table.to_string(index=False))


def _waited(minutes: float) -> str:
    return _("{n} min").format(n=format_number(minutes, 0) if minutes >= 1 else "< 1")


def mistakes(table: pd.DataFrame, handles: Sequence[str]) -> Shown:
    """Show five mistakes by name, each with its evidence.

    Parameters
    ----------
    table
        From `mistakes_table`.
    handles
        Of the account that was looked at, or of a brand's several.
    """
    if table["counted_from"].fillna(0).sum() == 0:
        return nothing(_("no account is known, or it wrote nothing here."))
    items, texts = [], []
    for mistake, found, amount, counted, again in table.itertuples(name=None):
        verdict = _("mistake") if pd.notna(found) and bool(found) else _("no mistake")
        why = _("no number or address is seen, and no brand is named that owes one.")
        if pd.isna(found):
            verdict = _("not known")
            if mistake != "no phone, no e-mail":
                why = _("cannot be told of {n} posts or people; it takes five.").format(
                    n=format_number(int(counted) if pd.notna(counted) else 0)
                )
        elif pd.notna(amount):
            why = _(MISTAKES[mistake]).format(
                share=format_share(float(amount)),
                amount=format_number(float(amount)),
                n=format_number(int(counted)),
                again=format_share(float(again) if pd.notna(again) else 0.0),
            )
        name = _(VALUES[mistake])
        items.append(
            f"<li><p><b>{escape(name)}: {escape(verdict)}.</b> "
            f'<span class="seen">{escape(why)}</span></p></li>'
        )
        texts.append(f"{name}: {verdict}. {why}")
    named = _("Looked at: {authors}.").format(authors=listed(f"@{one}" for one in handles))
    html = f'<p class="note">{escape(named)}</p><ul class="rows">{"".join(items)}</ul>'
    return Shown(html, "\n".join([named, *texts]), width="two-thirds")


def press(table: pd.DataFrame, *, for_client: bool = False) -> Shown:
    """Show bloggers and journalists, with the words of their profile that say so.

    Parameters
    ----------
    table
        From `press_table`.
    for_client
        Leaves them out: who is invited stays with the team.
    """
    if for_client:
        return nothing(_("whom to invite stays with the team."))
    if table.empty:
        return nothing(_("no profile in this file says that somebody writes for others."))
    items, texts = [], []
    for row in table.itertuples():
        name = row.author_name if isinstance(row.author_name, str) else f"@{row.author}"
        bio = shorten(str(row.author_bio), BIO)
        link = web_link(row.profile)
        items.append(
            f'<li><p class="name">{escape(shorten(name, 40))}</p><p>@{escape(str(row.author))} '
            f'<b>{escape(str(row.press))}</b> <span class="seen">{escape(bio)} {link}</span></p>'
            "</li>"
        )
        texts.append(f"{name} @{row.author}: {row.press} ({bio})")
    return Shown(f'<ul class="rows">{"".join(items)}</ul>', "\n".join(texts), width="two-thirds")


def networks(table: pd.DataFrame, *, zone: str = "UTC") -> Shown:
    """Show the networks of a chat side by side.

    Parameters
    ----------
    table
        From `network_table`.
    zone
        Time zone for instants.
    """
    if len(table) < 2:
        return nothing(_("all of it comes from one network."))
    names = [PLATFORMS.get(str(key), str(key)) for key in table.index]
    told = table.assign(platform=names, replies_share=table["replies"])
    columns = ["platform", "posts", "people", "replies_share", "engagement"]
    return show_table(told[columns].reset_index(drop=True), zone=zone, name=_("Networks"))


def goals(table: pd.DataFrame) -> Shown:
    """Show what the edition was for, and whether it was reached.

    Parameters
    ----------
    table
        From `goal_table`.
    """
    if table.empty:
        return Shown("", "")
    names = {
        "reach": _("Reach"),
        "people": _("People"),
        "newcomers": _("Newcomers"),
        "answers": _("People answering"),
    }
    parts = []
    for goal, wanted, reached, met in table.itertuples(name=None):
        told = _("{name}: {reached} of {wanted} wanted, ").format(
            name=names[goal],
            reached="–" if pd.isna(reached) else format_number(int(reached)),
            wanted=format_number(int(wanted)),
        )
        told += _("cannot be told") if pd.isna(met) else _("reached") if met else _("missed")
        parts.append(told + ".")
    head, told = _("The goal:"), " ".join(parts)
    return Shown(f"<p><b>{escape(head)}</b> {escape(told)}</p>", f"{head} {told}")


def tacit(table: pd.DataFrame, *, zone: str = "UTC", n: int = 3) -> Shown:
    """Show what was asked of the brand without its handle.

    Parameters
    ----------
    table
        From `tacit_requests`.
    zone
        Time zone for instants.
    n
        How many are seen; all stand in the fold.
    """
    if table.empty:
        return nothing(_("nobody names the brand without its handle and asks for something."))
    open_ = int((~table["answered"]).sum())
    sure = int(table["certainty"].eq("sure").sum())
    said = table.sort_values(["certainty", "answered"], kind="stable").dropna(subset="text").head(n)
    items = "".join(
        f'<li>{escape(quoted_words(row.text))} <span class="seen">@{escape(str(row.author))} '
        f"{web_link(row.url)}</span></li>"
        for row in said.itertuples()
    )
    told = _(
        "{n} posts name the brand without its handle and may want something, {sure} of them "
        "surely; nobody of the team answered {open}."
    )
    line = told.format(
        n=format_number(len(table)), sure=format_number(sure), open=format_number(open_)
    )
    html = f'<p>{escape(line)}</p><ul class="open-ones">{items}</ul>'
    every = aside(show_table(table.reset_index(drop=True), zone=zone, name=_("Tacit requests")))
    return replace(Shown(html, line), method=every.method)


def plan(table: pd.DataFrame, title: str, *, zone: str = "UTC") -> Shown:
    """Show what to post before and after the next edition.

    Parameters
    ----------
    table
        From `teaser_plan`.
    title
        What the chat is called.
    zone
        The chat's time zone.
    """
    if table.empty:
        return nothing(_("nothing says when the next edition is."))
    items, texts = [], []
    for task, when in table[["task", "when"]].itertuples(index=False, name=None):
        what = _(TASKS[task]).format(title=title)
        items.append(f"<li><b>{escape(format_time(when, zone))}</b> {escape(what)}</li>")
        texts.append(f"{format_time(when, zone)}: {what}")
    return Shown(f'<ul class="lines">{"".join(items)}</ul>', "\n".join(texts), width="two-thirds")


TASKS = {
    "announce": mark("Announce {title}: date, hour, topic"),
    "questions": mark("Publish the questions of {title}"),
    "remind": mark("Remind: {title} begins in an hour"),
    "edition": mark("{title} begins"),
    "recap": mark("Publish the recap of {title}, thank people"),
}


def tone(abuse: pd.DataFrame, quarrels: pd.DataFrame, *, n: int = 5) -> Shown:
    """Show insults and quarrels, by the words that say so.

    Parameters
    ----------
    abuse
        From `abuse_table`.
    quarrels
        From `quarrel_table`.
    n
        How many of each.
    """
    if abuse.empty and quarrels.empty:
        return nothing(
            _("a list of words found no insult and no quarrel; other words are not seen.")
        )
    quoted = _("“{words}”")
    lines = [
        f"{escape(quoted.format(words=row.cue))} "
        f'<span class="seen">@{escape(str(row.author))} {web_link(row.url)}</span>'
        for row in abuse.head(n).itertuples()
    ]
    lines += [
        escape(
            _("@{one} and @{other}, in {n} replies: {words}").format(
                one=row["one"],
                other=row["other"],
                n=format_number(int(row["replies"])),
                words=", ".join(quoted.format(words=cue) for cue in row["cues"][:QUOTED]),
            )
        )
        for row in quarrels.head(n).to_dict("records")
    ]
    text = "\n".join([*abuse["cue"], *quarrels["one"]])
    items = "".join(f"<li>{line}</li>" for line in lines)
    return Shown(f'<ul class="lines">{items}</ul>', text, width="two-thirds")
