"""Ways to name somebody in a post, each tried with pseudonyms and with the person taken out."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

import pandas as pd
import pytest

import chatlab as cl

KEY = "a secret of some length"

# Written by somebody who neither replies to her nor mentions her, unless "to her" says so.
WAYS = {
    "handle": "merci @awandiaye pour tout",
    "handle, capitals": "merci @AwaNdiaye!",
    "handle, possessive": "see @awandiaye's list",
    "handle, typographic possessive": "see @awandiaye’s list",
    "handle, dot before": ".@awandiaye dit non",
    "handle, dot after": "merci @awandiaye.",
    "handle, next sentence glued": "merci @awandiaye.Super",
    "handle, brackets": "(via @awandiaye)",
    "handle, fullwidth sign": "merci ＠awandiaye",
    "handle, blank after the sign": "merci @ awandiaye",
    "handle, zero-width sign inside": "merci @awa\u200bndiaye",
    "handle, bare": "ask awandiaye about it",
    "handle, as hashtag": "#awandiaye",
    "full name": "selon Awa Ndiaye, non",
    "full name, small": "selon awa ndiaye, non",
    "full name, capitals": "AWA NDIAYE a dit",
    "full name, elision": "l'équipe d'Awa Ndiaye",
    "full name, typographic elision": "l’équipe d’Awa Ndiaye",
    "full name, possessive": "Awa Ndiaye's team",
    "full name, two blanks": "Awa  Ndiaye",
    "full name, no-break blank": "Awa\u00a0Ndiaye",
    "full name, line of dots": "Awa…Ndiaye",
    "full name, comma": "Ndiaye, Awa",
    "full name, turned": "Ndiaye Awa",
    "full name, hyphen": "Awa-Ndiaye",
    "full name, underscore": "Awa_Ndiaye",
    "full name, dot": "Awa.Ndiaye",
    "full name, glued": "AwaNdiaye",
    "full name, glued and small": "voir awandiaye",
    "full name, hashtag": "#AwaNdiaye",
    "full name, hashtag small": "#awandiaye",
    "full name, hashtag with underscore": "#Awa_Ndiaye",
    "full name, inside a hashtag": "#MerciAwaNdiaye2026",
    "full name, inside a small hashtag": "#mercipourtoutawandiaye",
    "full name, fullwidth": "Ａｗａ Ｎｄｉａｙｅ",
    "full name, zero-width sign": "Awa N\u200bdiaye",
    "full name, soft hyphen": "Awa Ndi\u00adaye",
    "full name, emoji between": "Awa 🌸 Ndiaye",
    "full name, bold": "**Awa** **Ndiaye**",
    "full name, quotes": "« Awa Ndiaye »",
    "full name, mathematical letters": "𝐀𝐰𝐚 𝐍𝐝𝐢𝐚𝐲𝐞",
    "first initial and last name": "A. Ndiaye écrit",
    "first initial glued": "ANdiaye écrit",
    "first name": "merci Awa !",
    "first name, elision": "grâce à d'Awa",
    "first name, typographic elision": "l'avis d’Awa",
    "first name, qu'": "je crois qu'Awa vient",
    "first name, possessive": "Awa's idea",
    "first name, typographic possessive": "Awa’s idea",
    "first name, hyphen after": "Awa-san",
    "first name, hashtag": "#Awa",
    "first name, hashtag with thanks": "#MerciAwa",
    "first name, small hashtag with thanks": "#merciawa",
    "first name, capitals": "MERCI AWA",
    "last name": "Ndiaye a raison",
    "last name, elision": "l'idée d'Ndiaye",
    "last name, hashtag": "#TeamNdiaye",
    "profile link": "https://x.com/awandiaye",
    "profile link, twitter": "http://twitter.com/AwaNdiaye?s=20",
    "profile link, mobile": "https://mobile.twitter.com/awandiaye/status/99",
    "profile link, bare": "x.com/awandiaye",
    "profile link, www": "www.twitter.com/awandiaye",
    "profile link by id": "https://x.com/i/user/71001234",
    "profile link by user_id": "https://twitter.com/intent/user?user_id=71001234",
    "profile link, percent signs": "https://social.example/" + quote("@awandiaye", safe=""),
    "link to a post": "https://x.com/i/web/status/1234567890123",
    "own domain": "https://awandiaye.fr/blog",
    "own domain, bare": "lisez awandiaye.fr",
    "own domain, hyphen": "https://www.awa-ndiaye.com/",
    "name in a path": "https://medium.example/2026/interview-awa-ndiaye-12",
    "other network": "https://github.com/awa_ndiaye",
    "LinkedIn": "https://www.linkedin.com/in/awa-ndiaye-0a1b",
    "e-mail": "écrire à awa.ndiaye@mail.example",
    "e-mail of another name": "écrire à contact@collectif.example",
    "mailto": "mailto:awa@collectif.example",
    "phone": "appelez +221 77 123 45 67",
    "phone, French": "06 12 34 56 78",
    "phone, American": "(555) 123-4567",
    "id in the text": "compte 71001234",
    "id of a post in the text": "post 1234567890123",
}
TRACES = (
    "awandiaye", "ndiaye", "71001234", "1234567890123", "collectif.example", "771234567",
    "0612345678", "5551234567",
)  # fmt: skip


def names_her(text: str) -> bool:
    """Tell, in another way than the library does, whether a text still names her."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(sign for sign in plain if sign.isalnum())
    seen = "".join(s for s in plain if unicodedata.category(s) not in ("Mn", "Cf"))
    return any(trace.replace(".", "") in letters for trace in TRACES) or "awa" in seen


