"""How good and how fast are the themes? Beside the peers, on labelled short texts, in one run.

    python -m benchmarks.themes FOLDER                   the sets of shared/real/labelled_texts
    python -m benchmarks.themes FOLDER --sets Tweet      one set
    python -m benchmarks.themes --growth                 CPU and memory at 2,000 to 200,000 posts
    python -m benchmarks.themes --chat                   the simulated chat: themes, returns, sizes

Prints, as means of five seeds: ACC (Hungarian matching), NMI (arithmetic), ARI, NPMI of the ten
best words of each theme (co-occurrence within a text), topic diversity (share of different words
among them), stability (mean pairwise ARI over the seeds), the number found, CPU seconds and peak
memory of the whole process, threads limited to one. One setting for all sets: none is told
anything about the set but K, where it is given.

With `pip install wordllama`, whose wheel carries an English model of 16 MB, also with that as an
encoder, offline; with `pip install bertopic` too, BERTopic with the same encoder.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

SEEDS = 5
WORDS = 10
# The planted themes of the simulated chat that come, go and come again.
RECURRING = ("brief", "quality", "privacy", "onboarding", "tools")
SETS = {
    "Tweet": ("sttm_Tweet.txt", "sttm_Tweet_LABEL.txt"),
    "StackOverflow": ("jacoxu_title_StackOverflow.txt", "jacoxu_label_StackOverflow.txt"),
    "SearchSnippets": ("sttm_SearchSnippets.txt", "sttm_SearchSnippets_label.txt"),
    "PascalFlickr": ("sttm_Pascal_Flickr.txt", "sttm_Pascal_Flickr_LABEL.txt"),
}
WAYS = ("chatlab, own K", "chatlab, K given", "TF-IDF, k-means", "LSA, k-means", "NMF", "LDA")
# Ways that need an encoder, with what must be installed for them.
ENCODED_WAYS = {
    "encoder, k-means": ("wordllama",),
    "chatlab+encoder, own K": ("wordllama",),
    "chatlab+encoder, K given": ("wordllama",),
    "BERTopic, own K": ("wordllama", "bertopic"),
}
# From METHODS.md, of another day and machine: ACC, NMI, ARI.
BERTOPIC = {
    "Tweet": "own K: .78 .90 .75, 71 topics, 4.5 % outliers",
    "StackOverflow": "k-means: .77 .72 .65; own K: .34 .52 .14, 219 topics",
}


def read_set(folder: Path, name: str) -> tuple[list[str], list[int]]:
    """Read a labelled set: one text and one label per line."""
    texts, labels = (
        (folder / file).read_text(encoding="utf-8").splitlines() for file in SETS[name]
    )
    assert len(texts) == len(labels)
    return texts, [int(label) for label in labels]


def labels_of(way: str, texts: list[str], k: int, seed: int) -> Any:
    """Cluster texts one way."""
    import numpy as np
    import pandas as pd
    from sklearn.cluster import KMeans
    from sklearn.decomposition import NMF, LatentDirichletAllocation, TruncatedSVD
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.preprocessing import normalize

    import chatlab as cl

    if way.startswith("chatlab"):
        wanted = k if way.endswith("given") else None
        encoder = encode if "encoder" in way else None
        themes = cl.find_themes(
            pd.Series(texts), n_themes=wanted, seed=seed, encoder=encoder, place_all=True
        )
        return themes.fillna(-1).to_numpy(dtype=int)
    if way == "encoder, k-means":
        return KMeans(k, n_init=1, random_state=seed).fit_predict(encode(texts))
    if way.startswith("BERTopic"):
        return bertopic_of(texts, seed)
    if way == "LDA":
        counts = CountVectorizer(stop_words="english", min_df=2).fit_transform(texts)
        model = LatentDirichletAllocation(k, random_state=seed)
        return model.fit_transform(counts).argmax(axis=1)
    tfidf = TfidfVectorizer(stop_words="english", min_df=2, sublinear_tf=True).fit_transform(texts)
    if way == "NMF":
        return NMF(k, random_state=seed, init="nndsvda").fit_transform(tfidf).argmax(axis=1)
    if way == "LSA, k-means":
        tfidf = normalize(TruncatedSVD(100, random_state=seed).fit_transform(tfidf))
    return np.asarray(KMeans(k, n_init=1, random_state=seed).fit_predict(tfidf))


def encode(texts: Sequence[str]) -> Any:
    """Encode texts with the model inside WordLlama's wheel; nothing is downloaded."""
    import wordllama

    folder = Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
    return model.embed(list(texts), norm=True)


