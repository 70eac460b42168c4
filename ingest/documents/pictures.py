"""The pictures of a document, each made anew by Pillow: nothing that came from outside is handed on as it was."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re

from PIL import Image, ImageOps

_MOST = 300  # of a document
_SIDE = 1600  # pixels of the longer side of what is kept
_PIXELS = 40_000_000  # of what is opened: more is no figure, or made to fill the memory
_BYTES = 50_000_000  # of a file that is opened
_WHOLE = 60_000_000  # bytes of all that is kept
_LEAST = 48  # pixels of the shorter side: less is a bullet or a line
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
# What programs write where nobody described a picture.
_NAMELESS = re.compile(
    r"(?:image|picture|photo|figure|graphi(?:que|c)|objet|object|cadre|frame)\s*\d*|[^\s]+\.(?:png|jpe?g|gif|bmp|tiff?|webp|emf|wmf|svg)",
    re.IGNORECASE,
)


class Gallery:
    """Takes pictures, and numbers those that are kept from 1; the same one twice is one."""

    def __init__(self) -> None:
        self.pictures: list[bytes] = []  # WebP
        self._known: dict[str, int] = {}
        self._size = 0

    def add(self, data: bytes) -> int:
        """Take the content of a file; return its number, 0 where it is not kept."""
        if len(data) > _BYTES:
            return 0
        key = hashlib.sha256(data).hexdigest()
        if key not in self._known:
            try:
                with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                    fits = image.width * image.height <= _PIXELS
                    self._known[key] = self.put(ImageOps.exif_transpose(image)) if fits else 0
            except Exception:  # noqa: BLE001 - decoders fail in as many ways as there are files
                self._known[key] = 0
        return self._known[key]

    def add_address(self, address: str) -> int:
        """Take a picture that stands in the address itself (``data:image/png;base64,…``); nothing is fetched."""
        head, _, body = address.partition(",")
        if not re.match(r"data:image/[\w.+-]+;base64$", head.strip(), re.IGNORECASE):
            return 0
        try:
            return self.add(base64.b64decode(body, validate=False))
        except (binascii.Error, ValueError):
            return 0

    def put(self, image: Image.Image) -> int:
        """Take a picture; return its number, 0 where it is not kept."""
        if min(image.size) < _LEAST or len(self.pictures) >= _MOST:
            return 0
        clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
        shown = image.convert("RGBA" if clear else "RGB")
        shown.thumbnail((_SIDE, _SIDE))
        file = io.BytesIO()
        shown.save(file, "WEBP", quality=85)
        data = file.getvalue()
        self._size += len(data)
        if self._size > _WHOLE:
            return 0
        self.pictures.append(data)
        return len(self.pictures)


def described(text: str) -> str:
    """Return what a document says of a picture, empty where only a program wrote it."""
    text = " ".join(text.split())
    return "" if _NAMELESS.fullmatch(text) else text[:1000]
