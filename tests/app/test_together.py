"""One thing done to a selection: what can be done is, what cannot is told, and a copy of the texts is taken away."""

import io
import zipfile

from app import together
from app.people import Person, Role
from app.services import Services
from tests.talks import lines, talk
from transcripts.formats import export, read_cues

ME = Person("camille@example.org", Role.STAFF)


def test_a_selection_gets_a_theme_and_is_taken_away_and_what_is_gone_meanwhile_is_told(services: Services) -> None:
    first, second = (talk(services.library, title, lines(3)) for title in ("Le prêt", "La garantie"))
    services.library.remove(second)
    tally = together.set_theme(services, [first, second], "parcours-de-financement", ME)
    assert (tally.done, len(tally.refused)) == (1, 1)
    assert services.library.details(first).theme == "parcours-de-financement"
    assert together.unpublish(services, [first], ME).done == 1
    third = talk(services.library, "L’épargne", lines(2))
    with zipfile.ZipFile(io.BytesIO(together.archive(services, [first, third]))) as taken:
        assert sorted(taken.namelist()) == sorted(f"{slug}.{form}" for slug in (first, third) for form in ("md", "vtt"))
        assert read_cues(taken.read(f"{third}.vtt")) == services.library.read(third).cues
        assert taken.read(f"{first}.md").decode() == export(services.library.read(first), "md")
