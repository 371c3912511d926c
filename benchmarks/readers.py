"""What readers of real posts say of insights, themes, names and participants' questions.

    python -m benchmarks.readers FOLDER                      all figures
    python -m benchmarks.readers FOLDER insights questions   some of them
    python -m benchmarks.readers FOLDER join OUT.csv         the labels joined to the posts
    python -m benchmarks.readers FOLDER sheet OUT FILE...    a new blind sheet of intruder tests

FOLDER holds labels_insights.csv and the real files. What `join` and `sheet` write are real
people's posts: keep it to yourself.

Readers labelled real posts, or answered intruder tests, without having seen chatlab; their labels
are in FOLDER/labels_insights.csv and, as digests of ids, in benchmarks/labels. Files are parted
into those that were looked at while building and those to measure on. Intervals are 95 %: bootstrap
over posts for F1, Wilson for shares.
"""

from __future__ import annotations

import argparse
import hashlib
import warnings
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

import chatlab as cl
from chatlab.chat.open_questions import participants_questions
from chatlab.text.patterns import HANDLE, URL
from chatlab.text.words import LANGUAGES, stop_words
from chatlab.themes.documents import Documents, read_documents

LABELS = Path(__file__).parent / "labels"
KINDS = ("friction", "solution", "case", "request")
# Digests of the files that were looked at while building.
SEEN = set((LABELS / "seen.txt").read_text().split())
DRAWS = 1000
Truth = npt.NDArray[np.bool_]


def digest(text: str) -> str:
    """Return what stands for an id or a path in benchmarks/labels."""
    return hashlib.sha256(f"chatlab:{text}".encode()).hexdigest()[:12]


@cache
def read(path: Path) -> pd.DataFrame:
    return cl.read_posts(path)


def files_of(folder: Path) -> dict[str, Path]:
    """List the files below a folder by digest."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {digest(path.relative_to(folder).as_posix()): path for path in found}


def labelled(folder: Path) -> pd.DataFrame:
    """Join the labels to their posts; of two readers of a post, a kind counts where both say so."""
    labels = pd.read_csv(folder / "labels_insights.csv", dtype={"post_id": "str"})
    told = labels.groupby(["file", "post_id"], sort=False)
    table = told.agg({"lang": "first", **dict.fromkeys(KINDS, "mean")}).reset_index()
    parts = []
    for file, part in table.groupby("file", sort=False):
        posts = read(folder / str(file)).reindex(part["post_id"])
        parts.append(part.assign(text=posts["text"].to_numpy(), seen=digest(str(file)) in SEEN))
    whole = pd.concat(parts, ignore_index=True).dropna(subset="text")
    for kind in KINDS:
        whole[kind] = whole[kind] > 0.5
    return whole


def insights(folder: Path) -> None:
    """Print F1 of the insights beside a plain classifier, and how many sure marks are right."""
    table = labelled(folder)
    marks = []
    for file in table["file"].unique():
        found = cl.find_insights(read(folder / str(file)))
        marks.append(found.assign(file=file))
    found = pd.concat(marks)
    for kind in KINDS:
        for certainty, name in ((("sure", "to check"), kind), (("sure",), f"sure {kind}")):
            here = found[(found["kind"] == kind) & found["certainty"].isin(certainty)]
            pairs = pd.MultiIndex.from_frame(here[["file", "post_id"]])
            table[f"chatlab {name}"] = pd.MultiIndex.from_frame(table[["file", "post_id"]]).isin(
                pairs
            )
    learn = table[table["seen"]]
    for kind in KINDS:
        peer = make_pipeline(
            TfidfVectorizer(min_df=2, ngram_range=(1, 2), sublinear_tf=True),
            LogisticRegression(C=8, class_weight="balanced", max_iter=500),
        ).fit(learn["text"], learn[kind])
        table[f"peer {kind}"] = peer.predict(table["text"])
    print("insights: F1 (precision/recall), macro F1 with its interval")
    for title, part in (
        ("looked at", table[table["seen"]]),
        ("to measure on", table[~table["seen"]]),
        *(
            (f"to measure on, {lang}", table[~table["seen"] & (table["lang"] == lang)])
            for lang in LANGUAGES
        ),
    ):
        for way, name in (("chatlab", "chatlab"), ("peer", "TF-IDF, logistic regression*")):
            if way == "peer" and title == "looked at":
                continue
            told = [_scores(part[kind], part[f"{way} {kind}"]) for kind in KINDS]
            low, high = _bootstrap(part, way)
            one = "  ".join(
                f"{kind} {f1:.2f} ({p:.2f}/{r:.2f})"
                for kind, (f1, p, r) in zip(KINDS, told, strict=True)
            )
            mean = np.mean([f1 for f1, _p, _r in told])
            print(
                f"  {title}, {len(part)} posts, {name}: macro {mean:.2f} "
                f"({low:.2f} to {high:.2f})  {one}"
            )
        right = sum(int((part[kind] & part[f"chatlab sure {kind}"]).sum()) for kind in KINDS)
        marked = sum(int(part[f"chatlab sure {kind}"].sum()) for kind in KINDS)
        print(f"    sure marks that are right: {_share(right, marked)}")
    print("  * learnt from the real posts that were looked at; chatlab learnt from no real post")


def _scores(truth: pd.Series, said: pd.Series) -> tuple[float, float, float]:
    both, said_n, true_n = int((truth & said).sum()), int(said.sum()), int(truth.sum())
    return 2 * both / max(1, said_n + true_n), both / max(1, said_n), both / max(1, true_n)


def _bootstrap(part: pd.DataFrame, way: str) -> tuple[float, float]:
    rng = np.random.default_rng(0)
    truth = part[[*KINDS]].to_numpy(bool)
    said = part[[f"{way} {kind}" for kind in KINDS]].to_numpy(bool)
    means = []
    for _draw in range(DRAWS):
        rows = rng.integers(len(part), size=len(part))
        both = (truth[rows] & said[rows]).sum(axis=0)
        means.append((2 * both / np.maximum(1, truth[rows].sum(0) + said[rows].sum(0))).mean())
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def _share(right: float, n: float) -> str:
    """Write a share with Wilson's interval."""
    if not n:
        return "none"
    z, p = 1.96, right / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    wide = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return f"{p:.2f} ({middle - wide:.2f} to {middle + wide:.2f}) of {n:.0f}"


