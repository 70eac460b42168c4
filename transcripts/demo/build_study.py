"""Make the demonstration studies from their scripts: ``python transcripts/demo/build_study.py``.

For developers who change a script; needs typst, which the tests bring. The PDF is kept beside what the hub reads in it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import typst

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from app.services import services  # noqa: E402
from ingest.documents.apart import read_document  # noqa: E402
from ingest.sources.files import Papers  # noqa: E402
from ingest.studying import make_study, summarised  # noqa: E402
from ingest.wishes import Wishes  # noqa: E402
from transcripts.model import Summary  # noqa: E402
from transcripts.studies import Studies  # noqa: E402


def build(script: Path, home: Path) -> None:
    """Write the study of one script below ``home/studies``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{script.stem}.pdf"
        path.write_bytes(typst.compile(script))
        material = Papers().open(str(path), path.parent, lambda done, total: None)
        document = read_document(path, lambda done, total: None)
        wishes = Wishes(slug=script.stem, publish=True)
        study = make_study(document, material, wishes, theme="parcours-de-financement", language="fr")
        study = replace(study, details=replace(study.details, demonstration=True))
        study = replace(study, summary=Summary(summarised(study, services().embedder.passages)))
        shutil.rmtree(home / "studies" / script.stem, ignore_errors=True)
        Studies(home).add(study, path, document.pictures)
    (home / "library" / ".lock").unlink()


if __name__ == "__main__":
    for script in sorted((HERE / "scripts").glob("*.typ")):
        build(script, HERE)