def conversation(table, text: str, **row: object) -> pd.DataFrame:
    tags = [word.lstrip("#").casefold() for word in text.split() if word.startswith("#")]
    urls = [word for word in text.split() if word.startswith("http")]
    return table(
        {
            "post_id": "x:1234567890123",
            "author_id": "x:71001234",
            "author": "awandiaye",
            "author_name": "Awa Ndiaye",
            "author_bio": "Awa",
            "text": "hello",
        },
        {
            "author_id": "x:8",
            "author": "boris",
            "author_name": "Boris Tal",
            "text": text,
            "hashtags": tags,
            "urls": urls,
            **row,
        },
        {"author_id": "x:9", "author": "cy", "text": "the awareness of waves"},
    )


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_naming_survives(table, way: str) -> None:
    posts = conversation(table, WAYS[way])
    for hidden in (cl.pseudonymize(posts, key=KEY), cl.remove_author(posts, "@awandiaye")):
        changed = cl.check_posts(hidden)
        row = changed[~changed["text"].isin(["hello", "the awareness of waves"])].iloc[0]
        told = " ".join([row["text"], *row["hashtags"], *row["urls"]])
        assert not names_her(told), told
    assert "the awareness of waves" in set(changed["text"])


# Platform, id, handle, display name, what is written, and what must not be read any more.
ELSEWHERE = {
    "Mastodon, whole handle": ("mastodon", "mastodon:mila@a.example", "mila@a.example",
                               "Mila Øster", "hej @mila@a.example", ["mila"]),
    "Mastodon, local handle": ("mastodon", "mastodon:mila@a.example", "mila@a.example",
                               "Mila Øster", "hej @mila", ["mila"]),
    "Mastodon, without the first sign": ("mastodon", "mastodon:mila@a.example", "mila@a.example",
                                         "Mila Øster", "hej mila@a.example", ["mila"]),
    "Mastodon, profile": ("mastodon", "mastodon:mila@a.example", "mila@a.example",
                          "Mila Øster", "https://a.example/@mila", ["mila"]),
    "Mastodon, actor": ("mastodon", "mastodon:mila@a.example", "mila@a.example",
                        "Mila Øster", "https://a.example/users/mila/statuses/1", ["mila"]),
    "letters that have no accent apart": ("mastodon", "mastodon:mila@a.example", "mila@a.example",
                                          "Mila Øster", "Mila Oster kom", ["mila", "oster"]),
    "Bluesky, handle": ("bluesky", "bluesky:did:plc:abcdefgh2345", "mila.bsky.social",
                        "Mila Oster", "hi @mila.bsky.social", ["mila"]),
    "Bluesky, handle bare": ("bluesky", "bluesky:did:plc:abcdefgh2345", "mila.bsky.social",
                             "Mila Oster", "see mila.bsky.social", ["mila"]),
    "Bluesky, profile": ("bluesky", "bluesky:did:plc:abcdefgh2345", "mila.bsky.social",
                         "Mila Oster", "https://bsky.app/profile/mila.bsky.social", ["mila"]),
    "Bluesky, profile by did": ("bluesky", "bluesky:did:plc:abcdefgh2345", "mila.bsky.social",
                                "Mila Oster", "https://bsky.app/profile/did:plc:abcdefgh2345",
                                ["abcdefgh2345"]),
    "Bluesky, did": ("bluesky", "bluesky:did:plc:abcdefgh2345", "mila.bsky.social", "Mila Oster",
                     "did:plc:abcdefgh2345 wrote", ["abcdefgh2345"]),
    "Bluesky, address of a post": ("bluesky", "bluesky:did:plc:abcdefgh2345", "mila.bsky.social",
                                   "Mila Oster", "at://did:plc:abcdefgh2345/app.bsky.feed.post/3k",
                                   ["abcdefgh2345"]),
    "accents, decomposed": ("x", "x:71001234", "em", "Élodie Müller",
                            unicodedata.normalize("NFD", "Élodie Müller dit"), ["lodie", "ller"]),
    "accents, left out": ("x", "x:71001234", "em", "Élodie Müller", "Elodie Muller dit",
                          ["elodie", "muller"]),
    "accents, first name left out": ("x", "x:71001234", "em", "Élodie Müller", "merci Elodie",
                                     ["elodie"]),
    "double name, two parts": ("x", "x:71001234", "anc", "Awa Ndiaye-Colin", "d’Awa Ndiaye",
                               ["awa", "ndiaye"]),
    "double name, hashtag": ("x", "x:71001234", "anc", "Awa Ndiaye-Colin", "#AwaNdiayeColin",
                             ["awa", "ndiaye"]),
    "Irish name": ("x", "x:71001234", "sob", "Sean O'Brien", "Sean O’Brien's talk", ["brien"]),
    "Chinese name in a sentence": ("x", "x:71001234", "wxm", "王小明", "今天王小明说王小明",
                                   ["王小明"]),
    "Japanese name": ("x", "x:71001234", "sato", "佐藤 花子", "佐藤花子さんが", ["佐藤", "花子"]),
    "Cyrillic name": ("x", "x:71001234", "anna", "Анна Петрова", "Анна Петрова пишет", ["петров"]),
    "Arabic name": ("x", "x:71001234", "amal", "أمل حسن", "شكرا أمل حسن", ["حسن"]),
    "Korean name with an ending": ("x", "x:71001234", "mj", "김민준", "김민준은 민준씨", ["민준"]),
    "Chinese given name": ("x", "x:71001234", "wxm", "王小明", "谢谢小明", ["小明"]),
    "Japanese family name": ("x", "x:71001234", "sato", "佐藤 花子", "佐藤さんと", ["佐藤"]),
    "Japanese name with a blank": ("x", "x:71001234", "sato", "佐藤花子", "佐藤 花子", ["花子"]),
    "Arabic name with an article": ("x", "x:71001234", "sk", "سليمان الخطيب", "شكرا لسليمان",
                                    ["سليمان"]),
    "Russian case": ("x", "x:71001234", "ds", "Дмитрий Соколов", "Книга Соколова", ["соколов"]),
    "handle between signs": ("x", "x:71001234", "cam_dub", "Cam", "今日は@cam_dubさん",
                             ["cam_dub"]),
    "German genitive": ("x", "x:71001234", "ab", "Anneliese Brandt", "Annelieses Vortrag",
                        ["anneliese"]),
    "plural of a family": ("x", "x:71001234", "mo", "Margaret Okonjo", "the Okonjos", ["okonjo"]),
    "umlaut as two letters": ("x", "x:71001234", "jw", "Jürgen Weiß", "Juergen Weiss", ["juerg"]),
    "particles in a tag": ("x", "x:71001234", "er", "Éloïse de la Roche", "#eloisedelaroche",
                           ["eloise"]),
    "particles, small": ("x", "x:71001234", "er", "Éloïse de la Roche", "éloïse de la roche",
                         ["roche"]),
    "family name in a path": ("x", "x:71001234", "mo", "Margaret Okonjo",
                              "https://a.example/papers/okonjo-2023", ["okonjo"]),
    "handle in a file name": ("x", "x:71001234", "cam_dub", "Cam",
                              "https://a.example/cam_dub_2024.pdf", ["cam_dub"]),
    "link within a link": ("x", "x:71001234", "camdub", "Cam",
                           "https://s.example/?u=https%253A%252F%252Fx.com%252Fcamdub", ["camdub"]),
    "mail in a link": ("x", "x:71001234", "cam_dub", "Cam",
                       "https://a.example/?to=foo%40univ.example", ["univ"]),
    "phone, British": ("x", "x:71001234", "cam_dub", "Cam", "ring 07700 900123", ["900123"]),
    "phone, German": ("x", "x:71001234", "cam_dub", "Cam", "0171 2345678 bitte", ["2345678"]),
    "phone, Indian": ("x", "x:71001234", "cam_dub", "Cam", "call 98765 43210", ["43210"]),
    "phone, Japanese": ("x", "x:71001234", "cam_dub", "Cam", "090-1234-5678", ["5678"]),
    "phone, Spanish": ("x", "x:71001234", "cam_dub", "Cam", "llama al 612 345 678", ["678"]),
    "phone after a colon": ("x", "x:71001234", "cam_dub", "Cam", "Tél:06 12 34 56 78", ["56"]),
    "name with a title": ("x", "x:71001234", "mo", "Dr. Mila Oster (she/her) 🌸", "Mila Oster",
                          ["oster"]),
    "name with a trade": ("x", "x:71001234", "mo", "Mila Oster | data", "Mila Oster", ["oster"]),
}  # fmt: skip


