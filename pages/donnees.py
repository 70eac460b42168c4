"""What the hub keeps, where, how long. The numbers are those of the settings."""

import streamlit as st

from app.daily import KEPT
from app.people import IDLE, LINK, SESSION
from app.services import services
from transcripts.disclosure import K

_DAY = 24 * 3600

settings = services().settings
days = settings.statistics.days
questions = (
    f"Les mots d’une question sont gardés {days} jours, sans rien qui dise qui l’a posée, puis effacés. Une question qui semble contenir "
    "une adresse ou un numéro de téléphone n’est pas gardée. Elles servent à préparer les prochaines masterclass."
    if days
    else "Les mots des questions ne sont pas gardés."
)
backups = (
    f"Une sauvegarde est faite chaque jour ; les {KEPT} dernières restent. Ce qui est effacé du hub disparaît donc des sauvegardes "
    f"au plus tard {KEPT} jours après, ou tout de suite si on le demande."
    if settings.backup.daily
    else "Les sauvegardes sont faites par l’association, en dehors du hub."
)
prints = (
    "Une empreinte de leur voix est gardée à part, pour proposer leur nom quand elles reparlent ; elle disparaît avec la masterclass."
    if settings.speech.prints
    else "Aucune empreinte de voix n’est gardée."
)
sent = (
    "Un modèle de langue aide à résumer et à répondre\u00a0: il reçoit la transcription et les mots de la question, rien d’autre."
    if settings.llm.url
    else "Rien n’est envoyé à un autre service\u00a0: transcription, recherche et réponses se font sur la machine du hub."
)

st.title("Vos données")
open_to = "sans compte" if settings.access.reading == "public" else "par les membres"
st.html(f"<p class='hub-lead'>Le hub se lit {open_to}, sans traceur et sans publicité. Voici tout ce qu’il garde.</p>")
st.markdown(f"""
## Si vous lisez, écoutez ou cherchez

- **Aucun traceur.** Sans compte, le hub ne pose qu’un cookie technique contre les requêtes forgées ; il ne dit rien de vous.
- **Aucune adresse IP** n’est écrite. Seuls des nombres par jour le sont\u00a0: combien de fois une masterclass a été ouverte.
- {questions}
- « Cette réponse vous aide-t-elle ? » et les questions envoyées d’avance sont gardées sans nom.
- Vos notes, votre avancement dans les parcours et votre position d’écoute restent **sur votre appareil**.
- {sent}

## Si vous êtes membre, ou de l’équipe

- Votre **adresse électronique** et votre rôle, tant que vous avez un accès.
- Un **cookie de session**, qui dure {SESSION / _DAY:.0f} jours au plus, ou {IDLE / _DAY:.0f} jours sans visite ; « Sortir » l’efface. Le hub n’en
  garde qu’une empreinte, et l’heure approximative de votre dernière visite.
- Un lien d’invitation sert une fois, dans les {LINK / _DAY:.0f} jours.
- Ce que l’équipe fait (publier, corriger, retirer) s’inscrit dans un journal\u00a0: qui, quand, quoi.

## Si vous parlez dans une masterclass

- Votre voix, vos mots et votre nom, publiés **avec votre accord**, noté avec sa date.
- {prints}
- Vous pouvez demander qu’**un passage soit retiré**\u00a0: il disparaît du texte, du résumé, de la recherche et du son, et une marque le dit.
- Vous pouvez demander que **toute la masterclass soit effacée**\u00a0: il n’en reste aucun mot sur la machine.

## Si votre structure a répondu à une enquête

- Seuls des nombres arrondis sont montrés, jamais un groupe de moins de {K} réponses, ni de quoi le calculer.
- Noms et coordonnées ne sont pas lus ; ce que vous avez écrit librement n’est montré qu’après relecture, sans rien qui vous désigne.

## Sauvegardes, et à qui s’adresser

- {backups}
- Tout est gardé dans un seul dossier, sur la machine de l’association.
- Pour voir, corriger ou effacer ce qui vous concerne, écrivez à l’association. Vous pouvez aussi saisir la CNIL (cnil.fr).
""")
