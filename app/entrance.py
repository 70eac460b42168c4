"""The page that a link of invitation opens: one button, in the hub's look, without Streamlit."""

from __future__ import annotations

import base64
import hashlib

from jinja2 import Environment
from starlette.responses import HTMLResponse, Response

from app.places import fresh
from transcripts.typography import spaced

# The part after the # is known to the browser alone. It leaves the address bar, so that no history or screenshot keeps it.
_SCRIPT = (
    "const token=location.hash.slice(1),field=document.querySelector('input');"
    "if(token){field.value=token;history.replaceState(null,'','/entrer');"
    "document.documentElement.classList.add('hub-known')}"
)
_STYLE = (
    ".hub-known label{display:none}main{padding-top:12vh!important}"
    "label{display:block}input{width:100%;box-sizing:border-box}button{margin-top:1rem}"
)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


_POLICY = (
    f"default-src 'self'; script-src {_hash(_SCRIPT)}; style-src 'self' {_hash(_STYLE)}; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_PAGE = Environment(autoescape=True).from_string(
    """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>Entrer — Masterclass, Opération Milliard</title>
<link rel="icon" type="image/svg+xml" href="/app/static/favicon.svg"><link rel="stylesheet" href="/app/static/{{ styles }}">
<style>{{ style | safe }}</style></head><body class="hub-plain"><main>
<p><a href="/"><img src="/app/static/logo.svg" alt="Opération Milliard&nbsp;: accueil" height="40"></a></p>
<h1>{{ heading }}</h1>
{% if trouble %}<div class="hub-state hub-trouble" role="alert"><p>{{ trouble }}</p></div>
{% else %}<p>Ce lien sert une seule fois, sur cet appareil. Vous resterez dans le hub trente jours au plus, et «&nbsp;Sortir&nbsp;»
vous déconnecte quand vous voulez.</p>{% endif %}
<form method="post" action="/entrer">
<label>Votre code, si le lien ne l’a pas apporté<input name="token" required autocomplete="off" spellcheck="false" maxlength="100"></label>
<button>Entrer dans le hub</button></form>
<p><a href="/">Aller à l’accueil sans entrer</a></p></main><script>{{ script | safe }}</script></body></html>"""
)
# Of all else, too many tries or a list that is held, the next try may know nothing: the link is as good as before.
_HEADINGS = {200: "Bienvenue", 400: "Ce lien n’ouvre plus", 403: "Accès refusé"}


def entrance(trouble: str = "", status: int = 200) -> Response:
    """Return the page; ``trouble`` is the sentence that says why an attempt failed, with this status."""
    page = _PAGE.render(
        styles=fresh("hub.css"),
        style=_STYLE,
        script=_SCRIPT,
        heading=_HEADINGS.get(status, "Un instant"),
        trouble=spaced(trouble),
    )
    headers = {
        "Content-Security-Policy": _POLICY,
        "Referrer-Policy": "same-origin",  # with « no-referrer » the form would say that it comes from nowhere
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(page, status, headers)
