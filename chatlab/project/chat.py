"""A chat: its posts, its settings, and what is found in them, each thing once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from chatlab.chat.answers import match_answers
from chatlab.chat.board import answers_by_question, question_board
from chatlab.chat.choose_edition import chosen_edition, editions_up_to, select_edition
from chatlab.chat.edition_tables import edition_table
from chatlab.chat.editions import EditionSpans, edition_spans
from chatlab.chat.open_questions import participants_questions, questions_around
from chatlab.chat.questions import find_questions
from chatlab.facts import Fact
from chatlab.io.dataset.scan import PostsScan
from chatlab.io.json_records import Refusal
from chatlab.posts.counting import Posts
from chatlab.posts.schema import links_replies, tells_replies
from chatlab.posts.select import own_posts, select_posts
from chatlab.project.kept_insights import obey_insights, read_verdicts
from chatlab.project.kept_themes import obey_themes
from chatlab.project.protection import Protection
from chatlab.project.sampled import spans_of
from chatlab.project.settings import Settings
from chatlab.text.patterns import plain_handles
from chatlab.themes.documents import Documents, read_documents
from chatlab.themes.find import ChatThemes, find_themes
from chatlab.themes.insights import find_insights
from chatlab.themes.recurrence import theme_recurrence, time_slices
from chatlab.themes.tables import theme_stability, with_stability
from chatlab.themes.tree import ThemeTree, theme_tree
from chatlab.translation import _

NOBODY_PROTECTED = Protection()
# Of so many people, fewer than so many answer one another where a search found them.
MANY, TIED = 50, 0.1


@dataclass(frozen=True)
class Chat:
    """A conversation, ready to work on.

    Attributes
    ----------
    posts
        The posts table.
    settings
        From chat.toml, completed by what was found in the posts.
    loading
        One row per file: source, read, kept, duplicates, refused, context, reasons, notes.
    assumed
        What chatlab assumed because no settings said it, as facts; `say.facts` makes sentences.
    host_is_assumed
        True where the hosts were found in the posts and not named in the settings.
    protection
        What was done about people (pseudonyms, people taken out), for what stands beside posts.
    refusals
        File and refused record, one by one; whatever protects people has not reached these.
    counted_with
        By author id, under which other one an analyst counts that person (`same_as`).
    scan
        All posts, where they do not fit into memory; `posts` are then a sample.
    share
        Of the people, whose posts are in that sample.
    """

    posts: pd.DataFrame
    settings: Settings
    loading: pd.DataFrame
    assumed: tuple[Fact, ...] = ()
    host_is_assumed: bool = False
    protection: Protection = NOBODY_PROTECTED
    refusals: tuple[tuple[str, Refusal], ...] = ()
    counted_with: Mapping[str, str] = field(default_factory=dict)
    scan: PostsScan | None = None
    share: float = 1.0

    @property
    def protected(self) -> tuple[Fact, ...]:
        """What was done about people, as facts; `say.protection` makes sentences of them."""
        return self.protection.told

    @cached_property
    def gathers(self) -> bool:
        """False where a search found strangers: no tag, no host, and hardly anybody answers."""
        if self.settings.hashtags or self.settings.hosts:
            return True
        wrote = own_posts(self.posts).dropna(subset="author_id")
        people = set(wrote["author_id"])
        ties = wrote[wrote["reply_to_author"].isin(people)]
        ties = ties[ties["reply_to_author"] != ties["author_id"]]
        return len(people) < MANY or ties["author_id"].nunique() >= TIED * len(people)

    @property
    def title(self) -> str:
        """What a report calls the chat: its title, its hashtag, or nothing better."""
        tags = self.settings.hashtags
        named = self.settings.title or (f"#{tags[0]}" if tags else "")
        if not named and len(self.settings.files) == 1:
            named = Path(self.settings.files[0]).stem
        return named or _("Conversation")

    @property
    def zone(self) -> str:
        """The chat's time zone."""
        return self.settings.timezone or "UTC"

    @cached_property
    def replies_known(self) -> bool:
        """False where the file does not say who replies to whom: none is then not zero.

        So it is where a column mapping names no column of replies, where no post is a reply though
        several begin with the name of somebody, and where replies do not name what they answer.
        """
        if self.settings.columns and len(self.loading) == 1:
            return bool({"reply_to", "reply_to_author"} & set(self.settings.columns))
        return tells_replies(self.posts) and links_replies(self.posts)

    @cached_property
    def parts(self) -> dict[str, str]:
        """The part, `host` or `panel`, of those author ids for which it is known."""
        panel = dict.fromkeys(self.author_ids(self.settings.panel), "panel")
        return panel | dict.fromkeys(self.author_ids(self.settings.hosts), "host")

    @property
    def whole(self) -> Posts:
        """All posts, for tables of plain counts: in memory, or where they lie."""
        return self.posts if self.scan is None else self.scan

    @cached_property
    def spans(self) -> EditionSpans:
        """When the editions were, found with the announced hour where the settings say it."""
        weekly = self.settings.weekly
        if self.scan is not None:
            return spans_of(self.scan, weekly=weekly, timezone=self.zone)
        return edition_spans(self.posts, weekly=weekly, timezone=self.zone)

    @cached_property
    def editions(self) -> pd.Series:
        """The edition of each post in memory."""
        return self.spans.of(self.posts)

    @cached_property
    def edition_table(self) -> pd.DataFrame:
        """What there is to say of each edition, of all posts, from `edition_table`."""
        weekly, zone, hosts = self.settings.weekly, self.zone, self.host_ids
        return edition_table(self.whole, self.spans, hosts=hosts, weekly=weekly, timezone=zone)

    @cached_property
    def questions(self) -> pd.DataFrame:
        """The hosts' numbered questions, from `find_questions`."""
        return find_questions(self.posts, hosts=self.host_ids, editions=self.editions)

    @cached_property
    def answers(self) -> pd.DataFrame:
        """What answers them, from `match_answers`."""
        return match_answers(self.posts, self.questions)

    @cached_property
    def asked(self) -> pd.DataFrame:
        """What participants asked, from `participants_questions`."""
        return participants_questions(self.posts, hosts=self.host_ids)

    @cached_property
    def documents(self) -> Documents:
        """The posts as themes read them, with the answers to the hosts' questions."""
        return read_documents(self.posts, questions=self.questions, answers=self.answers)

    @cached_property
    def tree(self) -> ThemeTree:
        """The themes from coarse to fine, from `theme_tree`."""
        return theme_tree(self.posts, documents=self.documents)

    @cached_property
    def found_themes(self) -> pd.Series:
        """The themes as `find_themes` finds them, before an analyst's changes."""
        return find_themes(self.posts, documents=self.documents)

    @cached_property
    def themes(self) -> ChatThemes:
        """The themes as an analyst left them in `themes.csv`, their table, and how firm they are.

        `(?)` stands behind the names of those that are not firm. Nothing is written.
        """
        kept, described, _rows = obey_themes(
            self.posts,
            self.found_themes,
            files=self.settings.files,
            protection=self.protection,
            documents=self.documents,
        )
        stability = theme_stability(
            self.posts, kept.themes, documents=self.documents, hosts=self.host_ids
        )
        table = with_stability(described, stability)
        names = {int(str(theme)): str(name) for theme, name in table["name"].items()}
        return ChatThemes(kept.themes, names, table, stability)

    @cached_property
    def recurrence(self) -> pd.DataFrame:
        """Which themes come back over the editions, from `theme_recurrence`."""
        slices = time_slices(self.posts, editions=self.editions)
        return theme_recurrence(self.posts, self.themes.themes, slices)

    @cached_property
    def found_insights(self) -> pd.DataFrame:
        """The insights as `find_insights` finds them; it learns from an analyst's verdicts."""
        brand, rivals = self.settings.brand, self.settings.rivals
        verdicts = read_verdicts(self.settings.files, self.protection)
        return find_insights(self.posts, brand=brand, rivals=rivals, verdicts=verdicts)

    @cached_property
    def insights(self) -> pd.DataFrame:
        """The insights as an analyst left them in `insights.csv`. Nothing is written."""
        kept, _rows = obey_insights(
            self.posts,
            self.found_insights,
            files=self.settings.files,
            protection=self.protection,
        )
        return kept

    def at(self, edition: int | str = "last") -> ChatAt:
        """Return the chat as one edition sees it.

        Parameters
        ----------
        edition
            A number, `"last"`, or `"all"` for every post.

        Returns
        -------
        ChatAt
            The edition's posts, questions, answers, board and what participants asked then.

        Raises
        ------
        SettingsError
            When there is no such edition.
        """
        return ChatAt(self, chosen_edition(self.editions, edition))

    @cached_property
    def host_ids(self) -> list[str]:
        """The hosts' author ids; empty where nobody hosts."""
        return self.author_ids(self.settings.hosts)

    def author_ids(self, handles: Sequence[str]) -> list[str]:
        """Turn handles into author ids, leaving out those not in the posts."""
        wanted = plain_handles(handles)
        same = self.posts["author"].str.casefold().isin(wanted)
        return sorted(set(self.posts.loc[same, "author_id"].dropna()))


