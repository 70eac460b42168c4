"""Talks that are near each other in meaning."""

import datetime as dt

from app.services import Services
from index.related import Related
from index.store import Index
from transcripts.model import Cue, Details, Masterclass, Origin

TALKS = {
    "banque": "La banque prête à l’association si une garantie couvre une part de l’emprunt.",
    "credit": "Le crédit bancaire se rembourse chaque mois, et un cautionnement rassure le prêteur.",
    "soleil": "Les panneaux solaires du village produisent l’électricité que les habitants revendent.",
    "vent": "Les éoliennes citoyennes injectent leur courant sur le réseau électrique de la commune.",
}


def talk(name: str, sentence: str) -> Masterclass:
    cues = tuple(Cue(i * 5.0, i * 5.0 + 4, sentence) for i in range(6))
    details = Details(
        f"2026-01-01-{name}", name, dt.date(2026, 1, 1), "", (), "published", 30.0, "fr", "x", Origin("imported", name)
    )  # fmt: skip
    return Masterclass(details, cues)


def test_what_speaks_of_the_same_comes_first_and_follows_the_library(services: Services) -> None:
    for name, sentence in TALKS.items():
        services.library.add(talk(name, sentence))
    index = Index(services.settings.home / "index", services.library, services.embedder)
    related = Related(index)
    assert related.near("2026-01-01-banque", 3) == ()
    index.synchronise()
    assert related.near("2026-01-01-banque", 1) == ("2026-01-01-credit",)
    assert related.near("2026-01-01-vent", 1) == ("2026-01-01-soleil",)
    assert len(related.near("2026-01-01-vent", 9)) == 3
    assert related.near("2026-01-01-inconnue", 3) == ()

    # A draft is no longer offered, even before the index has followed; new words count once it has.
    services.library.set_status("2026-01-01-credit", "draft")
    assert "2026-01-01-credit" not in related.near("2026-01-01-banque", 3)
    services.library.set_status("2026-01-01-credit", "published")
    services.library.rewrite("2026-01-01-soleil", cues=talk("x", TALKS["banque"]).cues)
    index.synchronise()
    assert related.near("2026-01-01-banque", 1) == ("2026-01-01-soleil",)
