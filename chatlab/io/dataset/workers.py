"""Steps of a job, done here one after the other, or by the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from tqdm import tqdm

# Nothing is drawn of what is done at once.
DELAY = 2.0


def each(
    step: Callable[..., Any],
    items: Sequence[Any],
    *shared: Any,
    client: Any = None,
    what: str,
) -> list[Any]:
    """Do a step for each item, and return what it gives in their order.

    `client` is a `distributed.Client`; a worker that is lost is replaced by another, so a step
    must do no harm when it is done twice.
    """
    if client is None:
        return [step(item, *shared) for item in shown(items, what, len(items))]
    futures = client.map(step, items, *([one] * len(items) for one in shared), pure=False)
    wait(client, futures, what)
    return list(client.gather(futures))


def wait(client: Any, futures: Sequence[Any], what: str) -> None:
    """Show how far a cluster is, and raise the first error that a worker meets."""
    from distributed import as_completed  # only who has a cluster has it

    try:
        ended: Any = as_completed
        for done in shown(ended(futures, loop=client.loop), what, len(futures)):
            if done.status == "error":
                done.result()
    except BaseException:
        client.cancel(futures)
        raise


def shown(items: Iterable[Any], what: str, total: int) -> Iterator[Any]:
    """Go through items, with a bar where that takes a while."""
    yield from tqdm(items, desc=what, total=total, delay=DELAY, leave=False, disable=None)