def bertopic_of(texts: list[str], seed: int) -> Any:
    """Cluster as BERTopic does by default, with UMAP's seed fixed; -1 is its outliers."""
    import numpy as np
    from bertopic import BERTopic
    from umap import UMAP

    space = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
    model = BERTopic(embedding_model=None, umap_model=space)
    return np.array(model.fit_transform(texts, encode(texts))[0])


def agreement(truth: Any, found: Any) -> list[float]:
    """Return ACC, NMI and ARI."""
    from scipy.optimize import linear_sum_assignment
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
    from sklearn.metrics.cluster import contingency_matrix

    shared = contingency_matrix(truth, found)
    rows, columns = linear_sum_assignment(-shared)
    return [
        shared[rows, columns].sum() / len(truth),
        normalized_mutual_info_score(truth, found),
        adjusted_rand_score(truth, found),
    ]


def word_quality(texts: list[str], found: Any) -> list[float]:
    """Return the mean NPMI of themes' best words, and how many of these are different."""
    import numpy as np
    import pandas as pd

    from chatlab.themes.documents import count_words, own_words, vocabulary_of

    words = own_words(pd.Series(texts))
    present = count_words(words, vocabulary_of(words)).minimum(1).tocsc()
    n, spread = present.shape[0], np.asarray(present.sum(axis=0)).ravel()
    scores, best_words = [], []
    for theme in np.unique(found[found >= 0]):
        inside = np.asarray(present[found == theme].sum(axis=0)).ravel()
        coverage = inside / max(1, (found == theme).sum())
        lift = np.log((coverage + 1e-9) / (spread / n + 1e-9))
        best = np.argsort(-coverage * np.maximum(lift, 0))[:WORDS]
        best_words += list(best)
        together = (present[:, best].T @ present[:, best]).toarray() / n
        for a, b in combinations(range(len(best)), 2):
            joint = together[a, b]
            if joint in (0, 1):
                scores.append(-1.0 if joint == 0 else 1.0)
                continue
            expected = together[a, a] * together[b, b]
            scores.append(float(np.log(joint / expected) / -np.log(joint)))
    return [float(np.mean(scores)), len(set(best_words)) / max(1, len(best_words))]


def run_one(folder: Path, name: str, way: str, seed: int) -> None:
    """Measure one way in this process, and print its labels and figures as JSON."""
    import resource
    import time

    texts, truth = read_set(folder, name)
    found = labels_of(way, texts, len(set(truth)), seed)
    cpu = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = [*agreement(truth, found), *word_quality(texts, found)]
    told = {"found": [int(label) for label in found], "figures": figures}
    # Libraries may have printed before; the last line is ours.
    print(json.dumps({**told, "cpu": cpu, "memory": memory}))


def compare(folder: Path, names: list[str]) -> None:
    """Print a table per set."""
    from sklearn.metrics import adjusted_rand_score

    head = "ACC    NMI    ARI    NPMI   diver. stabil. K     CPU s  MB"
    for name in names:
        texts, truth = read_set(folder, name)
        print(f"\n{name}: {len(texts):,} texts, {len(set(truth))} classes\n{'':26}{head}")
        for way in (*WAYS, *ENCODED_WAYS):
            missing = [m for m in ENCODED_WAYS.get(way, ()) if find_spec(m) is None]
            if missing:
                print(f"{way:26}not run: {', '.join(missing)} not installed")
                continue
            runs = []
            for seed in range(SEEDS):
                call = [sys.executable, __file__, str(folder), "--one", name, way, str(seed)]
                done = subprocess.run(call, capture_output=True, text=True, check=True)
                runs.append(json.loads(done.stdout.splitlines()[-1]))
            pairs = list(combinations([run["found"] for run in runs], 2))
            stable = sum(adjusted_rand_score(a, b) for a, b in pairs) / len(pairs)
            means = [sum(run["figures"][i] for run in runs) / SEEDS for i in range(5)]
            numbers = [len({label for label in run["found"] if label >= 0}) for run in runs]
            told = "".join(f"{figure:<7.3f}" for figure in [*means, stable])
            span = f"{min(numbers)}-{max(numbers)}" if len(set(numbers)) > 1 else str(numbers[0])
            cpu, memory = (sum(run[what] for run in runs) / SEEDS for what in ("cpu", "memory"))
            print(f"{way:26}{told} {span:6}{cpu:<7.1f}{memory:.0f}", flush=True)
        if name in BERTOPIC:
            print(f"{'BERTopic, MiniLM':26}{BERTOPIC[name]} (METHODS.md)")


