"""The same reports as LaTeX and LibreOffice set them, where a machine has these: nothing else depends on them."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from tests.documents import HEAD, TABLE, Report, note_of

_SIGNS = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"}
    | {
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "\\": r"\textbackslash{}",
        "€": "",
        "\u202f": "~",
        "\u00a0": "~",
    }
)
# The oldest way, whose accents are drawn over their letters, and today's: two columns and an outline.
PLAIN = r"""\documentclass[a4paper,11pt]{article}
\usepackage[french]{babel}
"""
COLUMNS = r"""\documentclass[a4paper,10pt,twocolumn]{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage[french]{babel}
\usepackage{booktabs}
\usepackage{hyperref}
"""


def with_latex(one: Report, preamble: str) -> bytes:
    """Set a report with pdflatex: footnotes, a running head, tables."""
    booked = "booktabs" in preamble
    rules = (
        (r"\toprule", r"\midrule", " ", r"\bottomrule") if booked else (r"\hline", r"\hline ", r"\hline ", r"\hline")
    )
    columns = "lrrr" if booked else "|l|r|r|r|"
    body = rf"\title{{{_tex(one.title)}}}\author{{}}\date{{}}\maketitle" + "\n"
    for n, (heading, paragraphs) in enumerate(one.sections):
        texts = [_tex(p) for p in paragraphs]
        if n % 3 == 0:
            texts[0] += rf"\footnote{{{_tex(note_of(heading))}}}"
        body += rf"\section*{{{_tex(heading)}}}" + "\n" + "\n\n".join(texts) + "\n\n"
        if n % 3 == 1:
            first, *others = (" & ".join(_tex(cell) for cell in row) + r" \\" for row in TABLE)
            rows = f"{rules[0]} {first} {rules[1]} {rules[2].join(others)} {rules[3]}"
            body += rf"\begin{{center}}\small\begin{{tabular}}{{{columns}}}{rows}\end{{tabular}}\end{{center}}" + "\n\n"
    head = (
        rf"\usepackage{{fancyhdr}}\pagestyle{{fancy}}\fancyhf{{}}\fancyhead[L]{{{_tex(HEAD)}}}\fancyfoot[C]{{\thepage}}"
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "r.tex"
        source.write_text(f"{preamble}{head}\\begin{{document}}\n{body}\\end{{document}}\n", "utf-8")
        command = ["pdflatex", "-interaction=batchmode", source.name]
        for _ in range(2):
            subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120)
        return source.with_suffix(".pdf").read_bytes()


def with_libreoffice(path: Path, form: str) -> bytes:
    """Open a document with LibreOffice and return what it saves as another format."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", form]
        subprocess.run([*command, "--outdir", folder, str(path)], capture_output=True, check=True, timeout=300)
        return (Path(folder) / path.name).with_suffix(f".{form}").read_bytes()


def _tex(text: str) -> str:
    return text.translate(_SIGNS)
