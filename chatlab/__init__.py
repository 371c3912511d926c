"""Hashtag conversations as one tidy table and plain graphs; `import chatlab as cl`."""

from __future__ import annotations

import functools
import importlib
from typing import Any

__version__ = "0.1.0"

# One line per module: `import chatlab` stays cheap because nothing below is loaded before use.
_PUBLIC = {
    "errors": (
        "ChatlabError GraphError NotPostsError NotebookError PostsError SettingsError "
        "UnknownFormatError UnreadableFileError"
    ),
    "messages": "format_date format_number format_share format_time set_language",
    "schema": "check_posts empty_posts engagement",
    "text": "clean_text",
    "words": "detect_language stop_words tokenize",
    "privacy": "names_to_check pseudonymize remove_author",
    "simulate": "simulate_chat",
    "load": "combine_posts coverage_table read_posts select_posts write_posts write_table",
    "convert": "convert_posts",
    "analytics": "read_analytics",
    "settings": "Chat Privacy Settings read_chat",
    "graph": "graph_tables hashtag_graph interaction_graph reply_graph thread_graph",
    "two_mode": "author_hashtag_graph author_theme_graph",
    "communities": (
        "bridge_table community_stability community_table community_ties find_communities "
        "modularity"
    ),
    "layout": "network_layout",
    "graph_files": "read_graph write_graph",
    "editions": (
        "chosen_edition edition_comparison edition_table editions_up_to find_editions "
        "late_posts select_edition usual_hour"
    ),
    "activity": "activity_table discussed_posts kind_table shared_posts top_posts",
    "themes": "ThemeTree find_themes theme_tree",
    "theme_tables": "theme_recurrence theme_stability theme_table theme_terms time_slices",
    "insights": "find_insights read_cues",
    "insight_tables": "brand_table insight_quotes insight_table kind_counts",
    "kept": "KeptThemes chat_themes keep_insights keep_themes",
    "hosts": "find_hosts own_lists",
    "asking": "asks_something",
    "questions": "find_questions match_answers question_board",
    "open_questions": "participants_questions questions_around unanswered_questions",
    "influence": "influence_table theme_carriers visibility_table without_people",
    "roles": "RoleRules role_counts role_table",
    "growth": "growth_table",
    "retention": "attendance_table retention_table",
    "reach": "chat_analytics compare_analytics follower_growth reach_table",
    "account": "account_table",
    "people": "key_people people_table",
    "memory": "chat_memory compare_memory read_memory remembered_themes",
    "overlooked": "unnoticed",
    "care": "keep_people to_invite to_thank whom_to_thank",
    "planning": "candidate_questions hour_table posts_to_share stayed_themes",
    "summary": (
        "caution_lines describe_brief describe_chat describe_scope describe_snapshot name_editions "
        "next_steps protection_lines"
    ),
    "network_summary": (
        "completeness_lines describe_groups describe_influence describe_network network_lines"
    ),
    "theme_summary": "describe_market describe_themes theme_cautions theme_lines",
    "theme_plot": "plot_insights plot_theme_map plot_theme_slices plot_theme_terms",
    "plot": ("plot_activity plot_contributors plot_editions plot_influence plot_kinds"),
    "network_plot": "plot_community_ties plot_fame plot_growth plot_network",
    "present": (
        "show_answer show_brand show_bridges show_carriers show_coverage show_examples "
        "show_groups show_influence show_list show_loading show_posts show_ranks show_reach "
        "show_roles show_table show_themes"
    ),
    "chat_plot": "plot_hours plot_questions plot_remembered plot_retention",
    "chat_summary": (
        "analytics_lines best_hour care_lines chat_lines describe_editions describe_memory "
        "describe_next describe_questions matching_lines no_board no_edition_before stayed_lines"
    ),
    "chat_present": (
        "how_to_remember show_account show_analytics show_attendance show_board show_candidates "
        "show_drafts show_editions show_followers show_hosting show_late show_memory "
        "show_open_questions show_shareable show_states show_unnoticed"
    ),
    "report": "build_report export_html run_notebook",
}
_HOME = {name: module for module, names in _PUBLIC.items() for name in names.split()}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'chatlab' has no attribute {name!r}")
    return _opened(name)


@functools.cache
def _opened(name: str) -> Any:
    from chatlab._door import guarded

    return guarded(getattr(importlib.import_module(f"chatlab.{_HOME[name]}"), name))


def __dir__() -> list[str]:
    return __all__