def questions(folder: Path) -> None:
    """Print precision and recall of participants' questions, and of those nobody answered."""
    told = pd.read_csv(LABELS / "questions.csv", dtype={"post": "str"})
    files = files_of(folder)
    parts = []
    for file, part in told.groupby("file"):
        if file not in files:
            print(f"  a file of the labels is not in {folder}: {file}")
            continue
        asked = participants_questions(read(files[str(file)]))
        by_post = asked.assign(post=asked["post_id"].map(digest)).set_index("post")
        parts.append(
            part.assign(
                asked=part["post"].isin(by_post.index),
                sure=by_post["certainty"].reindex(part["post"]).eq("sure").to_numpy(),
                reason=by_post["reason"].reindex(part["post"]).to_numpy(),
            )
        )
    table = pd.concat(parts)
    true = table["question"].eq(1)
    print("participants' questions (weighted by how many posts each stands for)")
    for title, seen in (("looked at", True), ("to measure on", False)):
        here = table["file"].isin(SEEN).eq(seen)
        for name, said in (("all", table["asked"]), ("sure", table["sure"])):
            weight = table["weight"]
            both = weight[here & true & said].sum()
            print(
                f"  {title}, {here.sum()} posts, {name}: precision "
                f"{both / max(1e-9, weight[here & said].sum()):.2f}, recall "
                f"{both / max(1e-9, weight[here & true].sum()):.2f}"
            )
        left = here & table["sure"] & table["reason"].isin(["no reply", "only the asker"])
        right = left & true & table["answered"].eq(0)
        print(f"    “nobody replied”, right: {_share(int(right.sum()), int(left.sum()))}")


def themes(folder: Path) -> None:
    """Print how often blind readers found the intruder, by way; and today's coverage."""
    told = pd.read_csv(LABELS / "intruders.csv", dtype="str")
    told["right"] = told["said"] == told["intruder_at"]
    print("themes: intruders found among five posts, blind, all ways mixed (chance .20)")
    for sheet, part in told.groupby("sheet", sort=False):
        ways = "; ".join(
            f"{way} {_share(int(some['right'].sum()), len(some))}"
            for way, some in part.groupby("way")
        )
        print(f"  {sheet}: {ways}")
    files = files_of(folder)
    last = told[told["sheet"] == told["sheet"].iloc[-1]]
    for file in last["file"].unique():
        if file in files:
            posts = read(files[file])
            documents = read_documents(posts)
            groups = _groups(cl.find_themes(posts, documents=documents), documents)
            own = documents.own[documents.first]
            print(
                f"  {file}: {groups.max() + 1} themes, {(groups >= 0)[own].mean():.2f} of "
                f"{own.sum()} different texts have one"
            )


