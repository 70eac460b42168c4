"""The glossary is what the corrector, the search and a reader rely on."""

import re
import subprocess
import sys

from transcripts.glossary import glossary
from transcripts.phonetics import fold


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def test_every_term_is_explained_in_clean_french() -> None:
    assert len(glossary()) >= 125
    for term in glossary():
        assert 40 <= len(term.definition) <= 320, term.term
        assert term.definition[0].isupper(), term.term
        assert term.definition.endswith("."), term.term
        assert term.english, term.term
        for text in (term.definition, *term.names):
            assert "'" not in text, text
            assert not re.search(r"[^\u00a0][:»]|[^\u202f][;?!]|«[^\u00a0]|  ", text), text


def test_no_form_means_two_things() -> None:
    names = [name for term in glossary() for name in {plain(name) for name in term.names}]
    heard = [plain(form) for term in glossary() for form in term.heard]
    assert len(names) == len(set(names))
    assert len(heard) == len(set(heard))
    assert not {form for term in glossary() for form in term.heard if "(" not in form and plain(form) in names}


def test_importing_opens_no_file() -> None:
    code = (
        "import sys; opened = []; "
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None); "
        "import transcripts.glossary; assert not [o for o in opened if o.endswith('.toml')]; "
        "transcripts.glossary.glossary(); assert [o for o in opened if o.endswith('.toml')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