@pytest.mark.parametrize("way", ELSEWHERE)
def test_no_way_survives_on_any_network_and_in_any_script(table, way: str) -> None:
    platform, author_id, handle, name, text, traces = ELSEWHERE[way]
    her = {"platform": platform, "author_id": author_id, "author": handle, "author_name": name}
    posts = table(
        {"post_id": f"{platform}:1", **her, "text": "hello"},
        {"post_id": f"{platform}:2", "platform": platform, "author_id": f"{platform}:b",
         "author": "boris", "text": text},
    )  # fmt: skip
    for hidden in (cl.pseudonymize(posts, key=KEY), cl.remove_author(posts, author_id)):
        told = hidden[hidden["text"] != "hello"]["text"].iloc[0].casefold()
        for trace in traces:
            assert trace not in told, told


def test_a_single_letter_goes_where_that_person_is_addressed(table) -> None:
    posts = table(
        {"author_id": "x:7", "author": "kk_17", "author_name": "K", "text": "hello"},
        {"author_id": "x:8", "author": "b", "text": "thanks K, plan K", "mentions": ["x:7"]},
        {"author_id": "x:9", "author": "c", "text": "vitamin K is good"},
    )
    told = cl.remove_author(posts, "@kk_17")["text"].tolist()
    assert told == ["thanks […], plan […]", "vitamin K is good"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Rose Will", "the rose will bloom, a rose is a rose"),
        ("Clair Martin", "il fait clair ce matin, c'est clair"),
        ("Tomate", "a plan for tom ate the cake"),
        ("Will Power", "We will see. Will they come? power to will"),
        ("Data Science", "teach data, do science. More science, big data, small science, data"),
    ],
)
def test_names_that_are_words_leave_ordinary_text(table, name: str, text: str) -> None:
    posts = table(
        {"author_id": "x:7", "author": "qq_1", "author_name": name, "text": "hello"},
        {"author_id": "x:8", "author": "boris", "author_name": "Boris", "text": text},
    )
    assert text in set(cl.pseudonymize(posts, key=KEY)["text"])
    assert text in set(cl.remove_author(posts, "@qq_1")["text"])


