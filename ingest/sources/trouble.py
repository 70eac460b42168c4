"""Why something could not be fetched, as one French sentence. Pure: what yt-dlp and servers say is read, never shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ingest.sources.address import shown
from transcripts.errors import BadLink, HubError, LinkDown

Kind = Literal[
    "other", "refused", "form", "bytes", "seconds", "live", "list", "login", "gone", "private", "robot", "media", "drm",
    "region", "scheme", "name", "certificate", "cut", "busy", "slow", "disk", "died",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trouble:
    """A kind, and what the sentence needs beside it: the address refused, what is wrong with the form, a limit."""

    kind: Kind
    detail: str = ""


class Stop(BaseException):
    """A fetch ends here for a reason that is ours. No `Exception`: none of yt-dlp's handlers may swallow it."""

    def __init__(self, kind: Kind, detail: str = "") -> None:
        super().__init__(kind)
        self.trouble = Trouble(kind, detail)


# What the words of an error mean, most telling first; they come from yt-dlp, urllib3 and the system's resolver.
_WORDS: tuple[tuple[str, Kind], ...] = (
    (r"not a bot|confirm you.?re not|javascript runtime|challenge solving failed|captcha", "robot"),
    (r"no space left|disk quota", "disk"),
    (r"live event|live stream|premieres in|is not currently live|is offline", "live"),
    (r"private video|video is private|members.only|private playlist", "private"),
    (r"video (is )?(unavailable|not available|removed)|been (removed|deleted)|no longer (available|exists)", "gone"),
    (r"sign in|\blog ?in\b|password|authenticat|registered users|account cookies", "login"),
    (r"\bdrm", "drm"),
    (r"no connection adapters|unsupported url scheme", "scheme"),
    (r"geo.?restrict|your (country|location|region)", "region"),
    (r"failed to resolve|name or service not known|name resolution|nodename nor servname|getaddrinfo", "name"),
    (r"certificate", "certificate"),
    (r"unsupported url|for safety reasons|no video formats|no media|no video could be found|requested format is not available", "media"),
    (r"timed? ?out|reset|refused|incompleteread|more expected|closed connection|end closed|broken|data blocks", "cut"),
    (r"unreachable|no route|ssl|eof occurred|content too short", "cut"),
)  # fmt: skip
_STATUSES: dict[int, Kind] = {
    401: "login", 402: "login", 403: "login", 404: "gone", 407: "login", 410: "gone", 429: "busy", 451: "region",
}  # fmt: skip


_YOUTUBE = re.compile(r"https?://([a-z]+\.)?(youtube\.com|youtu\.be|youtube-nocookie\.com)/", re.IGNORECASE)


def trouble_of(error: BaseException) -> Trouble:
    """Classify an exception by the HTTP status it hides, else by its words."""
    status, words = 0, ""
    seen: list[BaseException] = []
    following: list[object] = [error]
    while following:
        one = following.pop()
        if not isinstance(one, BaseException) or one in seen:
            continue
        seen.append(one)
        words += f" {type(one).__name__} {one}"
        status = status or (value if isinstance(value := getattr(one, "status", 0), int) else 0)
        inside = getattr(one, "exc_info", None)  # yt-dlp keeps the cause of its errors so
        following += [one.__cause__, one.__context__, getattr(one, "cause", None), *(inside or ())]
    return classify(status, words)


def classify(status: int, words: str) -> Trouble:
    """Return the kind of trouble that an HTTP status (0: none) and an error's words tell of."""
    told = next((kind for pattern, kind in _WORDS if re.search(pattern, words, re.IGNORECASE)), None)
    if told in ("robot", "private", "disk"):
        return Trouble(told)
    if status >= 500:
        return Trouble("busy")
    return Trouble(_STATUSES.get(status) or told or "other")


_UPLOAD = "téléchargez l’enregistrement vous-même et donnez le fichier"
# What happened, and what to do; « {d} » is the trouble's detail. Nothing is kept.
_FINAL: dict[Kind, tuple[str, str]] = {
    "refused": ("mène à une adresse interne ({d})", "donnez un lien public, ou le fichier"),
    "form": ("n’est pas lu ({d})", "donnez un lien public, ou le fichier"),
    "scheme": ("mène à une adresse qui ne commence pas par http:// ou https://", "donnez le lien de l’enregistrement lui-même, ou le fichier"),
    "bytes": ("annonce ou envoie plus que la taille permise ({d})", "donnez une version plus légère, par exemple le son seul"),
    "seconds": ("dure plus que la durée permise ({d})", "donnez un extrait, ou demandez à la personne qui tient la machine de relever la limite (HUB_SOURCES_SECONDS)"),
    "live": ("est un direct, sans fin", "attendez l’enregistrement et donnez son lien"),
    "list": ("est une liste et non un enregistrement", "donnez le lien de la liste dans « Ajouter », qui en montre les enregistrements, ou à « hub ingest »"),
    "login": ("demande de s’identifier ou refuse l’accès", _UPLOAD),
    "gone": ("n’existe pas ou n’existe plus", "vérifiez le lien"),
    "private": ("mène à une vidéo privée", f"demandez à son auteur de l’ouvrir, ou {_UPLOAD}"),
    "robot": ("est refusé à ce serveur, que le site prend pour un robot (« Santé du hub », ou « hub doctor », dit ce qui manque)", _UPLOAD),
    "media": ("ne contient ni son ni vidéo que le hub sait lire", "donnez le lien de l’enregistrement lui-même, ou le fichier"),
    "drm": ("est protégé contre la copie", "demandez le fichier à son auteur"),
    "region": ("n’est pas ouvert depuis ce pays", _UPLOAD),
    "certificate": ("n’a pas de certificat valable", "prévenez son auteur, ou donnez le fichier"),
}  # fmt: skip
# The same for what may pass; what was already received is kept.
_PASSING: dict[Kind, tuple[str, str]] = {
    "name": ("n’a pas été trouvé sur le réseau", "vérifiez le lien et la connexion, puis recommencez"),
    "cut": ("a été coupé en route", "recommencez, la suite sera demandée"),
    "busy": ("n’est pas servi pour l’instant, son serveur est surchargé ou en panne", "recommencez plus tard"),
    "slow": ("ne répond plus, ou trop lentement", "recommencez plus tard, la suite sera demandée"),
    "disk": ("ne tient pas sur le disque, qui est plein", "libérez de la place, puis recommencez"),
    "died": ("n’a pas pu être suivi, le programme qui le lisait s’est arrêté", "recommencez"),
    "other": ("n’a pas pu être lu", f"recommencez plus tard, ou {_UPLOAD}"),
}


def sentence(trouble: Trouble, name: str) -> HubError:
    """Return the error for the user: permanent (`BadLink`) or passing (`LinkDown`)."""
    if trouble.kind in ("media", "login") and _YOUTUBE.match(name):
        trouble = Trouble("robot")  # how YouTube turns a server away: no formats, or 403
    about = f"Le lien « {shown(name)} »"
    detail = trouble.detail[:80]
    if trouble.kind in _FINAL:
        what, cure = _FINAL[trouble.kind]
        return BadLink(f"{about} {what.format(d=detail)} : rien n’a été gardé ; {cure}.")
    what, cure = _PASSING[trouble.kind]
    return LinkDown(f"{about} {what} : ce qui a été reçu est gardé ; {cure}.")