GROWTH = """
import resource, sys, time
import pandas as pd
import chatlab as cl
from data.simulation.story import simulate_chat
posts, _truth = simulate_chat(n_editions=30, n_authors=400)
posts = posts[posts["in_chat"] & (posts["kind"] != "repost")]
n, copies = int(sys.argv[1]), []
words = posts["text"].str.split().tolist()
import random
rng = random.Random(1)
# New posts from two halves of old ones of one theme keep the vocabulary growing as it does.
texts = [
    " ".join(rng.sample(words[i % len(words)], len(words[i % len(words)])) +
             [f"w{int(rng.paretovariate(0.6)) % 200000}" for _ in range(3)])
    for i in range(n)
]
start = time.process_time()
themes = cl.find_themes(pd.Series(texts), place_all=True)
cpu = time.process_time() - start
print(n, themes.nunique(), cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def growth() -> None:
    """Print CPU and memory as the number of posts grows."""
    last = None
    for n in (2_000, 20_000, 200_000):
        call = [sys.executable, "-c", GROWTH, str(n)]
        out = subprocess.run(call, capture_output=True, text=True, check=True).stdout.split()
        cpu, memory = float(out[2]), float(out[3])
        factor = f", {cpu / last:.1f} times the CPU of a tenth" if last else ""
        print(f"{n:>8,} posts: {out[1]} themes, {cpu:.1f} s CPU, {memory:.0f} MB{factor}")
        last = cpu


def chat() -> None:
    """Print how well planted themes and returns are found in the simulated chat."""
    import pandas as pd
    from sklearn.metrics import adjusted_rand_score

    import chatlab as cl
    from data.simulation.plan import THEMES
    from data.simulation.story import simulate_chat

    for editions, people in ((6, 200), (15, 220)):
        named: set[tuple[int, str]] = set()
        for seed in range(SEEDS):
            posts, truth = simulate_chat(n_editions=editions, n_authors=people, seed=seed)
            posts = posts[posts["in_chat"]]
            tree = cl.themes.theme_tree(posts)
            themes, planted = tree.cut(), truth["theme"].reindex(posts.index)
            known = planted.notna() & themes.notna()
            scores = {
                lang: adjusted_rand_score(planted[mask], themes[mask].astype(int))
                for lang, mask in {
                    "all": known,
                    "fr": known & (posts["lang"] == "fr"),
                    "en": known & (posts["lang"] == "en"),
                }.items()
            }
            told = ", ".join(f"ARI {lang} {score:.2f}" for lang, score in scores.items())
            print(f"{len(posts):,} posts, seed {seed}: {tree.n_themes} themes, {told}")
            slices = cl.themes.time_slices(posts, editions=cl.find_editions(posts))
            returns = cl.theme_recurrence(posts, themes, slices)["type"]
            shared = pd.crosstab(themes[known], planted[known])
            owner, best = shared.idxmax(axis=1), shared.idxmax()
            named |= {(seed, name) for name, t in best.items() if returns[t] == "recurring"}
            print("   ", ", ".join(f"{owner.get(t, '?')}: {kind}" for t, kind in returns.items()))
            direct = cl.theme_recurrence(
                posts,
                planted.map({name: i for i, name in enumerate(THEMES)}).astype("Int64"),
                slices,
            )["type"]
            kinds = dict(zip(THEMES, direct, strict=False))
            print("    on the planted themes:", ", ".join(f"{k}: {v}" for k, v in kinds.items()))
        planted_so = {(seed, name) for seed in range(SEEDS) for name in RECURRING}
        right = len(named & planted_so)
        print(
            f"    {editions} editions, the largest theme of each planted one: recurring with "
            f"precision {right / max(1, len(named)):.2f}, recall {right / len(planted_so):.2f}"
        )
    for n in (5, 30, 100, 300):
        posts = simulate_chat(seed=0)[0]
        part = posts[posts["in_chat"]].head(n)
        table = cl.theme_table(part, cl.find_themes(part))
        told = "; ".join(
            f"{name} ({n_posts})"
            for name, n_posts in zip(table["name"], table["posts"], strict=True)
        )
        print(f"{n} posts: {told or 'no themes'}")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--chat", action="store_true")
    parser.add_argument("--one", nargs=3, metavar=("SET", "WAY", "SEED"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        run_one(asked.folder, asked.one[0], asked.one[1], int(asked.one[2]))
    elif asked.growth:
        growth()
    elif asked.chat:
        chat()
    elif asked.folder:
        compare(asked.folder, asked.sets)
    else:
        parser.error("name the folder of labelled texts, or one of the options")


if __name__ == "__main__":
    main()
