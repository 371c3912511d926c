"""How well editions, questions, answers and open questions are found in the simulated chat.

python -m benchmarks.chat [--seeds 5] [--labels FILE.csv --file POSTS]

`--labels` takes a CSV with the columns post_id, number: which post answers which question of the
last edition, labelled by hand; it is compared with what is found in the file of posts.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

import chatlab as cl
from data.simulation.story import simulate_chat

Pair = tuple[str, int]


def planted_questions(truth: pd.DataFrame) -> set[Pair]:
    """Return the questions planted: post and number; one post may ask two."""
    asked = truth[truth["is_question"]]
    return {
        (str(post), int(number))
        for column in ("question", "second_question")
        for post, number in asked[column].dropna().items()
    }


def planted_answers(truth: pd.DataFrame) -> dict[Pair, str]:
    """Return the answers planted: post and number, with the kind of answer."""
    told = truth[truth["answer_by"].notna()]
    return {
        (str(post), int(number)): str(told["answer_by"][post])
        for column in ("question", "second_question")
        for post, number in told[column].dropna().items()
    }


def shares(found: Iterable[Any], wanted: Iterable[Any]) -> tuple[float, float]:
    """Return precision and recall."""
    have, want = set(found), set(wanted)
    hit = len(have & want)
    return hit / max(len(have), 1), hit / max(len(want), 1)


def found_pairs(table: pd.DataFrame) -> dict[Pair, str]:
    """Return post and number of each row, with how it was matched."""
    ways = table["matched_by"] if "matched_by" in table else [""] * len(table)
    keys = zip(table["post_id"], table["number"], strict=True)
    return {(str(p), int(n)): str(way) for (p, n), way in zip(keys, ways, strict=True)}


def scores(seed: int) -> dict[str, Any]:
    """Score one simulated chat."""
    posts, truth = simulate_chat(seed=seed)
    editions = cl.find_editions(posts)
    questions = cl.find_questions(posts, editions=editions)
    answers = found_pairs(cl.match_answers(posts, questions))
    planted = planted_answers(truth)
    asked = truth["asked"].dropna()
    left = set(asked.index[asked != "answered"])
    open_ = cl.unanswered_questions(posts).set_index("post_id")["reason"]
    p, r = shares(open_.index, left)
    both = open_[open_.index.isin(list(left))]
    return {
        "editions": (int(editions.max()), int(truth["edition"].max())),
        "edition_posts": shares(
            editions.dropna().items(), truth.loc[posts["in_chat"], "edition"].dropna().items()
        ),
        "questions": shares(found_pairs(questions), planted_questions(truth)),
        "answers": shares(answers, planted),
        "recall_by_kind": by_kind(planted, answers),
        "precision_by_way": by_kind(answers, planted),
        "open": (p, r, 2 * p * r / max(p + r, 1e-9)),
        "reasons": (both == asked.reindex(both.index)).mean(),
    }


def by_kind(kinds: Mapping[Pair, str], others: Iterable[Pair]) -> dict[str, str]:
    """Count, kind by kind, how many of one side the other side has."""
    there = set(others)
    whole, hit = Counter(kinds.values()), Counter(k for pair, k in kinds.items() if pair in there)
    return {kind: f"{hit[kind]}/{n}" for kind, n in sorted(whole.items())}


def _print_labelled(labels: str, file: str) -> None:
    told = pd.read_csv(labels, dtype={"post_id": "str"})
    wanted = {(str(p), int(n)) for p, n in told[["post_id", "number"]].itertuples(index=False)}
    posts = cl.read_posts(file)
    questions = cl.find_questions(posts)
    answers = found_pairs(cl.match_answers(posts, questions))
    print(questions[["edition", "number", "post_id", "asked_at"]].to_string())
    print("answers: precision {:.3f}, recall {:.3f}".format(*shares(answers, wanted)))
    print("right by way:", by_kind(answers, wanted))


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--labels")
    parser.add_argument("--file")
    options = parser.parse_args()
    if options.labels:
        _print_labelled(options.labels, options.file)
        return
    rows = []
    for seed in range(options.seeds):
        one = scores(seed)
        rows.append([*one["answers"], one["open"][2]])
        print(f"seed {seed}: editions {one['editions'][0]} of {one['editions'][1]}", end="; ")
        print("posts in them: precision {:.3f}, recall {:.3f}".format(*one["edition_posts"]))
        print("  questions: precision {:.3f}, recall {:.3f}".format(*one["questions"]))
        print("  answers:   precision {:.3f}, recall {:.3f}".format(*one["answers"]))
        print("    found by kind:", one["recall_by_kind"])
        print("    right by way:", one["precision_by_way"])
        print("  open:      precision {:.3f}, recall {:.3f}, F1 {:.3f}".format(*one["open"]))
        print(f"    reason right for {one['reasons']:.3f}")
    mean = pd.DataFrame(rows).mean()
    print("mean: answers {:.3f}, {:.3f}; open questions F1 {:.3f}".format(*mean))


if __name__ == "__main__":
    main()
