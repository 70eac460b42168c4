"""The pure parts of links: addresses, errors, captions, names, patience."""

import ipaddress
import time
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from ingest.sources.address import join, shown, split
from ingest.sources.captions import choose
from ingest.sources.errand import Pace
from ingest.sources.extract import _Watched, names
from ingest.sources.fetch import Request
from ingest.sources.guard import reachable
from ingest.sources.trouble import Kind, Stop, classify, sentence


@pytest.mark.parametrize(
    ("address", "public", "private"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1:248:1893:25c8:1946", True, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("10.0.0.1", False, True),
        ("192.168.1.1", False, True),
        ("100.64.0.1", False, True),
        ("fd12::1", False, True),
        ("fec0::1", False, True),
        ("169.254.169.254", False, False),
        ("169.254.1.1", False, False),
        ("fd00:ec2::254", False, False),
        ("fe80::1", False, False),
        ("fe80::1%eth0", False, False),
        ("0.0.0.0", False, False),  # noqa: S104
        ("::", False, False),
        ("224.0.0.1", False, False),
        ("ff02::1", False, False),
        ("240.0.0.1", False, False),
        ("255.255.255.255", False, False),
        ("::ffff:127.0.0.1", False, True),
        ("::ffff:169.254.169.254", False, False),
        ("::ffff:93.184.216.34", True, True),
        ("2002:7f00:1::", False, True),
        ("2002:a9fe:a9fe::", False, False),
        ("64:ff9b::7f00:1", False, True),
        ("64:ff9b::a9fe:a9fe", False, False),
        ("64:ff9b::5db8:d822", True, True),
        ("::7f00:1", False, True),
    ],
)
def test_which_addresses_may_be_reached(address: str, public: bool, private: bool) -> None:
    given = ipaddress.ip_address(address)
    assert (reachable(given, private=False), reachable(given, private=True)) == (public, private)


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (0, "Sign in to confirm you’re not a bot. Use --cookies", "robot"),
        (0, "No supported JavaScript runtime could be found", "robot"),
        (0, "[youtube] x: Private video. Sign in if you've been granted access", "private"),
        (0, "Video unavailable. This video has been removed by the uploader", "gone"),
        (0, "This live event will begin in 3 days", "live"),
        (0, "Unsupported URL: http://x", "media"),
        (0, "The extracted extension ('sh') is unusual and will be skipped for safety reasons", "media"),
        (0, "No video formats found!", "media"),
        (0, "Failed to resolve 'x' ([Errno -3] Temporary failure in name resolution)", "name"),
        (0, "This video is DRM protected", "drm"),
        (0, "The uploader has not made this video available in your country", "region"),
        (0, "IncompleteRead(100 bytes read, 900 more expected)", "cut"),
        (0, "[Errno 28] No space left on device", "disk"),
        (404, "HTTP Error 404: Not Found", "gone"),
        (403, "HTTP Error 403: Forbidden", "login"),
        (429, "HTTP Error 429", "busy"),
        (503, "HTTP Error 503", "busy"),
        (0, "something nobody has seen before", "other"),
    ],
)
def test_what_errors_mean(status: int, words: str, kind: Kind) -> None:
    trouble = classify(status, words)
    assert trouble.kind == kind
    assert words not in str(sentence(trouble, "https://example.org/v"))


def test_a_refusal_by_youtube_names_the_way_out() -> None:
    for status, words in ((403, "HTTP Error 403: Forbidden"), (0, "Requested format is not available")):
        told = str(sentence(classify(status, words), "https://www.youtube.com/watch?v=x"))
        assert "robot" in told and "donnez le fichier" in told and "hub doctor" in told