@dataclass(frozen=True)
class ChatAt:
    """A chat as one edition sees it, or as all of them do.

    Attributes
    ----------
    chat
        The chat.
    number
        The number of the edition; None for all posts.
    """

    chat: Chat
    number: int | None

    @property
    def edition(self) -> int | str:
        """The edition as functions take it: its number, or `"all"`."""
        return "all" if self.number is None else self.number

    @cached_property
    def posts(self) -> pd.DataFrame:
        """The edition's posts, and those that only came along with the file."""
        return select_edition(self.chat.posts, self.chat.editions, self.edition)

    @cached_property
    def whole(self) -> Posts:
        """All posts of the edition, for tables of plain counts: in memory, or where they lie."""
        chat = self.chat
        if chat.scan is None or self.number is None:
            return self.posts if chat.scan is None else chat.scan
        since, until = chat.spans.spans[self.number - 1]
        return select_posts(chat.scan, since=since, until=until)

    @cached_property
    def editions_so_far(self) -> pd.Series:
        """The edition of each post, missing for those after this one."""
        return editions_up_to(self.chat.editions, self.edition)

    @cached_property
    def questions(self) -> pd.DataFrame:
        """The hosts' questions of this edition."""
        return self._of_edition(self.chat.questions)

    @cached_property
    def answers(self) -> pd.DataFrame:
        """What answers them."""
        return self._of_edition(self.chat.answers)

    @cached_property
    def board(self) -> pd.DataFrame:
        """Each question with what it was answered, from `question_board`."""
        themes, names, *_rest = self.chat.themes
        return question_board(
            self.chat.posts, self.questions, self.answers, themes=themes, names=names
        )

    @cached_property
    def answers_by_question(self) -> pd.DataFrame:
        """All answers under their questions, from `answers_by_question`."""
        themes, names, *_rest = self.chat.themes
        return answers_by_question(
            self.chat.posts, self.questions, self.answers, themes=themes, names=names
        )

    @cached_property
    def asked(self) -> pd.DataFrame:
        """What participants asked in it and in the twelve hours after it.

        Where nobody moderates, all that was asked: a day of a conference is no measure of it.
        """
        chat = self.chat
        if chat.questions.empty:
            return chat.asked
        return questions_around(chat.asked, chat.posts, chat.editions, self.edition)

    def _of_edition(self, table: pd.DataFrame) -> pd.DataFrame:
        return table if self.number is None else table[table["edition"] == self.number]
