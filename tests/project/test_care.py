"""Whom to thank and invite: drafts, reasons to skip, and what an analyst wrote, kept."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

import chatlab as cl
from tests.conftest import ROOT, written_key


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "chat"
    shutil.copytree(ROOT / "data" / "crowdwork", target, ignore=shutil.ignore_patterns("*.csv"))
    return target


def everybody(chat: cl.project.Chat) -> pd.DataFrame:
    posts = chat.posts
    return cl.people_table(
        posts,
        editions=chat.editions,
        questions=cl.chat.participants_questions(posts, hosts=chat.host_ids),
        themes=pd.Series("pay", index=posts.index),
        hosts=list(chat.parts),
    )


def thanks_of(chat: cl.project.Chat, kept: pd.DataFrame, **options) -> pd.DataFrame:
    now = cl.chat.select_edition(chat.posts, chat.editions)
    return cl.project.to_thank(kept, cl.project.whom_to_thank(chat, now, **options))


def test_one_row_per_person_with_all_that_is_known(folder: Path) -> None:
    people = everybody(cl.read_chat(folder)).set_index("author")
    assert people.loc["demo_paul_verdier_chronique", "press"] == "chroniqueur"
    assert people.loc["demo_jess_okoro_newsletter", "press"] == "newsletter"
    assert people["press"].notna().sum() == 2
    assert people["acknowledged"].isin(["thanked"]).any()
    asked = people["asked"].notna()
    assert people.loc[asked, "answered"].isin([True, False]).all()
    assert people["visits"].max() == 6
    assert set(people["attendance"].dropna()) <= {
        "newcomer",
        "regular",
        "returning",
        "not seen lately",
        "once",
    }


def test_drafts_are_in_the_persons_language_and_name_nobody_twice(folder: Path) -> None:
    kept = cl.project.keep_people(chat := cl.read_chat(folder), everybody(chat)).set_index("author")
    french = kept.loc["demo_nina_oostveen_trad"]
    opening = "@demo_nina_oostveen_trad Bonjour Nina Oostveen, merci d'avoir pris part à"
    assert french["thank_you"].startswith(opening)
    assert "votre" in french["thank_you"] + french["invitation"]
    english = kept.loc["demo_jess_okoro_newsletter"]
    opening = "@demo_jess_okoro_newsletter Hello Jess Okoro, thank you"
    assert english["thank_you"].startswith(opening)
    assert "{signature}" in english["invitation"]
    assert "{next_date}" in english["invitation"]
    drafts = " ".join([*kept["thank_you"], *kept["invitation"]])
    assert "#crowdwork" in drafts
    for gendered in (
        "Cher ",
        "Chère ",
        "venue",
        "venu ",
        "ravi",
        "heureux",
        " tu ",
        "Dear Sir",
        "lecteurs",
    ):
        assert gendered not in kept["invitation"].str.cat(sep=" ")


def test_team_list_and_promotion_are_left_out_with_the_reason(folder: Path) -> None:
    chat = cl.read_chat(folder)
    people = everybody(chat)
    rival = people.index[20]
    people.loc[rival, "author_name"] = "Atelio France"
    kept = cl.project.keep_people(chat, people).set_index("author_id")
    assert kept.loc[rival, "skip"] == "rival"
    by_author = kept.set_index("author")["skip"]
    assert by_author["demo_camille_rochebrune"] == "team"
    assert by_author["demo_PromoTaches24_fictif"] == "on your list"
    assert (kept.loc[kept["skip"] != "", ["thank_you", "invitation"]] == "").all(axis=None)
    for chosen in (thanks_of(chat, kept.reset_index()), cl.project.to_invite(kept.reset_index())):
        assert (chosen["skip"] == "").all()
        assert len(chosen) == 10
    assert any("team" in line for line in cl.report.say.care(kept.reset_index()))


def test_what_the_analyst_wrote_survives(folder: Path) -> None:
    chat = cl.read_chat(folder)
    first = cl.project.keep_people(chat, everybody(chat))
    path = folder / "people.csv"
    written = pd.read_csv(path, dtype="str", keep_default_na=False)
    thanked, skipped = thanks_of(chat, first)["author_id"].head(2)
    rows = written.set_index("author_id")
    rows.loc[thanked, ["note", "thanked_on"]] = ["met in Lyon", "2026-04-10"]
    rows.loc[skipped, "status"] = "skip"
    rows.insert(0, "phone", "")
    rows.loc[thanked, "phone"] = "=1+1"
    rows.loc["x:gone"] = ""
    rows.loc["x:gone", ["author", "note"]] = ["left", "friend"]
    rows.reset_index().to_csv(path, index=False, sep=";", encoding="utf-8-sig")
    again = cl.project.keep_people(chat, everybody(chat)).set_index("author_id")
    assert again.loc[thanked, "note"] == "met in Lyon"
    assert again.loc[thanked, "phone"] == "=1+1"
    assert again.loc[skipped, "skip"] == "as you say"
    chosen = set(thanks_of(chat, again.reset_index(), n=200)["author_id"])
    assert not {thanked, skipped} & chosen
    kept = pd.read_csv(path, dtype="str", keep_default_na=False).set_index("author_id")
    assert kept.loc["x:gone", "note"] == "friend"
    assert kept.loc["x:gone", "new"] == "not found"
    assert kept.loc[thanked, "phone"] == "'=1+1"  # no spreadsheet runs it
    assert (kept["new"] != "new").all()


def test_a_person_taken_out_leaves_the_file_too(folder: Path) -> None:
    chat = cl.read_chat(folder)
    cl.project.keep_people(chat, everybody(chat))
    path = folder / "people.csv"
    assert "demo_nina_oostveen_trad" in path.read_text()
    without = cl.read_chat(folder, privacy=cl.project.Privacy(None, ("@demo_nina_oostveen_trad",)))
    cl.project.keep_people(without, everybody(without))
    assert "nina_oostveen" not in path.read_text()
    assert "Oostveen" not in path.read_text()


def test_with_pseudonyms_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    key = written_key(tmp_path)
    chat = cl.read_chat(folder, privacy=cl.project.Privacy(str(key), ()))
    kept = cl.project.keep_people(chat, everybody(chat))
    assert not (folder / "people.csv").exists()
    assert (kept["thank_you"] == "").all()


def test_a_client_sees_no_names(folder: Path) -> None:
    chat = cl.read_chat(folder)
    thanks = thanks_of(chat, cl.project.keep_people(chat, everybody(chat)))
    assert "@demo" in cl.report.show.drafts(thanks, "thank_you")._repr_html_()
    assert "@demo" not in cl.report.show.drafts(thanks, "thank_you", for_client=True)._repr_html_()
    assert "Nobody is left" in cl.report.show.drafts(thanks.iloc[:0], "thank_you").text


def test_who_is_left_out_is_left_out_for_words_that_can_be_read(tmp_path) -> None:
    from chatlab.project.kept_people import keep_people

    rows = [
        ("ed", "an editor's note, ed."),
        ("ed", "merci à toutes"),
        ("rude", "@ed you are such an idiot"),
        *(("shop", f"sign up now for offer {i}") for i in range(3)),
        ("once", "sign up for our chat!"),
        ("once", "a nice day"),
    ]
    lines = ["text,author", *(f'"{text}",{author}' for author, text in rows)]
    (tmp_path / "posts.csv").write_text("\n".join(lines))
    chat = cl.read_chat(tmp_path, columns={"text": "text", "author": "author"})
    kept = keep_people(chat, cl.people_table(chat.posts)).set_index("author")
    assert kept["skip"].to_dict() == {
        "ed": "", "rude": "abuse", "shop": "promotion", "once": "",
    }  # fmt: skip
    assert kept["skip_words"].to_dict() == {
        "ed": "", "rude": "you are such an idiot", "shop": "sign up", "once": "",
    }  # fmt: skip
    told = " ".join(cl.report.say.care(kept.reset_index()))
    assert "@rude is left out for “you are such an idiot” (abuse)" in told


def test_drafts_fit_into_one_post_and_thank_for_no_complaint(folder: Path) -> None:
    chat = cl.read_chat(folder)
    insights = cl.find_insights(chat.posts)
    complaints = set(insights.loc[insights["kind"] == "friction", "post_id"])
    posts = chat.posts
    people = cl.people_table(posts, hosts=list(chat.parts), complaints=complaints)
    best = people["best_post"].dropna()
    assert len(best) > 50
    assert complaints.isdisjoint(best)
    aside = posts.loc[best.tolist()]
    aside = aside[aside["kind"].eq("reply") & ~aside["reply_to_author"].isin(list(chat.parts))]
    assert aside["text"].str.contains(r"[AR]\S{0,8} ?\d", regex=True).all()
    kept = cl.project.keep_people(chat, people)
    limits = {"x": 280, "mastodon": 500, "bluesky": 300}
    for author_id, author, *drafts in kept[
        ["author_id", "author", "thank_you", "invitation"]
    ].itertuples(index=False, name=None):
        for draft in filter(None, drafts):
            assert draft.startswith(f"@{author} ")
            length = len(re.sub(r"https?://\S+?(?=\))", "x" * 23, draft))
            assert length <= limits[author_id.partition(":")[0]]


def test_thanks_are_for_who_was_there_and_the_same_in_the_brief(folder: Path) -> None:
    chat = cl.read_chat(folder)
    now = cl.chat.select_edition(chat.posts, chat.editions, 3)
    answers = cl.match_answers(chat.posts, cl.find_questions(chat.posts, hosts=chat.host_ids))
    first = cl.project.whom_to_thank(chat, now, answers=answers)
    assert set(first.index) <= set(now.loc[now["in_chat"], "author_id"])
    assert first["answers_given"].iloc[0] + first["answered_by"].iloc[0] > 2
    steps = " ".join(task.what for task in cl.report.say.to_do(chat.at(3)))
    assert all(f"@{author}" in steps for author in first["author"].head(3))
    drafts = cl.project.to_thank(cl.project.keep_people(chat, everybody(chat)), first)
    assert list(drafts["author"]) == list(first["author"])


def test_a_stranger_whom_only_the_name_brought_is_not_thanked(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(
        "text,author,to\n"
        "I write of other things,ruchenet_stranger,\n"
        "Let us begin #ruchenet,ruchenet,\n"
        "so shall we #ruchenet,ada,\n"
        "me too,bob,ruchenet_stranger\n",
        encoding="utf-8",
    )
    columns = {"text": "text", "author": "author", "reply_to_author": "to"}
    (tmp_path / "chat.toml").write_text('hashtag = "ruchenet"\n', encoding="utf-8")
    chat = cl.read_chat(tmp_path, columns=columns, platform="x")
    kept = cl.project.keep_people(chat, cl.people_table(chat.posts)).set_index("author")
    assert kept.loc["ruchenet_stranger", "skip"] == "only in the name"
    assert kept.loc["ruchenet", "skip"] == kept.loc["ada", "skip"] == ""
    assert "ruchenet_stranger" not in set(cl.project.whom_to_thank(chat, chat.posts)["author"])
