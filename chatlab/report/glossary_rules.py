"""How figures and roles are made, in words."""

from __future__ import annotations

from chatlab.translation import mark

# The figures stand in `RoleRules`.
ROLES = {
    "host": mark("as the settings say, or found by the numbered questions"),
    "panellist": mark("as the settings say"),
    "answerer": mark(
        "replied to at least {people_answered} different people, with at least {reply_share} of "
        "their own posts"
    ),
    "connector": mark(
        "tied to at least {groups_linked} people of other groups, and among the "
        "{betweenness_share} with the highest betweenness"
    ),
    "amplifier": mark(
        "reposted at least {reposts} times, and with at least {repost_share} of their posts"
    ),
    "broadcaster": mark(
        "at least {broadcasts} posts that address nobody and answer no question, at least "
        "{broadcast_share} of their own, and fewer than {answered_per_post} people replying per "
        "such post"
    ),
    "asker": mark("asked at least one question of their own that is not rhetorical"),
    "newcomer": mark("here for the first time in the last edition, of two or more"),
    "regular": mark(
        "there in at least half of the editions, in three or more, and in one of the last two"
    ),
}
ACCOUNT = {
    "own_posts": mark("posts by the account, reposts left out"),
    "promotion": mark(
        "share of its own posts that sell: words such as sign up, our offer, link in bio "
        "(the list is text/lists/phrases.csv)"
    ),
    "broadcast": mark(
        "share of its own posts that address nobody: no reply, no quote, nobody named, no "
        "numbered question"
    ),
    "conversation": mark("share of its own posts that reply to, quote or name somebody else"),
    "numbered_questions": mark(
        "share of its own posts with the mark of a numbered question, repeats and translations too"
    ),
    "reposts_given": mark("posts of others that it passed on"),
    "mentions": mark(
        "posts by others that reply to it, quote or name it; reposts, and answers to its numbered "
        "questions, left out"
    ),
    "mentions_answered": mark(
        "share of these that the account replied to or quoted within 24 hours"
    ),
    "minutes_to_answer": mark("median minutes from such a post to the answer"),
    "minutes_at_work": mark(
        "the same, counting only Monday to Friday from nine to six; holidays are not known"
    ),
    "started_by_others": mark(
        "conversations that began with somebody else's post and that the account is part of"
    ),
    "started_by_account": mark("conversations that began with its post and drew a reply"),
    "taken_to_private": mark(
        "replies of the account that lead elsewhere: by message, by mail (text/lists/phrases.csv)"
    ),
}
# Shares between 0 and 1.
ACCOUNT_SHARES = (
    "promotion",
    "broadcast",
    "conversation",
    "numbered_questions",
    "mentions_answered",
)
REACH = {
    "unique_followers": mark(
        "followers of everybody who wrote or reposted, each person once, added up: no more "
        "different people than this, for nobody knows how far their followers are the same"
    ),
    "sum_of_followers": mark(
        "followers of each author of posts of their own, counted once, added up"
    ),
    "posts_times_followers": mark(
        "followers of the author of each post, reposts included, added up: “potential impressions”"
    ),
    "reposters_audience": mark(
        "followers of each person who reposted and wrote nothing, counted once, added up"
    ),
    "largest_audience": mark("followers of the account with most: one audience without overlap"),
    "impressions": mark(
        "times shown, as the platform counted, added up over the posts that say it"
    ),
    "amplification": mark("reposts in this file per post of one's own"),
    "posts_per_person": mark("posts in the chat, reposts included, per author"),
    "repost_rate": mark("reposts among all posts in the chat"),
}
# What only could have been, not what was counted.
BOUNDS = (
    "unique_followers",
    "sum_of_followers",
    "posts_times_followers",
    "reposters_audience",
    "largest_audience",
)
