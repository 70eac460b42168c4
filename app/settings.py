"""Settings: read once at the edges from ``HUB_…`` variables, then passed inwards."""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from transcripts.errors import HubError
from transcripts.model import THEMES
from transcripts.reasons import of_a_value

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = "default"


class SettingsRefused(HubError):
    """A setting is unknown or has a value that cannot be."""


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Speech(_Group):
    """Speech to text with faster-whisper."""

    model: str = Field(DEFAULT, description="« default » (Whisper base), or any faster-whisper name or folder")
    language: str = Field("fr", description="language of the talks, or « auto » to detect it")
    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="where Whisper computes")
    compute: str = Field("int8", description="CTranslate2 number type (float16 on a GPU)")
    threads: int = Field(0, ge=0, description="CPU threads, 0 for as many as there are cores")
    beam: int = Field(5, ge=1, le=20, description="beam size of the decoder")
    batch: int = Field(
        2, ge=1, le=128, description="windows of 30 s decoded at once, of each of two stretches: speed for memory"
    )
    prints: bool = Field(
        False,
        description="keep voice prints (personal data), to propose the name of a voice that comes back; a hub without this erases them",
    )


class Embedding(_Group):
    """Text to vectors with sentence-transformers."""

    model: str = Field(
        DEFAULT,
        description="« default » (multilingual-e5-small), or any sentence-transformers name or folder",
    )
    adapter: bool = Field(
        True, description="whether the default model is adapted to talks on financing; nothing to other models"
    )
    query_prefix: str = Field("query: ", description="what the model wants before a question")
    passage_prefix: str = Field("passage: ", description="what the model wants before a passage")
    batch: int = Field(16, ge=1, le=1024, description="passages embedded at once")


class Llm(_Group):
    """A language model that writes key points of summaries and answers; each sentence is checked against the transcript."""

    url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="an OpenAI-compatible endpoint (http://…/v1); without one, summaries and answers quote",
    )
    model: str = Field(DEFAULT, description="the model's name at that endpoint")
    key: SecretStr | None = Field(None, description="the endpoint's key")
    timeout: float = Field(120.0, gt=0, le=3600, description="seconds the model may take for a part of a talk")


class Answer(_Group):
    """How questions are answered."""

    writer: Literal["model", "quotes"] = Field(
        "model", description="« model »: written by the language model where there is one; « quotes »: only quotes"
    )
    timeout: float = Field(20.0, gt=0, le=300, description="seconds the model may take before the quotes stand alone")
    together: int = Field(
        2,
        ge=1,
        le=64,
        description="questions answered at once, and as many that the model writes; some wait, the others are told to come back",
    )


class Sources(_Group):
    """What may be fetched from a link."""

    private: bool = Field(False, description="whether links may lead to this machine and its own network")
    bytes: int = Field(4_000_000_000, gt=0, description="largest recording that is fetched, in bytes")
    seconds: float = Field(6 * 3600.0, gt=0, description="longest recording that is fetched, in seconds")
    video: bool = Field(
        False,
        description="whether the picture behind a link is fetched and kept, not only the sound; films given as files stay whole, and so "
        "do those behind links whose sound browsers do not play by itself",
    )


class Queue(_Group):
    """Where long work waits, and who does it."""

    url: str | None = Field(
        None,
        pattern=r"^(rediss?|unix)://\S+$",
        description="a Redis (redis://…) that several machines share, instead of jobs.db",
    )
    workers: int = Field(1, ge=0, le=16, description="workers that « hub serve » starts; 0 where others do the work")

    @field_validator("url")
    @classmethod
    def _read(cls, url: str | None) -> str | None:
        """Have its own library read the address. Raises `ValueError`."""
        if url:
            from redis import ConnectionPool  # loaded by whoever has one only

            ConnectionPool.from_url(url)
        return url


class Index(_Group):
    """Where this machine's own index lies: words, sentences, and vectors where no server holds them."""

    folder: Path | None = Field(None, description="its folder, below the home by default; each hub needs its own")


class Chroma(_Group):
    """Where vectors lie that several hubs share."""

    url: str | None = Field(
        None,
        pattern=r"^https?://[^/\s]+$",
        description="a Chroma server (http://…:8000), instead of a folder of the index",
    )


class Media(_Group):
    """Where recordings lie that are in no folder of the home."""

    url: str | None = Field(
        None,
        pattern=r"^s3://[^/\s]+(/\S*)?$",
        description="a bucket of S3 or its like, and a prefix (s3://bucket/prefix); needs s3fs (the extra « s3 »), and the "
        "provider's AWS_… variables",
    )


class Library(_Group):
    """What masterclasses are filed under."""

    themes: dict[str, str] = Field(THEMES, description="themes, identifier to title, as JSON")


class Statistics(_Group):
    """What is counted, without knowing anybody."""

    days: int = Field(90, ge=0, le=3650, description="days for which the words of questions are kept; 0 keeps none")


RoleName = Literal["member", "staff", "administrator"]