def test_what_stays_is_counted_for_a_person_to_check(table) -> None:
    posts = table(
        {"author_id": "x:7", "author": "qq_1", "author_name": "Rose Quentric", "text": "hello"},
        {"author_id": "x:8", "author": "b", "text": "a rose is a rose. Rose is a word"},
    )
    left = cl.posts.names_to_check(posts)
    assert left["places"].to_dict() == {"rose": 3}
    assert cl.posts.names_to_check(posts, without="@qq_1")["places"].to_dict() == {"rose": 3}


def test_what_else_identifies_is_left_out_or_rounded(table) -> None:
    posts = table(
        *(
            {"author_id": f"x:{i}", "author": f"a{i}", "author_followers": n,
             "client": "My Own App", "author_following": 77}
            for i, n in enumerate([0, 1, 3, 4, 1_234, 86_300, 7_600_000])
        )
    )  # fmt: skip
    hidden = cl.pseudonymize(posts, key=KEY)
    assert hidden["author_followers"].tolist() == [0, 1, 2, 5, 1_000, 100_000, 10_000_000]
    assert hidden[["client", "author_following"]].isna().all(axis=None)


def test_a_display_name_that_holds_the_name_of_somebody_taken_out(table) -> None:
    posts = table(
        {"author_id": "x:7", "author": "awandiaye", "author_name": "Awa Ndiaye", "text": "hello"},
        {"author_id": "x:8", "author": "fan", "author_name": "Fans of Awa Ndiaye",
         "author_bio": "all on awandiaye.fr", "text": "hi"},
    )  # fmt: skip
    left = cl.remove_author(posts, "awandiaye")
    assert left["author_name"].tolist() == ["Fans of […]"]
    assert left["author_bio"].tolist() == ["all on […]"]


