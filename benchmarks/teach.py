"""Learn the weights of `chatlab/text/model` from the invented posts in `data/invented`.

    python -m benchmarks.teach            writes weights_en.csv, weights_fr.csv and shares.csv

A logistic regression for each kind and language. The same posts give the same weights.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from chatlab.text.reading import CONSTANT, FOLDER, KINDS_READ, features_of, scaled

POSTS = Path(__file__).parent.parent / "data" / "invented"
LANGUAGES = ("en", "fr")
# A word, or a piece of words, stands in so many of the posts at least.
FEWEST = {"": 4, "~": 10}
STRENGTH = 2.0
DIGITS = 2


def main() -> None:
    shares: list[tuple[str, str, float]] = []
    for lang in LANGUAGES:
        lines = (POSTS / f"{lang}.jsonl").read_text(encoding="utf-8").splitlines()
        posts = [json.loads(line) for line in lines]
        table = learn([post["text"] for post in posts], [post["labels"] for post in posts], lang)
        table.to_csv(FOLDER / f"weights_{lang}.csv", lineterminator="\n")
        for kind in KINDS_READ:
            shares.append((lang, kind, sum(kind in post["labels"] for post in posts) / len(posts)))
        print(f"{lang}: {len(posts)} posts, {len(table)} features")
    told = pd.DataFrame(shares, columns=["lang", "kind", "share"]).round(3)
    told.to_csv(FOLDER / "shares.csv", index=False, lineterminator="\n")


def learn(texts: list[str], labels: list[list[str]], lang: str) -> pd.DataFrame:
    found = [features_of(text, lang) for text in texts]
    times = Counter(name for one in found for name in one)
    names = sorted(name for name, n in times.items() if n >= FEWEST.get(name[0], FEWEST[""]))
    rows = scaled(found, {name: i for i, name in enumerate(names)})
    table = pd.DataFrame(index=pd.Index([CONSTANT, *names], name="feature"))
    for kind in KINDS_READ:
        holds = np.array([kind in some for some in labels])
        model = LogisticRegression(C=STRENGTH, max_iter=1000).fit(rows, holds)
        table[kind] = [*model.intercept_, *model.coef_[0]]
    rounded = table.round(DIGITS)
    return rounded[(rounded != 0).any(axis=1)]


if __name__ == "__main__":
    main()
