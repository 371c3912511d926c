"""What each column means that tells of people, of host and panel, and of what they share."""

from __future__ import annotations

from chatlab.translation import mark

OF_PEOPLE: dict[str, tuple[str, str]] = {
    "replies_share": (mark("Replies"), mark("share of the posts of one's own that reply")),
    "profile": (mark("Profile"), mark("address of the account's profile")),
    "author_bio": (mark("Profile says"), mark("what the account says of itself")),
    "questions": (
        mark("Questions"),
        mark("numbered questions that they answered, or were put to them"),
    ),
    "asked": (mark("Asked"), mark("sure questions of their own; or of those after the sign-off")),
    "influence_rank": (mark("Rank"), mark("by PageRank in the reply graph; 1 is the first")),
    "best_words": (mark("Best post"), mark("their post that drew most; no greeting, no complaint")),
    "best_url": (mark("Its link"), mark("address of that post")),
    "thanked_on": (mark("Thanked on"), mark("as you wrote it into people.csv")),
    "invited_on": (mark("Invited on"), mark("as you wrote it into people.csv")),
    "same_as": (mark("Same as"), mark("whom you count them with, as people.csv says")),
    "how": (mark("How"), mark("what was before their first post, or what it does")),
    "by_author": (mark("By whom"), mark("who named them before, or whom their first post is to")),
    "used": (mark("Used"), mark("the tag, or words of the subject")),
    "came": (mark("Came"), mark("whether they wrote in this edition")),
    "in_an_hour": (
        mark("In an hour"),
        mark("most posts within any sixty minutes, replies left out"),
    ),
    "floods": (
        mark("Too many"),
        mark("more than twenty within an hour: a convention, not a bound"),
    ),
    "given": (mark("Given"), mark("questions answered; or deeds of the account to others")),
    "people_given": (mark("To people"), mark("different people to whom the account did so")),
    "taken": (mark("Taken"), mark("deeds of others to the account")),
    "people_taken": (mark("By people"), mark("different people who did so")),
    "deed": (mark("Deed"), mark("what is done to somebody")),
    "brought": (
        mark("Brought"),
        mark("people whose first post is to them, or whom they named before"),
    ),
    "back": (mark("Answered back"), mark("different people who replied to these answers")),
    "over_at": (mark("Over at"), mark("the host's goodbye, else the last post")),
    "signed_off": (mark("Signed off"), mark("whether a host said goodbye")),
    "stayed": (mark("Stayed"), mark("people of the edition who wrote after it")),
    "half_after": (mark("Half within"), mark("minutes within which half of these posts came")),
    "one_author": (mark("One"), mark("handle of the account with more posts")),
    "other_author": (mark("The other"), mark("handle of the other account")),
    "link": (mark("Link"), mark("without what tracks a reader")),
    "clicks": (mark("Clicks"), mark("as the owner's export counts them")),
    "address": (mark("Address"), mark("where the picture or video is")),
    "alt": (mark("In it"), mark("what its author says is in it")),
    "passed_on": (mark("Shared"), mark("posts that carry it, and their reposts in the file")),
    "tag": (mark("Tag"), mark("another tag in this file")),
    "before": (mark("First half"), mark("in the first half of the time of the file")),
    "since": (mark("Second half"), mark("in the second half of the time of the file")),
    "days": (mark("Days"), mark("different days on which they turned to the account")),
    "status": (mark("Status"), mark("as you wrote it into people.csv")),
    "number": (mark("Number"), mark("of the question: 3 is Q3")),
    "minutes": (mark("Minutes"), mark("median from a question to their first answer")),
}
