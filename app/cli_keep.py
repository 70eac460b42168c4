"""Keeping what the hub holds: backup and restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.console import console, fail, open_services, sure
from transcripts.typography import counted, decimal

app = typer.Typer()


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The zip file to write.")],
    media: Annotated[bool, typer.Option("--media/--no-media", help="Whether recordings are in it.")] = True,
) -> None:
    """Write everything that cannot be made again into one file; the hub may be running."""
    from app.backup import back_up

    services = open_services()
    made = back_up(services.settings.home, file.absolute(), media=media)
    total = sum(kept.size for kept in made.files.values())
    console().print(f"Sauvegarde faite : {len(made.files)} fichiers, {decimal(total / 1e6, '.1f')} Mo.")
    if services.settings.media.url:
        console().print(f"Les enregistrements n’y sont pas : ils restent dans {services.settings.media.url}.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `hub backup` wrote.")],
    yes: Annotated[bool, typer.Option("--yes", help="Replace what the library holds, without asking.")] = False,
) -> None:
    """Put everything back to what a backup holds."""
    from app.archive import read_manifest
    from app.backup import restore as put_back

    services = open_services()
    manifest = read_manifest(file)
    present = len(services.library.slugs()) + len(services.studies.slugs())
    if present and not yes:
        question = f"La bibliothèque contient {present} masterclass et études ; elles seront remplacées par la sauvegarde du {manifest.made:%d/%m/%Y}."
        left = "" if manifest.recordings else " Elle ne contient pas d’enregistrements : ceux qui sont là restent."
        if not sure(f"{question}{left} Continuer ?"):
            fail("Rien n’a été changé.")
    put_back(services.settings.home, file)
    if manifest.recordings and services.settings.media.url:
        console().print(f"Ses enregistrements sont dans media/ : copiez-les dans {services.settings.media.url}.")
    services.journal.note("terminal", f"a restauré la sauvegarde du {manifest.made:%d/%m/%Y}")
    studies = f" et {counted(n, 'étude', 'études')}" if (n := len(services.studies.slugs())) else ""
    console().print(
        f"De retour : {len(services.library.slugs())} masterclass{studies} ; la recherche se refait d’elle-même."
    )
