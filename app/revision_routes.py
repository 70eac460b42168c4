"""What the editor of a masterclass asks over HTTP, below ``/atelier/revision/<slug>``, and a text read for it: staff only."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from anyio import from_thread
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app import brought, review, voices
from app.gate import only, who
from app.people import Role
from app.services import services
from app.sound import recording
from transcripts.differences import splices
from transcripts.edits import Edit
from transcripts.errors import BadInput
from transcripts.model import Cue
from transcripts.prose import reviewed
from transcripts.revision import Content

_LARGEST = 4_000_000  # bytes of a request: a text of a day's talk is under one million
_BASE = "/atelier/revision/{slug}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Edits made on a version of the history that ``began`` then."""

    version: int
    began: int  # comes in quotes: longer than a number in JavaScript
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A version that is to be undone or restored; ``version`` is the one the editor shows."""

    version: int
    began: int
    of: int


@dataclass(frozen=True, slots=True)
class Misheard:
    """A form that stands for a term."""

    heard: str
    term: str


def routes() -> list[Route]:
    """Return the routes."""
    return [
        _route("", _document),
        _route("", _save, "POST"),
        _route("/annuler", _undo, "POST"),
        _route("/restaurer", _restore, "POST"),
        _route("/enregistrement", _accept_recording, "POST"),
        _route("/glossaire", _add_term, "POST"),
        _route("/glossaire/retirer", _drop_term, "POST"),
        _route("/historique", _history),
        _route("/historique/{first:number}-{last:number}", _difference),
        _route("/son", _sound),
        Route("/atelier/texte", only(Role.STAFF, _read), methods=["POST"]),
    ]


def _route(path: str, handler: Callable[[Request], Response], method: str = "GET") -> Route:
    return Route(f"{_BASE}{path}", only(Role.STAFF, handler), methods=[method])


def _slug(request: Request) -> str:
    return str(request.path_params["slug"])


def _bytes(request: Request, most: int) -> bytes:
    """Return what a request brings. Raises `BadInput`."""

    async def read() -> bytes:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                raise BadInput("Ce texte est trop long : rien n’a changé ; donnez-le en plusieurs fois.")
        return bytes(body)

    return from_thread.run(read)


def _body(request: Request, form: TypeAdapter[Any]) -> Any:
    """Return what a request says. Raises `BadInput`."""
    try:
        return form.validate_json(_bytes(request, _LARGEST))
    except ValidationError as error:
        raise BadInput("Cette correction n’a pas été comprise : rien n’a changé ; rechargez la page.") from error


def _document(request: Request) -> Response:
    slug = _slug(request)
    whole = _whole(review.opened(services(), slug))
    done, undone = review.steps(services(), slug, who(request).email)
    return _json(whole | {"done": done, "undone": undone, "voices": voices.proposals(services(), slug)})


def _save(request: Request) -> Response:
    asked: Asked = _body(request, _ASKED)
    slug = _slug(request)
    before = services().history.at(slug, asked.version)
    saved = review.save(services(), slug, asked.version, asked.edits, who(request).email, asked.began)
    return _json(_answer(before, saved))


def _undo(request: Request) -> Response:
    named: Named = _body(request, _NAMED)
    slug = _slug(request)
    before = services().history.at(slug, named.version)
    return _json(_answer(before, review.undo(services(), slug, named.of, who(request).email, named.began)))


def _restore(request: Request) -> Response:
    named: Named = _body(request, _NAMED)
    slug = _slug(request)
    before = services().history.at(slug, named.version)
    return _json(_answer(before, review.restore(services(), slug, named.of, who(request).email, named.began)))


def _accept_recording(request: Request) -> Response:
    return _json(_whole(review.accept_recording(services(), _slug(request), who(request).email)))


def _add_term(request: Request) -> Response:
    one: Misheard = _body(request, _MISHEARD)
    elsewhere = review.add_term(services(), _slug(request), one.heard, one.term, who(request).email)
    told = "Ajouté au glossaire : les prochaines transcriptions seront corrigées."
    more = (
        " Cette forme se trouve aussi ici, à relire :"
        if elsewhere
        else " Aucune autre masterclass ne contient cette forme."
    )
    return _json({"elsewhere": elsewhere, "text": told + more})


def _drop_term(request: Request) -> Response:
    one: Misheard = _body(request, _MISHEARD)
    review.drop_term(services(), _slug(request), one.heard, one.term, who(request).email)
    return _json({"text": "Retiré du glossaire : cette correction n’est plus proposée. Le texte n’a pas changé."})


def _history(request: Request) -> Response:
    return _json([dataclasses.asdict(sitting) for sitting in review.sittings(services(), _slug(request))])


def _difference(request: Request) -> Response:
    first, last = int(request.path_params["first"]), int(request.path_params["last"])
    readings, more = review.difference(services(), _slug(request), first, last)
    return _json({"readings": [[reading.where, reading.words] for reading in readings], "more": more})


def _read(request: Request) -> Response:
    text = brought.read_text(request.query_params.get("nom", ""), _bytes(request, brought.LARGEST))
    return _json({"text": text})


def _sound(request: Request) -> Response:
    return recording(
        request, _slug(request), {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache"}
    )


def _whole(state: review.State) -> dict[str, Any]:
    """Return all that the editor shows; lines are short lists ``[start, end, text, speaker]``."""
    content = state.content
    return {
        "version": state.number,
        "cues": _lines(content.cues),
        "notice": state.notice,
        "began": str(state.began),  # longer than a number in JavaScript
        "doubts": state.doubts,
    } | _beside(content)


def _answer(before: Content, state: review.State) -> dict[str, Any]:
    """Return what differs from the version that the editor had."""
    content = state.content
    return {
        "version": state.number,
        "made": state.made,
        "later": state.later,
        "lines": [[s.at, len(s.removed), _lines(s.inserted)] for s in splices(before.cues, content.cues)],
        "conflicts": [dataclasses.asdict(conflict) for conflict in state.conflicts],
        "notice": state.notice,
        "doubts": state.doubts,
    } | _beside(content)


def _beside(content: Content) -> dict[str, Any]:
    return {
        "chapters": [[chapter.start, chapter.title] for chapter in content.chapters],
        "summary": content.summary.text,
        "review": reviewed(content.summary),
        "speakers": content.speakers,
    }


def _lines(cues: Sequence[Cue]) -> list[tuple[float, float, str, str | None]]:
    return [(cue.start, cue.end, cue.text, cue.speaker) for cue in cues]


def _json(value: Any) -> Response:
    return JSONResponse(_plain(value), headers={"Cache-Control": "no-store"})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _plain(dataclasses.asdict(value))
    return value.isoformat() if isinstance(value, dt.datetime) else value


_ASKED: TypeAdapter[Asked] = TypeAdapter(Asked)
_MISHEARD: TypeAdapter[Misheard] = TypeAdapter(Misheard)
_NAMED: TypeAdapter[Named] = TypeAdapter(Named)
