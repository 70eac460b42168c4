"""One recording on the web has one address, whichever of its names is given."""

import pytest

from transcripts.addresses import one_address

# What PeerTube's own site calls the film that explains it.
UUID, SHORT = "9c9de5e8-0a1e-484a-b099-e80766180a6d", "kkGMgK9ZtnKfYAgnEtQxbv"


@pytest.mark.parametrize(
    "path", [f"w/{SHORT}", f"videos/watch/{SHORT}", f"videos/watch/{UUID}", f"videos/embed/{UUID.upper()}?start=3s"]
)
def test_a_video_on_peertube_has_one_address(path: str) -> None:
    assert one_address(f"https://framatube.org/{path}") == f"https://framatube.org/w/{SHORT}"
    assert one_address(f"https://tube.example/{path}") != f"https://framatube.org/w/{SHORT}"


def test_a_short_name_has_always_22_letters() -> None:
    assert one_address("https://t.example/videos/watch/00000000-0000-0000-0000-00000000003a").endswith(
        "/w/" + "1" * 20 + "21"
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=BaW_jenozKc",
        "https://m.youtube.com/watch?list=PL1&v=BaW_jenozKc&t=3",
        "https://www.youtube.com/shorts/BaW_jenozKc",
        "https://youtube.com/live/BaW_jenozKc?feature=share",
        "https://youtu.be/BaW_jenozKc?si=x",
    ],
)
def test_a_video_on_youtube_has_one_address(address: str) -> None:
    assert one_address(address) == "https://www.youtube.com/watch?v=BaW_jenozKc"


@pytest.mark.parametrize(
    "name",
    [
        "https://example.org/feed.xml#entry=https://youtu.be/BaW_jenozKc",
        "https://youtu.be/BaW_jenozKc#entry=2",
        "https://www.youtube.com/playlist?list=PLabcdefgh",
        "https://example.org/w/page",
        "https://example.org/shorts/BaW_jenozKc",
        f"https://framatube.org/w/p/{SHORT}",
        "talk.mp3",
    ],
)
def test_other_names_stay(name: str) -> None:
    assert one_address(name) == name
