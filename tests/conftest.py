"""What tests share: real weights, fetched once, and a library of real masterclasses."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from app import weights
from app.services import Services
from app.settings import ROOT, Settings
from index.embedder import Embedder
from index.reader import reader_for
from ingest.memory import give_back

Hub = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of default weights, kept between runs."""
    folder = ROOT / "var" / "models"
    for recipe in (weights.WHISPER, weights.VOICEPRINT):
        weights.ensure(recipe, folder, lambda line: None)
    weights.ensure_adapted(folder, lambda line: None)
    return folder


@pytest.fixture(scope="module", autouse=True)
def one_embedder() -> Iterator[None]:
    """Lend the services of a file's tests one embedder of a kind, as a process has in life, and free it when they are over.

    Loading it and the reader beside it takes seconds, and each would hold a gigabyte.
    """
    make, made = Services._embedder, dict[tuple[str, Path], Embedder]()

    def lent(services: Services, settings: Settings) -> Embedder:
        kind = settings.embedding.model_dump_json(), (settings.home / "models").resolve()
        if kind not in made:
            made[kind] = make(services, settings)
        return made[kind]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Services, "_embedder", lent)
        yield
    for remembered in (reader_for, Embedder.question, Embedder._prefixed, Embedder._tokens):
        remembered.cache_clear()
    give_back()


def make_home(folder: Path, models: Path) -> Path:
    """Make a folder for ``HUB_HOME`` that borrows the weights."""
    folder.mkdir(parents=True, exist_ok=True)
    models.mkdir(parents=True, exist_ok=True)
    (folder / "models").symlink_to(models)
    return folder


def kept_demonstration() -> Path:
    """Return a home with the demonstration library, made once and kept: for pictures and measures, not for tests."""
    folder = ROOT / "var" / "demonstration"
    if not folder.exists():
        make_home(folder, ROOT / "var" / "models")
    done = run_hub(folder, "demo")
    if done.returncode:
        raise RuntimeError(done.stderr)
    return folder


@pytest.fixture
def cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The cookies of whoever looks at a page through Streamlit's `AppTest`, which has a mock of them; none to begin with."""
    from streamlit.runtime.context import ContextProxy

    held: dict[str, str] = {}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: held))
    return held


@pytest.fixture
def home(tmp_path: Path, models: Path) -> Path:
    """An empty ``HUB_HOME``."""
    return make_home(tmp_path / "home", models)


@pytest.fixture
def services(home: Path) -> Services:
    """The services of an empty home."""
    return Services(Settings(home=home))


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """A home with the demonstration library, one of its recordings really transcribed; made once, whoever tests beside."""
    beside = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp().parent if beside else tmp_path_factory.mktemp("demo")
    with FileLock(base / "demo.lock"):
        first = base / "home"
        if not first.exists():
            making = make_home(base / "making", models)
            done = run_hub(making, "demo")
            assert done.returncode == 0, done.stderr
            making.rename(first)
    return first


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Path:
    """A copy of that home, for the tests of one file to change as they like."""
    return shutil.copytree(demonstration, tmp_path_factory.mktemp("demo") / "home", symlinks=True)


def run_hub(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    return subprocess.run(
        [Path(sys.executable).with_name("hub"), *words],
        env={**os.environ, "HUB_HOME": str(home), "COLUMNS": "500", **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.fixture
def hub(home: Path) -> Hub:
    """The command on an empty home."""
    return lambda *words, **variables: run_hub(home, *words, **variables)


class worker:
    """A real worker process, gone when the block is; ``host`` is a name of its own for its machine, which root alone can give."""

    def __init__(self, home: Path, host: str = "", **variables: str) -> None:
        elsewhere = ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', host] if host else []
        self.process = subprocess.Popen(
            [*elsewhere, Path(sys.executable).with_name("hub"), "worker"],
            env={**os.environ, "HUB_HOME": str(home), **variables},
            cwd=ROOT,
        )

    def __enter__(self) -> subprocess.Popen[bytes]:
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
