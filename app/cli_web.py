"""The commands that take the library elsewhere: assistants, and a site of static files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.console import bars, console, open_services
from transcripts.typography import counted

app = typer.Typer()


@app.command()
def mcp() -> None:
    """Let an assistant search, ask and read (Model Context Protocol, over stdin and stdout)."""
    from app.assistants import address, assistant_server

    services = open_services()
    if not address(services):
        console().print(
            "Le hub ne tourne pas et HUB_PUBLIC_URL ne dit pas son adresse : les liens que cite l’assistant n’ont pas de début ; "
            "donnez HUB_PUBLIC_URL."
        )
    assistant_server(services).run("stdio")


@app.command("export-site")
def export_site(
    folder: Annotated[Path, typer.Argument(help="Where the site goes: empty, new, or an earlier export.")],
    url: Annotated[
        str | None, typer.Option(help="Address the site will have; the feed, the calendars and the sitemap need it.")
    ] = None,
) -> None:
    """Write the public pages as files that any web server can serve."""
    from app.site import export_site as export

    services = open_services()
    with bars() as progress:
        done = export(services, folder, url or services.settings.public.url or "", progress)
    console().print(
        f"Site : {counted(done.pages, 'masterclass ou étude', 'masterclass et études')}, "
        f"{counted(done.written, 'fichier écrit', 'fichiers écrits')}, {counted(done.kept, 'inchangé', 'inchangés')}, "
        f"{counted(done.removed, 'retiré', 'retirés')}."
    )
    for sentence in done.left_out:
        console().print(sentence, style="red", markup=False, highlight=False)
    if not done.address:
        console().print(
            "Sans adresse, ni flux, ni calendriers, ni plan du site n’ont été écrits : donnez --url (ou HUB_PUBLIC_URL) pour les avoir."
        )
    if done.left_out:
        raise SystemExit(1)
