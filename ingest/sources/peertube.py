"""PeerTube, with the captions that people made, and its chapters. Runs in the process of `ingest.sources.fetch` only."""

from __future__ import annotations

from typing import Any

from yt_dlp.extractor.peertube import PeerTubeIE as YtDlpPeerTubeIE

from ingest.sources.podcast import chapters


class PeerTubeIE(YtDlpPeerTubeIE):  # type: ignore[misc]
    """yt-dlp's reader of PeerTube; it forgets which captions the site says that a machine made, so these are left out, and does
    not ask for chapters."""

    def _real_extract(self, url: str) -> dict[str, Any]:
        info: dict[str, Any] = super()._real_extract(url)
        match = self._match_valid_url(url)
        # Before PeerTube 6 there are none.
        answer = self._call_api(match["host"] or match["host_2"], info["id"], "chapters", fatal=False)
        return info | {"chapters": chapters(answer, "timecode")}

    def _call_api(self, host: str, video_id: str, path: str, **more: Any) -> Any:
        answer = super()._call_api(host, video_id, path, **more)
        if path == "captions" and isinstance(answer, dict) and isinstance(answer.get("data"), list):
            answer["data"] = [one for one in answer["data"] if not one.get("automaticallyGenerated")]
        return answer