def test_captions_are_taken_in_the_language_of_the_talk_and_in_a_form_that_is_read() -> None:
    fr, ca, en = {"ext": "vtt", "url": "fr"}, {"ext": "vtt", "url": "ca"}, {"ext": "srt", "url": "en"}
    offered = {"en": [en], "fr-CA": [ca], "fr": [{"ext": "json3", "url": "j"}, fr], "live_chat": [{"ext": "json"}]}
    assert choose(offered, "fr") == fr
    assert choose(offered, "en") == en
    assert choose({"fr-CA": [ca]}, "fr") == ca
    assert choose({"frp": [ca], "de": [fr]}, "fr") is None
    assert choose({"en": [en]}, "auto") == en
    assert choose(offered, "auto") is None
    assert choose({}, "fr") is None
    assert choose({"fr-x-autogen": [fr]}, "fr") is None
    assert choose({"fr-x-autogen": [fr], "fr-CA": [ca]}, "auto") == ca
    assert choose({"fr": [{**fr, "name": "French (auto-generated)"}]}, "fr") is None


def test_a_channel_gives_each_video_of_its_tabs_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What yt-dlp answers for a channel, a tab and a playlist in it, without asking YouTube."""
    channel, listed = "https://www.youtube.com/@hub", "https://www.youtube.com/playlist?list=PLabcdefgh"
    one, two, three = (f"https://www.youtube.com/watch?v={n:011}" for n in (1, 2, 3))
    inside = {channel: ["/videos", "/streams", listed], f"{channel}/videos": [one, two], f"{channel}/streams": [two]}
    inside[listed] = [three, one, one.replace("watch?v=", "shorts/")]

    def page(self: object, url: str, *, download: bool) -> dict[str, object]:
        addresses = [f"{channel}{at}" if at.startswith("/") else at for at in inside[url]]
        entries = [
            {"_type": "url", "url": at, "ie_key": "YoutubeTab" if at in inside else "Youtube"} for at in addresses
        ]
        return {"_type": "playlist", "webpage_url": url, "entries": [*entries, None]}  # None: a private one

    monkeypatch.setattr(_Watched, "extract_info", page)
    asked = Request(channel, None, None, False, 10**9, 3600, False, "fr")
    assert [name for name, _ in names(asked, lambda key, value: None)] == [one, two, three]


def test_a_name_finds_its_entry_again_and_shows_no_secret() -> None:
    assert split(join("https://a/feed.xml?k=1", "guid é#1 &x")) == ("https://a/feed.xml?k=1", "guid é#1 &x")
    assert split("https://a/b#t=3") == ("https://a/b#t=3", None)
    assert shown("https://u:p@example.org:81/a?token=1#x") == "example.org/a"
    assert shown(join("https://example.org/feed", "https://cdn.org/1.mp3?token=1")) == "example.org/feed, cdn.org/1.mp3"


def test_a_trickle_is_not_progress() -> None:
    pace = Pace(60, 0)
    pace.hear("beat", None, 50)
    assert pace.left(50) == 60
    pace.hear("bytes", [10, 0], 55)
    for second in range(56, 115):
        pace.hear("bytes", [second, 0], second)
    assert pace.left(115) == 0
    pace.hear("bytes", [70_000, 0], 115)
    assert pace.left(115) == 60


def test_what_comes_beside_the_sound_has_the_patience_for_all_of_it() -> None:
    pace = Pace(60, 0)
    pace.hear("bytes", [10**9, 10**9], 5000)
    pace.hear("sound", {}, 5010)
    for second in range(5011, 5065):
        pace.hear("bytes", [second * 10**6, 0], second)
        pace.hear("beat", None, second)
    assert pace.left(5065) == 5


def test_a_list_without_end_is_left_in_the_end() -> None:
    pace = Pace(60, 0)
    for second in range(1300):
        pace.hear("entry", "x", second)
    assert pace.left(1300) < 0


@pytest.mark.parametrize(("known", "endless"), [({}, True), ({"total_bytes_estimate": 3e9}, False)])
def test_only_what_does_not_know_its_end_is_taken_for_a_live_stream(
    known: dict[str, float], endless: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = Request("https://example.org/x", None, str(tmp_path), False, 10**10, 10**6, False, "fr")
    watched = _Watched(request, lambda *_: None, {})
    hours_later = time.monotonic() + 7200
    monkeypatch.setattr("ingest.sources.extract.time", SimpleNamespace(monotonic=lambda: hours_later))
    with pytest.raises(Stop) if endless else nullcontext():
        watched._count({"status": "downloading", "downloaded_bytes": 10**6, **known})
