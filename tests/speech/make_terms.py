"""Speak the sentences of ``terms/manifest.jsonl``: ``python -m tests.speech.make_terms KOKORO.onnx VOICES.npz``.

For developers who change a sentence; needs ``pip install kokoro-onnx`` beside the project. The Kokoro voice
ff_siwis says each sentence, which is written beside the manifest as Opus. Sentences whose file is there are left alone.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from kokoro_onnx import Kokoro

from transcripts.demo.build import write_opus

TERMS = Path(__file__).resolve().parent / "terms"
_SPEED = 1.15
# How people say what the voice would spell, or read as English.
_SAID = {
    "SCIC": "skik",
    "SCOP": "scop",
    "CG Scop": "cé gé scop",
    "ESUS": "ésusse",
    "IDES": "idèsse",
    "CRESS": "cresse",
    "l’ESS": "l’eu èss èss",
    "AMF": "a èm èf",
    "ACPR": "a cé pé èr",
    "Ademe": "adème",
    "Adie": "adi",
    "Bpifrance": "bé pé i France",
    "Esfin": "esse fine",
    "Scopinvest": "scop investe",
    "Sofiscop": "sofiscop",
    "Socoden": "socodène",
    "HelloAsso": "hello asso",
    "LITA.co": "lita point co",
    "Phitrust": "fi treuste",
    "Ulule": "ulule",
    "Enercoop": "énère coop",
    "Finansol": "financesol",
    "Greenfin": "grine fine",
    "eusko": "éousko",
    "90/10": "quatre-vingt-dix dix",
    "scope 3": "scope trois",
    "Bâle III": "Bâle trois",
    "Lehman Brothers": "lémane breuzeurse",
    "Glass-Steagall Act": "glasse stigol acte",
    "crowdfunding": "craoude feundingue",
    "crowdlending": "craoude lendingue",
    "private equity": "praïvette équiti",
    "quantitative easing": "quantitative izingue",
    "greenwashing": "grine ouachingue",
    "Muhammad Yunus": "moamed younousse",
    "Citizen Capital": "citizen capitale",
}


def main(model: str, voices: str) -> None:
    """Write the missing Opus files."""
    kokoro = Kokoro(model, voices)
    for line in (TERMS / "manifest.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        path = TERMS / row["audio"]
        if not path.exists():
            said = re.sub("|".join(map(re.escape, _SAID)), lambda m: _SAID[m[0]], row["text"]).replace("’", "'")
            write_opus(path, kokoro.create(said, voice="ff_siwis", speed=_SPEED, lang="fr-fr")[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
