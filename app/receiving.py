"""Receiving files over HTTP so that a cut connection costs nothing: the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload),
its core with the extensions "creation" and "termination", for staff only.

A request's body goes to the disk piece by piece, whatever its length.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator

from anyio import from_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from app.gate import only, who
from app.people import Role
from app.problems import of_status, problem
from app.services import services
from app.turns import Turns
from app.uploads import Elsewhere, Held, TooLarge, UnknownUpload
from transcripts.errors import BadInput, HubError

ADDRESS = "/atelier/envois"
_TUS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
_BODY = "application/offset+octet-stream"
_PIECE = 1 << 20  # bytes written at once
# A piece holds a thread for as long as it comes. Nobody waits: the browser tries again by itself, and goes on where it was.
_TURNS = Turns("upload", 8, 0, 0.0)
_STATUS: dict[type[HubError], int] = {UnknownUpload: 404, Elsewhere: 409, TooLarge: 413, Held: 423}


def routes() -> list[Route]:
    """Return the routes of uploads."""
    each = f"{ADDRESS}/{{id}}"
    return [
        Route(ADDRESS, _staff(_create), methods=["POST"]),
        Route(ADDRESS, _staff(_offer), methods=["OPTIONS"]),
        Route(each, _staff(_head), methods=["HEAD"]),
        Route(each, _staff(_append), methods=["PATCH"]),
        Route(each, _staff(_delete), methods=["DELETE"]),
    ]


def _staff(handler: Callable[[Request], Response]) -> Callable[[Request], object]:
    def answer(request: Request) -> Response:
        if request.method != "OPTIONS" and request.headers.get("tus-resumable") != "1.0.0":
            return Response(status_code=412, headers={"Tus-Version": "1.0.0"})
        try:
            return handler(request)
        except (UnknownUpload, Elsewhere, TooLarge, Held) as error:
            return problem(of_status(_STATUS[type(error)], str(error)), _TUS)

    return only(Role.STAFF, answer)


def _offer(_: Request) -> Response:
    extra = {"Tus-Version": "1.0.0", "Tus-Extension": "creation,termination"}
    return Response(status_code=204, headers=_TUS | extra | {"Tus-Max-Size": str(services().uploads.most)})


def _create(request: Request) -> Response:
    name = _metadata(request.headers.get("upload-metadata", "")).get("filename", "")
    sent = services().uploads.begin(name, _number(request, "upload-length"), who(request).email)
    return Response(status_code=201, headers=_TUS | {"Location": f"{ADDRESS}/{sent.id}"})


def _head(request: Request) -> Response:
    uploads = services().uploads
    sent = uploads.get(request.path_params["id"])
    there = {"Upload-Offset": str(uploads.offset(sent)), "Upload-Length": str(sent.size)}
    return Response(status_code=200, headers=_TUS | there)


def _append(request: Request) -> Response:
    uploads = services().uploads
    sent = uploads.get(request.path_params["id"])
    if request.headers.get("content-type") != _BODY:
        return Response(status_code=415, headers=_TUS)
    if not sent.sha256:
        try:
            with _TURNS.turn(), uploads.appending(sent, _number(request, "upload-offset")) as append:
                for piece in _pieces(request):
                    append(piece)
        except ClientDisconnect:
            return Response(status_code=408, headers=_TUS)
        if uploads.offset(sent) == sent.size:
            sent = uploads.complete(sent)
            services().journal.note(who(request).email, "a envoyé un fichier")
    offset = uploads.offset(sent)
    return Response(status_code=204, headers=_TUS | {"Upload-Offset": str(offset)})


def _delete(request: Request) -> Response:
    sent = services().uploads.get(request.path_params["id"])
    services().uploads.drop(sent.id)
    services().journal.note(who(request).email, "a annulé un envoi")
    return Response(status_code=204, headers=_TUS)


def _pieces(request: Request) -> Iterator[bytes]:
    """Yield the body as it comes; what has come is yielded too when the sender goes away."""
    stream, held = request.stream(), bytearray()
    try:
        while (piece := from_thread.run(anext, stream, None)) is not None:
            held += piece
            if len(held) >= _PIECE:
                yield bytes(held)
                held.clear()
    except ClientDisconnect:
        yield bytes(held)
        raise
    yield bytes(held)


def _number(request: Request, name: str) -> int:
    try:
        return int(request.headers.get(name, ""))
    except ValueError as error:
        raise BadInput("L’envoi est mal annoncé : rien n’a été gardé ; rechargez la page et recommencez.") from error


def _metadata(header: str) -> dict[str, str]:
    """Read ``key base64,key base64``; what cannot be read is left out."""
    found = {}
    for pair in header.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode("utf-8", "replace")
        except binascii.Error:
            continue
    return found