def test_a_longer_name_of_somebody_else_hides_none(table) -> None:
    posts = table(
        {"author_id": "x:7", "author": "mo_1", "author_name": "Margaret Okonjo", "text": "hello"},
        {"author_id": "x:8", "author": "ml_1", "author_name": "Maximiliane Lichtenberger"},
        {"author_id": "x:9", "author": "cy", "text": "#bravomargaretokonjo"},
    )
    assert not any("okonjo" in text for text in cl.pseudonymize(posts, key=KEY)["text"])


def test_one_small_spelling_makes_no_word_of_a_name(table) -> None:
    posts = table(
        {"author_id": "x:7", "author": "cd_1", "author_name": "Camille Roux", "text": "hello"},
        {"author_id": "x:9", "author": "cy", "text": "Merci Camille, et encore merci camille"},
        {"author_id": "x:9", "author": "cy", "text": "J'ai vu que Camille #Camille"},
    )
    for hidden in (cl.pseudonymize(posts, key=KEY), cl.remove_author(posts, "cd_1")):
        assert not any("amille" in text for text in hidden["text"])


@pytest.mark.parametrize(
    ("platform", "author_id", "handle", "asked"),
    [
        ("x", "x:918273645", "cam_dub", "918273645"),
        ("bluesky", "bluesky:did:plc:abcdefgh2345", "cam.bsky.social", "did:plc:abcdefgh2345"),
        ("bluesky", "bluesky:did:plc:abcdefgh2345", "cam.bsky.social", "@cam"),
        ("mastodon", "mastodon:cam@a.example", "cam@a.example", "@cam"),
    ],
)
def test_a_person_is_found_by_a_bare_id_or_the_local_handle(
    table, platform: str, author_id: str, handle: str, asked: str
) -> None:
    posts = table(
        {"post_id": f"{platform}:1", "platform": platform, "author_id": author_id,
         "author": handle, "text": "hello"},
        {"post_id": f"{platform}:2", "platform": platform, "author_id": f"{platform}:b",
         "author": "b", "text": "hi @cam",
         "mentions": [author_id, *([f"{platform}:@cam"] if platform != "x" else [])]},
    )  # fmt: skip
    left = cl.remove_author(posts, asked)
    assert left["author"].tolist() == ["b"]
    assert [list(some) for some in left["mentions"]] == [[]]


def test_who_is_only_mentioned_bears_one_pseudonym(table) -> None:
    posts = table(
        {"author_id": "x:9", "author": "cy", "text": "@ghost_writer7 hi",
         "mentions": ["x:@ghost_writer7"]},
        {"author_id": "x:9", "author": "cy", "text": "ask ghost_writer7 #ghost_writer7"},
    )  # fmt: skip
    told = " ".join(cl.pseudonymize(posts, key=KEY)["text"])
    assert "ghost" not in told
    assert len(set(re.findall(r"person-\w+", told))) == 1


def test_a_handle_that_a_cut_text_ends_with(table) -> None:
    posts = table(
        {"author_id": "x:7", "author": "cam_dubreuil", "text": "hello"},
        {"author_id": "x:9", "author": "cy", "text": "RT so says @cam_dubr…"},
    )
    assert cl.remove_author(posts, "cam_dubreuil")["text"].tolist() == ["RT so says […]…"]
