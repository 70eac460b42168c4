"""What the hub writes of itself: one JSON object a line, with the request it belongs to, without people or secrets."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from itertools import chain
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr

from app.settings import Settings
from transcripts.folders import SLUG

# The request that a thread or task works for; empty where there is none.
REQUEST: ContextVar[str] = ContextVar("request", default="")

_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_FIELDS = ("route", "method", "status", "ms")
_OTHERS = ("uvicorn", "streamlit")  # they bring handlers of their own


class Lines(logging.Formatter):
    """Makes lines; ``secrets`` never appear in them, wherever they come from, nor do electronic addresses, nor titles in names of files."""

    def __init__(self, secrets: Iterator[str], *, plain: bool = False) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._plain = plain
        found = sorted({secret for secret in secrets if len(secret) > 3}, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, found))) if found else None

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as its line."""
        if self._plain:
            return self._without_secrets(super().format(record))
        said = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request": REQUEST.get(),
            **{name: getattr(record, name) for name in _FIELDS if hasattr(record, name)},
        }
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(
            {k: self._without_secrets(v) if isinstance(v, str) else v for k, v in said.items() if v != ""},
            ensure_ascii=False,
        )

    def _without_secrets(self, text: str) -> str:
        text = self._secrets.sub("[secret]", text) if self._secrets else text
        return SLUG.sub("[titre]", _ADDRESS.sub("[adresse]", text))


def begin(settings: Settings) -> None:
    """Send all that this process says to stderr: as JSON lines, or as plain ones to a terminal."""
    handler = logging.StreamHandler(sys.stderr)
    keys = (os.environ.get(name, "") for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))
    handler.setFormatter(Lines(chain(secrets_of(settings), keys), plain=sys.stderr.isatty()))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in _OTHERS:
            logging.getLogger(name).handlers.clear()
            logging.getLogger(name).propagate = True
    # They tell each request they make or take, with the whole address, questions in it, and the client's.
    for name in ("httpx", "httpx2", "httpcore", "huey", "mcp", "uvicorn.access", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.WARNING)


def secrets_of(settings: BaseModel) -> Iterator[str]:
    """Yield what must not be told: every secret setting, and the passwords in addresses. Pure."""
    for _, value in settings:
        if isinstance(value, BaseModel):
            yield from secrets_of(value)
        elif isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, str) and "://" in value and (password := urlsplit(value).password):
            yield password
