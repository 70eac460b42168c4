"""The image and the machines of `compose.yaml`, read as text: no Docker is at hand where the tests run."""

import re
import tomllib
from fnmatch import fnmatch
from itertools import chain

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.settings import ROOT, load_settings
from tests.app.machines import KEEPS

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_the_image_has_all_that_the_wheel_is_made_of() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["include"]
    wanted = {
        entry.strip("/") for entry in [*wheel, *PROJECT["project"]["license-files"], PROJECT["project"]["readme"]]
    }
    copied = set(
        chain.from_iterable(line.split()[1:-1] for line in re.findall(r"^COPY (?!--).*", DOCKERFILE, re.MULTILINE))
    )
    let_through = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    for entry in wanted | copied | {"requirements.lock", "build.lock", "deno.lock"}:
        assert entry.partition("/")[0] in copied, entry
        assert entry.partition("/")[0] in let_through, entry
    assert all((ROOT / entry).exists() for entry in copied)


def test_the_image_reads_scans_and_with_an_argument_youtube() -> None:
    *_, last = DOCKERFILE.split("\nFROM ")
    assert {"tesseract-ocr", "tesseract-ocr-fra"} <= set(last.split())
    assert re.search(r'\[ -n "\$DENO" \]; then \S+/pip install .*--require-hashes -r deno.lock', DOCKERFILE)
    assert re.match(r"deno==[\d.]+ \\\n    --hash=sha256:", (ROOT / "deno.lock").read_text("utf-8"))
    machines = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    assert set(machines["x-hub"]["build"]["args"]) == set(re.findall(r"^ARG (\w+)=", DOCKERFILE, re.MULTILINE))


def test_the_builder_of_the_image_is_the_projects_own() -> None:
    locked = dict(re.findall(r"^([a-z-]+)==(\S+)", (ROOT / "build.lock").read_text("utf-8"), re.MULTILINE))
    [wanted] = PROJECT["build-system"]["requires"]
    least = re.fullmatch(r"hatchling>=([\d.]+),<2", wanted)
    assert least
    assert [int(part) for part in locked["hatchling"].split(".")] >= [int(part) for part in least[1].split(".")]


def test_the_lock_is_level_with_the_project() -> None:
    entries = re.split(r"^(?=[a-z])", (ROOT / "requirements.lock").read_text("utf-8"), flags=re.MULTILINE)
    locked = [
        re.match(r"([a-z0-9-]+)(?:\[[a-z]+\])?==(\S+)", entry)
        for entry in entries
        if "masterclass-hub (pyproject.toml)" in entry
    ]
    wanted = {
        canonicalize_name(one.name): one.specifier
        for one in map(
            Requirement, [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["s3"]]
        )
    }
    assert {found[1] for found in locked if found} == set(wanted), "make lock"
    assert not [found[0] for found in locked if found and found[2] not in wanted[found[1]]], "make lock"


@pytest.mark.parametrize("name", ["hub1", "hub2", "worker"])
def test_the_machines_are_set_as_the_hub_understands(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = re.sub(r"\$\{HUB_SITE[^}]*\}", "hub.example.org", (ROOT / "compose.yaml").read_text("utf-8"))
    machines = yaml.safe_load(text)
    service = machines["services"][name]
    for variable, value in service["environment"].items():
        monkeypatch.setenv(variable, value)
    settings = load_settings()
    assert (settings.queue.workers, settings.public.hosts) == (0, ("hub.example.org",))
    for url in (settings.queue.url, settings.chroma.url):
        server = machines["services"][re.split(r"[/:]+", url or "")[1]]
        assert set(server["networks"]) & set(service["networks"])
        assert not server.get("ports")
    # Nothing is written but where a volume lies, and each hub has an index of its own.
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    places = dict(volume.split(":")[:2][::-1] for volume in service["volumes"])
    assert {"/data", "/data/models"} <= set(places) <= {"/data", "/data/models", "/index"}
    assert set(places.values()) <= set(machines["volumes"])
    others = [machines["services"][other]["volumes"] for other in ("hub1", "hub2") if other != name]
    assert not any(fnmatch(volume, "*:/index") and volume in service["volumes"] for volume in chain(*others))


def test_servers_have_the_versions_of_their_clients() -> None:
    images = {
        name: part.get("image", "")
        for name, part in yaml.safe_load((ROOT / "compose.yaml").read_text())["services"].items()
    }
    assert f"chromadb=={images['chroma'].partition(':')[2]}" in PROJECT["project"]["dependencies"]


def test_the_redis_that_is_shipped_keeps_jobs_as_the_one_that_is_tested() -> None:
    machines = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    assert machines["services"]["redis"]["command"] == ["redis-server", *KEEPS]
    assert f"`{' '.join(KEEPS)}`" in (ROOT / "docs" / "operators.md").read_text("utf-8")
