"""What an analyst accepted and rejected teaches the marks of a chat."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize

Rows = npt.NDArray[np.float64]
# How firmly the learnt weights stand against the analyst's verdicts.
FIRMNESS = 1.0


def taught(before: Rows, rows: sp.csr_matrix, accepted: npt.NDArray[np.bool_]) -> Rows:
    """Move the weights of one kind to what an analyst said, no further than needed.

    The weights of a logistic regression, with those before as the mean of a normal prior.

    Parameters
    ----------
    before
        One weight per feature.
    rows
        The posts that were judged, one row each, with a last column for the constant.
    accepted
        For each, whether it is of the kind.
    """
    columns = np.unique(rows.indices)
    seen = rows[:, columns]
    sign = np.where(accepted, 1.0, -1.0)
    start = before[columns]

    def loss(weights: Rows) -> tuple[float, Rows]:
        margins = sign * (seen @ weights)
        moved = weights - start
        slope = -sign / (1 + np.exp(margins))
        value = np.logaddexp(0, -margins).sum() + FIRMNESS / 2 * moved @ moved
        return float(value), np.asarray(seen.T @ slope + FIRMNESS * moved)

    after = before.copy()
    after[columns] = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return after
