"""A place on a map for each post of a theme."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

from chatlab.themes.documents import Documents
from chatlab.themes.vectors import reduced, tfidf_rows

MAPPED = 1200
FEWEST_MAPPED = 8


def theme_places(documents: Documents, seed: int) -> npt.NDArray[np.float32]:
    """Return a place in the plane for each post: likely neighbours stand together."""
    bags = documents.bags
    row = np.maximum(bags.row.to_numpy(), 0)
    with threadpool_limits(1):
        if min(bags.borrowed.shape) < 4:
            return np.zeros((len(bags.row), 2), dtype=np.float32)
        near = reduced(tfidf_rows(bags.borrowed), seed)[:, :50]
        perplexity = min(30.0, (len(near) - 1) / 4)
        flat = TSNE(perplexity=perplexity, init="pca", random_state=seed).fit_transform(near)
    # Copies stand on one spot; a little noise shows that there are several.
    noise = np.random.default_rng(seed).normal(scale=0.4, size=(len(bags.row), 2))
    return np.asarray(flat[row] + noise, dtype=np.float32)
