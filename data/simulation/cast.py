"""The people of the simulated chat; everybody is invented."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from data.simulation.words import without_accents


@dataclass(frozen=True)
class Person:
    """Somebody invented."""

    handle: str
    name: str
    lang: str
    role: str
    community: str
    followers: int
    bio: str = ""
    platform: str = "x"
    answered: float = 1.0


# host, panel and the people whom DEMO's story is about
NAMED = (
    Person(
        "demo_camille_rochebrune",
        "Camille Rochebrune",
        "fr",
        "host",
        "fr",
        3100,
        "Community manager chez Ruchely. Anime #crowdwork le jeudi. Personnage fictif.",
        "x",
        1.5,
    ),
    Person(
        "demo_idris_benamar_fondateur",
        "Idris Benamar",
        "fr",
        "panel",
        "fr",
        8400,
        "Fondateur de plateforme. Personnage fictif.",
        "x",
        2.5,
    ),
    Person(
        "demo_maud_lescure_avocate",
        "Maud Lescure",
        "fr",
        "panel",
        "fr",
        5600,
        "Avocate en droit du travail. Personnage fictif.",
        "x",
        2.5,
    ),
    Person(
        "demo_tom_hargreave_ops",
        "Tom Hargreave",
        "en",
        "panel",
        "en",
        2300,
        "Operations lead. Fictional character.",
        "x",
        3.0,
    ),
    Person(
        "demo_awa_ndiaye_colin",
        "Awa Ndiaye-Colin",
        "fr",
        "panel",
        "fr",
        85,
        "Déléguée des travailleurs. Personnage fictif.",
        "x",
        12.0,
    ),
    Person(
        "demo_nina_oostveen_trad",
        "Nina Oostveen",
        "fr",
        "bridge",
        "bridge",
        640,
        "Traductrice NL FR EN. Personnage fictif / fictional.",
        "x",
        4.0,
    ),
    Person(
        "demo_paul_verdier_chronique",
        "Paul Verdier",
        "fr",
        "journalist",
        "fr",
        6200,
        "Chroniqueur travail. Personnage fictif.",
    ),
    Person(
        "demo_jess_okoro_newsletter",
        "Jess Okoro",
        "en",
        "journalist",
        "en",
        4100,
        "I write the Gigs newsletter. Fictional character.",
    ),
    Person(
        "demo_solene_marquet_ludo",
        "Solène Marquet",
        "fr",
        "customer",
        "fr",
        190,
        "Illustratrice. Personnage fictif.",
        "x",
        2.0,
    ),
    Person(
        "demo_PromoTaches24_fictif",
        "PromoTaches24",
        "fr",
        "promoter",
        "fr",
        9800,
        "Tâches et bons plans. Compte fictif.",
        "x",
        0.1,
    ),
    Person(
        "demo_gael_prigent_lecteur",
        "Gaël Prigent",
        "fr",
        "annoyed",
        "fr",
        260,
        "Je lis beaucoup. Personnage fictif.",
    ),
    Person(
        "demo_ingrid_falk_annotation",
        "Ingrid Falk",
        "en",
        "regular",
        "en",
        510,
        "Annotator. Fictional character.",
        "x",
        1.5,
    ),
)
_FIRST = {
    "fr": "Lucile Bastien Yasmine Corentin Maëlle Octave Fatou Rémi Clarisse Hugo Salomé Antoine "
    "Leïla Mathurin Solange Karim Apolline Dorian Jeanne Ismaël Violette Loïc Capucine Amaury",
    "en": "Harriet Owen Priya Callum Beatrix Desmond Fiona Gareth Imogen Jasper Keira Lachlan "
    "Moira Nigel Odette Percy Rowena Stellan Tamsin Usha Verity Wilfred Yara Zadie",
}
_LAST = {
    "fr": "Aubrelin Barsac Chevrolat Delaunoy Esquirol Fontbrune Garrivet Hautcoeur Jolibert "
    "Kermadec Larroque Monteval Nogaret Oribel Pradines Quentric Roumazel Sauvignac Tressol "
    "Vaugrant",
    "en": "Ashcombe Birkdale Corrigate Dunmarsh Eddlestow Farthing Greywell Holloway-Finch "
    "Inglethorpe Kettlewyn Larkspire Mossgrove Netherby Oakenfold Pemberwick Quillan Rushmere "
    "Stanhollow Thornaby Wexcombe",
}
_BIO = {"fr": "Personnage fictif.", "en": "Fictional character."}


def make_cast(rng: np.random.Generator, n_authors: int) -> list[Person]:
    """Invent people: the twelve written by hand, and others drawn for the rest."""

    def pick(options: list[str]) -> str:
        return options[int(rng.integers(len(options)))]

    people = list(NAMED)
    handles = {person.handle for person in people}
    while len(people) < n_authors:
        lang = "fr" if rng.random() < 0.6 else "en"
        first = pick(_FIRST[lang].split())
        last = pick(_LAST[lang].split())
        handle = "demo_" + re.sub(r"[^a-z]+", "_", without_accents(f"{first} {last}").casefold())
        if len(handle) < 16:
            handle += "_fictif" if lang == "fr" else "_fictional"
        while handle in handles:
            handle = f"{re.sub(r'_[0-9]+$', '', handle)}_{rng.integers(2, 10_000)}"
        handles.add(handle)
        community = "bridge" if rng.random() < 0.06 else lang
        draw = rng.random()
        platform = "mastodon" if draw < 0.05 else "bluesky" if draw < 0.1 else "x"
        followers = int(np.exp(rng.normal(5.6, 1.1)))
        people.append(
            Person(
                handle,
                f"{first} {last}",
                lang,
                "participant",
                community,
                followers,
                _BIO[lang],
                platform,
                float(rng.gamma(1.5, 0.5)),
            )
        )
    return people
