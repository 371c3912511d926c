"""Hashtag conversations as one tidy table and plain graphs; `import chatlab as cl`.

Files
    read_posts, read_chat, convert_posts, write_posts; of any size: ingest_posts, scan_posts
The posts table
    check_posts, combine_posts, select_posts, pseudonymize, remove_author
The chat
    find_editions, find_questions, match_answers, unanswered_questions
Themes and market research
    find_themes, theme_table, theme_recurrence, find_insights, insight_table
Who answers whom
    reply_graph, interaction_graph, thread_graph, hashtag_graph, read_graph, write_graph,
    find_communities, influence_table
People
    people_table, reach_table
Reports
    build_report, set_language

Everything else stands in the packages, in the order in which data flow: `cl.text`, `cl.posts`,
`cl.io`, `cl.chat`, `cl.themes`, `cl.network`, `cl.people`, `cl.project`, `cl.report` (with
`cl.report.say`, `show` and `plot`). Numbers and dates are written by `cl.translation`; errors are
in `cl.errors`, each a `cl.ChatlabError`.
"""

from chatlab.door import attach

__version__ = "0.1.0"
__getattr__, __dir__, __all__ = attach(__name__, __file__)
