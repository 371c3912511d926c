"""Plain counts of 1, 3 and 10 million posts: in memory, streamed, on Dask; beside two peers.

    python -m benchmarks.scale FOLDER [--posts 1000000 3000000 10000000] [--ways memory,...]

Writes the posts (`benchmarks/large.py`) into FOLDER once, then counts ties, people and activity in
a process of its own each way, alternating. CPU is that of all threads and child processes, imports
left out; MiB is the peak of the process (of the largest worker, with Dask), of which the result
takes what stands beside it. Each way prints a digest
of its rows: equal digests are equal tables. Only ratios within one run mean anything.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks.large import write

SIZES = (1_000_000, 3_000_000, 10_000_000)
MEASURED = """
import resource, sys, time, os, hashlib
import numpy as np, pandas as pd
folder = sys.argv[1]
def digest(table, columns):
    flat = table[columns].reset_index(drop=True)
    for name in flat:
        if str(flat[name].dtype).startswith("datetime"):
            flat[name] = flat[name].astype("int64")
    told = [np.asarray(flat[name].astype(str).fillna(""), dtype=object) for name in flat]
    rows = pd.util.hash_array(np.asarray([" ".join(r) for r in zip(*told)], dtype=object))
    return f"{{len(flat)}} rows {{np.bitwise_xor.reduce(rows) if len(rows) else 0:x}}"
{setup}
children = lambda: sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
before, cpu, more = time.perf_counter(), time.process_time(), children()
result, columns = work(folder)
wall, used = time.perf_counter() - before, time.process_time() - cpu + children() - more
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
extra = finish() if "finish" in globals() else (0, 0)
size = result.memory_usage(deep=False).sum() / 2**20
figures = f"{{used + extra[0]:.2f}} {{wall:.2f}} {{max(peak, extra[1]):.0f}} {{size:.0f}}"
print(figures, digest(result, columns), sep="|")
"""

TABLES = {
    "ties": (
        "cl.network.tie_table(posts)",
        ["source", "target", "reply", "mention", "quote", "repost", "first", "last"],
    ),
    "people": (
        "cl.people_table(posts).rename_axis('author_id').reset_index()",
        ["author_id", "author", "posts", "post", "reply", "quote", "repost", "answered_by",
         "engagement", "followers", "first", "last"],
    ),
    "activity": (
        "cl.posts.activity_table(posts, step='1h').rename_axis('at').reset_index()",
        ["at", "post", "reply", "quote", "repost"],
    ),
}  # fmt: skip

READ = "import chatlab as cl\ncl.read_posts, cl.scan_posts, cl.people_table, cl.network.tie_table\n"
WAYS = {
    "memory": READ + "def work(folder):\n"
    "    posts = cl.scan_posts(folder).read()\n    return {call}, {columns}",
    "streamed": READ + "def work(folder):\n"
    "    posts = cl.scan_posts(folder)\n    return {call}, {columns}",
    "dask": READ + "from distributed import Client, LocalCluster\n"
    "cluster = LocalCluster(n_workers=2, threads_per_worker=1, memory_limit='9GiB',"
    " dashboard_address=None)\n"
    "client = Client(cluster)\nclient.wait_for_workers(2)\n"
    "spent = lambda: (sum(os.times()[:2]), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    "start = client.run(spent)\n"
    "def work(folder):\n"
    "    posts = cl.scan_posts(folder).on(client)\n    return {call}, {columns}\n"
    "def finish():\n"
    "    end = client.run(spent)\n"
    "    return sum(end[w][0] - start[w][0] for w in end), max(e[1] for e in end.values()) / 1024",
    "duckdb": "import duckdb\n"
    "def work(folder):\n"
    "    db = duckdb.connect()\n    db.execute('set threads to 2')\n"
    "    db.execute(\"set timezone = 'UTC'\")\n"
    "    return db.execute({sql!r}.format(folder=folder)).df(), {columns}",
}

MENTIONED = """
select author_id as source, target, 'mention' as relation, created_at from (
  select author_id, created_at, kind, reply_to_author, post_id,
    unnest(list_distinct(case when kind = 'reply' and platform in ('x', 'mastodon')
      then mentions[len(string_split_regex(trim(regexp_extract(text, '^(?:\\s*@[\\w.@-]+)+')),
        '\\s+')) * (regexp_extract(text, '^(?:\\s*@[\\w.@-]+)+') <> '')::int + 1 :]
      else mentions end)) as target
  from posts where in_chat and kind <> 'repost')
where not (kind = 'reply' and target is not distinct from reply_to_author)
"""
SQL = {
    "ties": f"""
with posts as (from read_parquet('{{folder}}/*.parquet')), each_tie as (
  select author_id as source, reply_to_author as target, 'reply' as relation, created_at
    from posts where in_chat and kind = 'reply'
  union all select author_id, quote_of_author, 'quote', created_at
    from posts where in_chat and kind in ('reply', 'quote')
  union all select author_id, repost_of_author, 'repost', created_at
    from posts where in_chat and kind = 'repost'
  union all {MENTIONED})
select source, target, count(*) filter (relation = 'reply') as reply,
  count(*) filter (relation = 'mention') as mention, count(*) filter (relation = 'quote') as quote,
  count(*) filter (relation = 'repost') as repost, min(created_at) as first, max(created_at) as last