class Staff(_Group):
    """The association's own accounts, by OpenID Connect: whom they let in, as what. Invited people need nothing here."""

    issuer: str | None = Field(
        None, pattern=r"^https?://", description="the provider's address, as OpenID Connect names it"
    )
    client: str = Field("", description="the hub's client identifier at that provider")
    secret: SecretStr | None = Field(None, description="the hub's client secret at that provider")

    addresses: dict[str, RoleName] = Field({}, description="addresses to roles, as JSON")
    domains: dict[str, RoleName] = Field({}, description="what follows the @ of addresses to roles, as JSON")

    def role(self, email: str) -> RoleName | None:
        """Return what an address may do, None where nothing is said of it; the whole address goes before its domain."""
        address = email.strip().lower()
        known = {key.lower(): role for key, role in self.addresses.items()}
        domains = {key.lower().removeprefix("@"): role for key, role in self.domains.items()}
        return known.get(address) or domains.get(address.rpartition("@")[2])


class Access(_Group):
    """What is for whom."""

    reading: Literal["public", "member"] = Field(
        "public", description="who reads, searches and asks: everybody, or members only"
    )
    join: Literal["public", "member"] = Field("member", description="who sees the links to take part")
    previews: Literal["member", "staff"] = Field("member", description="who may open an unpublished masterclass")


class Backup(_Group):
    """What a running hub keeps of itself, below its own folder; copies elsewhere are the operator's to make."""

    daily: bool = Field(
        True, description="whether a running hub makes a backup each day; those of the last seven days stay"
    )
    media: bool = Field(True, description="whether those backups hold the recordings too")


class Public(_Group):
    """How the hub stands on the web."""

    url: str | None = Field(
        None,
        pattern=r"^https?://[^/?#\s]+$",
        description="address that feeds, sitemap, invitations and links to share give (https://hub.example.org, nothing behind the name); else the request's",
    )
    origins: tuple[str, ...] = Field(
        (), description='sites whose scripts may read the API and the subtitles, as JSON; ["*"] for every one'
    )
    searches: int = Field(60, ge=1, description="searches a minute for each client")
    answers: int = Field(12, ge=1, description="questions a minute for each client")
    hosts: tuple[str, ...] = Field(
        ("*",), description='names by which this hub may be asked, as JSON: ["hub.example.org"]; any other is refused'
    )
    pages: int = Field(
        300, ge=3, description="pages open at once in this hub, a third of them by one client; each costs it memory"
    )
    metrics: tuple[IPvAnyNetwork, ...] = Field(
        (ip_network("127.0.0.0/8"), ip_network("::1/128")), description="networks that may read /metrics, as JSON"
    )


class Settings(BaseSettings):
    """All settings. ``HUB_SPEECH_MODEL`` sets ``speech.model``; an unknown name is refused."""

    model_config = SettingsConfigDict(
        env_prefix="HUB_", env_nested_delimiter="_", env_nested_max_split=1, frozen=True, extra="forbid"
    )

    home: Path = Field(
        default_factory=lambda: (
            ROOT / "var" if (ROOT / "pyproject.toml").exists() else user_data_path("masterclass-hub")
        ),
        description="folder that holds everything the hub writes",
    )
    speech: Speech = Speech()
    embedding: Embedding = Embedding()
    llm: Llm = Llm()
    answer: Answer = Answer()
    sources: Sources = Sources()
    queue: Queue = Queue()
    index: Index = Index()
    chroma: Chroma = Chroma()
    media: Media = Media()
    library: Library = Library()
    statistics: Statistics = Statistics()
    staff: Staff = Staff()
    access: Access = Access()
    backup: Backup = Backup()
    public: Public = Public()

    @property
    def requests(self) -> Path:
        """Where something is asked of all who keep an index."""
        return self.home / "index"

    @property
    def index_folder(self) -> Path:
        """Where this machine's index lies."""
        return self.index.folder or self.requests


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises `SettingsRefused`, which names the variable, for an unknown name or an impossible value.
    """
    groups = tuple(f"HUB_{name.upper()}" for name in Settings.model_fields if name != "home")
    for name in os.environ:
        known = name in ("HUB_HOME", *groups) or name.startswith(tuple(f"{group}_" for group in groups))
        if name.startswith("HUB_") and not known:
            raise SettingsRefused(f"Le réglage « {name} » n’existe pas : retirez-le ou corrigez son nom.")
    try:
        settings = Settings()
    except SettingsError as error:
        group = next((g for g in groups if f'"{g.removeprefix("HUB_").lower()}"' in str(error)), "HUB_…")
        raise SettingsRefused(
            f"Le réglage « {group} » est refusé (ce n’est pas du JSON) : corrigez-le dans l’environnement."
        ) from error
    except ValidationError as error:
        where = "HUB_" + "_".join(str(part).upper() for part in error.errors()[0]["loc"])
        raise SettingsRefused(
            f"Le réglage « {where} » {of_a_value(error)} : corrigez-le dans l’environnement."
        ) from error
    return settings.model_copy(update={"home": settings.home.expanduser().resolve()})
