"""The search page, without a browser: what is looked for stays in the address, whatever it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from app.services import services
from app.settings import ROOT


@pytest.fixture
def page(demo_home: Path, monkeypatch: pytest.MonkeyPatch, cookies: dict[str, str]) -> Iterator[AppTest]:
    monkeypatch.setenv("HUB_HOME", str(demo_home))
    monkeypatch.syspath_prepend(str(ROOT))
    services.cache_clear()
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60).run()
    yield app.switch_page("recherche.py")
    services().hub.stop()
    services.cache_clear()


def shown(page: AppTest) -> str:
    """Return all that the page wrote."""
    return " ".join(str(block.proto) for kind in ("html", "markdown", "info") for block in page.get(kind)) + " ".join(
        info.value for info in page.info
    )


def test_words_and_filters_go_on_and_an_empty_search_lists_what_is_new(page: AppTest) -> None:
    page.run()
    assert not page.exception
    assert [title.value for title in page.subheader] == ["Nouveautés"]
    assert "/recherche?q=fonds%20de%20garantie" in shown(page)
    page.query_params["q"] = "prêt participatif"
    page.run()
    assert not page.exception
    assert not page.subheader
    assert "quasi-fonds propres" in shown(page)
    theme = next(box for box in page.selectbox if box.label == "Thème")
    theme.select("systeme-monetaire-et-economique").run()
    assert page.query_params["theme"] == "systeme-monetaire-et-economique"
    assert "quasi-fonds propres" not in shown(page)
    next(box for box in page.selectbox if box.label == "Type").select("study").run()
    assert "Aucun passage trouvé" in shown(page)
    assert "n’a pas pu s’afficher" not in shown(page)


def test_what_is_new_is_new_within_the_filters_and_the_examples_keep_them(page: AppTest) -> None:
    page.query_params["theme"] = "systeme-monetaire-et-economique"
    page.run()
    assert "D’où vient la monnaie" in shown(page)
    assert "participatif, de zéro" not in shown(page)
    assert "/recherche?q=monnaie%20locale&amp;theme=systeme-monetaire-et-economique" in shown(page)
    next(box for box in page.selectbox if box.label == "Type").select("study").run()
    assert not page.subheader
    assert "Rien n’est publié avec ces filtres" in shown(page)


def test_the_suggestion_is_searched_within_the_filters(page: AppTest) -> None:
    page.query_params["q"], page.query_params["theme"] = "partissipatif", "vehicules-et-systeme-financier"
    page.run()
    assert "/recherche?q=participatif&amp;theme=vehicules-et-systeme-financier" in shown(page)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?!…", "aucun mot"),
        ("a" * 10_000, "trop longue"),
        ("<script>alert(1)</script> prêt", ""),
        ("prêt partissipatif", "participatif"),
    ],
)
def test_anything_in_the_address_gets_results_or_a_sentence(page: AppTest, query: str, says: str) -> None:
    page.query_params["q"] = query
    page.query_params["theme"], page.query_params["annee"] = "inconnu", "1850"
    page.run()
    assert not page.exception
    assert says in shown(page)
    assert "<script>" not in " ".join(str(block.proto) for block in page.get("html"))


def test_who_asks_too_often_is_told_in_the_page(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = services().settings
    public = settings.public.model_copy(update={"searches": 1})
    monkeypatch.setattr(services(), "settings", settings.model_copy(update={"public": public}))
    monkeypatch.setattr(ContextProxy, "ip_address", property(lambda _: "192.0.2.3"))
    for query, told in (("prêt", False), ("garantie", True)):
        page.query_params["q"] = query
        page.run()
        assert not page.exception
        assert ("Beaucoup de demandes viennent de votre adresse" in shown(page)) is told