def names(_folder: Path) -> None:
    """Print what readers say of the themes' names."""
    told = pd.read_csv(LABELS / "names.csv")
    print("names of themes, judged beside posts of theirs")
    for reader, part in told.groupby("reader"):
        n = len(part)
        counts = part["verdict"].value_counts()
        shares = ", ".join(
            f"{v} {_share(int(counts.get(v, 0)), n)}" for v in ("informs", "misleads")
        )
        print(f"  {reader}: {shares}")


def join(folder: Path, out: Path) -> None:
    labelled(folder).to_csv(out, index=False)
    print(f"{out}: real people's posts; keep it to yourself")


def sheet(folder: Path, out: Path, paths: Sequence[str], n: int = 20) -> None:
    """Write a blind sheet of intruder tests, and its key as digests of ids."""
    rng = np.random.default_rng(0)
    items = []
    for path in paths:
        posts = read(folder / path)
        documents = read_documents(posts)
        own = documents.own[documents.first]
        texts = posts["text"].iloc[documents.first].tolist()
        ids = posts.index[documents.first]
        for way, groups in _ways(posts, documents).items():
            large = [g for g in range(groups.max() + 1) if ((groups == g) & own).sum() >= 5]
            sizes = np.sqrt([((groups == g) & own).sum() for g in large])
            for _item in range(n):
                group = rng.choice(large, p=sizes / sizes.sum())
                four = rng.choice(np.flatnonzero((groups == group) & own), 4, replace=False)
                one = rng.choice(np.flatnonzero((groups != group) & own))
                order = rng.permutation(5)
                five = np.array([*four, one])[order]
                items.append(
                    (path, way, [texts[i] for i in five], [*ids[five]], order.argmax() + 1)
                )
    with out.open("w", encoding="utf-8") as file:
        rows = []
        for number, place in enumerate(rng.permutation(len(items)), start=1):
            path, way, five, ids_of, at = items[place]
            told = "".join(f"{i}. {' '.join(t.split())}\n" for i, t in enumerate(five, start=1))
            file.write(f"### {number}\n{told}\n")
            rows.append((number, digest(path), way, " ".join(map(digest, ids_of)), at))
    columns = ["item", "file", "way", "posts", "intruder_at"]
    pd.DataFrame(rows, columns=columns).to_csv(out.with_suffix(".key.csv"), index=False)
    print(f"{out}: {len(items)} items, real people's posts; keep it to yourself")


def _ways(posts: pd.DataFrame, documents: Documents) -> dict[str, npt.NDArray[np.int64]]:
    ours = _groups(cl.find_themes(posts, documents=documents), documents)
    whole = cl.find_themes(posts, documents=documents, place_all=True)
    own = documents.own[documents.first]
    share = float((ours >= 0)[own].mean())
    peer = np.full(len(own), -1)
    peer[own] = _nmf(posts["text"].iloc[documents.first[own]], int(ours.max()) + 1, share)
    return {"chatlab": ours, "all posts placed": _groups(whole, documents), "NMF": peer}


def _groups(themes: pd.Series, documents: Documents) -> npt.NDArray[np.int64]:
    return themes.iloc[documents.first].fillna(-1).to_numpy(dtype=np.int64)


def _nmf(texts: pd.Series, n: int, share: float) -> npt.NDArray[np.int64]:
    """Group as many texts into as many groups, by plain words: the best fitting ones."""
    plain = [HANDLE.sub(" ", URL.sub(" ", str(text))) for text in texts]
    stops = sorted(frozenset().union(*map(stop_words, LANGUAGES)))
    rows: sp.csr_matrix = TfidfVectorizer(
        stop_words=stops, min_df=2, sublinear_tf=True, token_pattern=r"(?u)\b[^\W\d_]{2,}\b"
    ).fit_transform(plain)
    parts = NMF(n, init="nndsvda", max_iter=300, random_state=0).fit_transform(rows)
    best = parts.max(axis=1)
    return np.where((best >= np.quantile(best, 1 - share)) & (best > 0), parts.argmax(axis=1), -1)


FIGURES: dict[str, Callable[[Path], None]] = {
    "insights": insights, "questions": questions, "themes": themes, "names": names
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("what", nargs="*")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    what = options.what or [*FIGURES]
    if what[0] == "join":
        join(options.folder, Path(what[1]))
    elif what[0] == "sheet":
        sheet(options.folder, Path(what[1]), what[2:])
    else:
        for one in what:
            FIGURES[one](options.folder)


if __name__ == "__main__":
    main()