from each_tie where source is not null and target is not null and source <> target
group by source, target order by source, target""",
    "people": """
with posts as (from read_parquet('{folder}/*.parquet')),
counted as (select author_id, count(*) as posts,
  count(*) filter (kind = 'post') as post, count(*) filter (kind = 'reply') as reply,
  count(*) filter (kind = 'quote') as quote, count(*) filter (kind = 'repost') as repost,
  arg_max(author, (created_at, post_id)) as author,
  arg_max(author_name, (created_at, post_id)) as author_name,
  sum(case when coalesce(likes, reposts, replies, quotes) is not null then coalesce(likes, 0)
    + coalesce(reposts, 0) + coalesce(replies, 0) + coalesce(quotes, 0) end)::bigint as engagement,
  max(author_followers) as followers, min(created_at) as first, max(created_at) as last
  from posts where in_chat and author_id is not null group by author_id),
answered as (select reply_to_author as author_id, count(distinct author_id) as answered_by
  from posts where in_chat and kind = 'reply' and author_id <> reply_to_author
  group by reply_to_author)
select counted.*, coalesce(answered_by, 0) as answered_by
from counted left join answered using (author_id) order by posts desc, author_id""",
    "activity": """
select time_bucket(interval 1 hour, created_at) as at,
  count(*) filter (kind = 'post') as post, count(*) filter (kind = 'reply') as reply,
  count(*) filter (kind = 'quote') as quote, count(*) filter (kind = 'repost') as repost
from read_parquet('{folder}/*.parquet') where in_chat group by 1 order by 1""",
}
DASK_FRAME = {
    "people": "posts = dd.read_parquet(folder, columns=['author_id', 'kind', 'created_at'])\n"
    "    counted = posts.groupby('author_id').agg({'kind': 'count', 'created_at': ['min', 'max']},"
    " split_out=4).compute()\n    counted.columns = ['posts', 'first', 'last']\n"
    "    return counted.reset_index(), ['author_id', 'posts', 'first', 'last']",
    "activity": "posts = dd.read_parquet(folder, columns=['created_at', 'kind'])\n"
    "    hours = posts.assign(at=posts.created_at.dt.floor('1h'))\n"
    "    counted = hours.groupby(['at', 'kind'], observed=True).size().compute()\n"
    "    table = counted.unstack(fill_value=0).reset_index()\n"
    "    table['at'] = table['at'].dt.tz_localize(None)\n"
    "    return table, ['at', 'post', 'reply', 'quote', 'repost']",
    "ties": "posts = dd.read_parquet(folder, columns=['author_id', 'reply_to_author', 'kind',"
    " 'created_at'])\n    replies = posts[posts.kind == 'reply']\n"
    "    counted = replies.groupby(['author_id', 'reply_to_author']).created_at.agg(['count',"
    " 'min', 'max'], split_out=4).compute().reset_index()\n"
    "    return counted, ['author_id', 'reply_to_author', 'count']",
}
FRAME = (
    "import dask.dataframe as dd\nfrom distributed import Client, LocalCluster\n"
    "cluster = LocalCluster(n_workers=2, threads_per_worker=1, memory_limit='9GiB',"
    " dashboard_address=None)\n"
    "client = Client(cluster)\nclient.wait_for_workers(2)\n"
    "spent = lambda: (sum(os.times()[:2]), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    "start = client.run(spent)\n"
    "def work(folder):\n    {frame}\n"
    "def finish():\n    end = client.run(spent)\n"
    "    return sum(end[w][0] - start[w][0] for w in end), max(e[1] for e in end.values()) / 1024"
)


def setup(way: str, table: str) -> str:
    call, columns = TABLES[table]
    if way == "dask-frame":
        return FRAME.format(frame=DASK_FRAME[table])
    return WAYS[way].format(call=call, columns=columns, sql=SQL[table])


def measure(way: str, table: str, folder: Path, limit: int) -> str:
    code = MEASURED.format(setup=setup(way, table))
    guarded = "if __name__ == '__main__':\n" + "\n".join("    " + line for line in code.split("\n"))
    script = folder.parent / f"{way}-{table}.py"
    script.write_text(guarded)
    try:
        done = subprocess.run(
            [sys.executable, script, folder],
            capture_output=True,
            text=True,
            check=False,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        return f"no result within {limit} s"
    if done.returncode:
        return f"failed: {(done.stderr.strip().splitlines() or ['killed'])[-1][:90]}"
    figures, told = done.stdout.strip().splitlines()[-1].split("|")
    cpu, wall, peak, size = figures.split()
    return f"{cpu:>7} {wall:>7} {peak:>7} {size:>7}  {told}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--posts", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--ways", default="memory,streamed,dask,duckdb,dask-frame")
    parser.add_argument("--limit", type=int, default=900, help="seconds for one way")
    options = parser.parse_args()
    heads = f"{'CPU s':>7} {'wall s':>7} {'MiB':>7} {'result':>7}  rows"
    print(f"{'posts':>11} {'table':9} {'way':11} {heads}")
    for posts in options.posts:
        folder = write(options.folder / f"posts-{posts}", posts)
        for table in TABLES:
            for way in options.ways.split(","):
                told = measure(way, table, folder, options.limit)
                print(f"{posts:>11,} {table:9} {way:11} {told}", flush=True)


if __name__ == "__main__":
    main()
