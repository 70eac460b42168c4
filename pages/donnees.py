"""What the hub keeps, where, how long. The numbers are those of the settings."""

import streamlit as st

from app.access import sign_in
from app.daily import KEPT
from app.people import IDLE, LINK, SESSION
from app.queue import KEPT as JOB
from app.services import services
from app.uploads import ABANDONED
from transcripts.disclosure import K
from transcripts.library import WEEK
from transcripts.typography import spaced

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
    f"Une sauvegarde est faite chaque jour où le hub tourne ; celles des {KEPT} derniers jours restent. Ce qui est effacé du hub "
    f"disparaît donc des sauvegardes quand {KEPT} autres jours ont la leur, ou tout de suite si on le demande."
    if settings.backup.daily
    else "Les sauvegardes sont faites par l’association, en dehors du hub."
)
prints = (
    "Une empreinte de votre voix est gardée à part, pour proposer votre nom quand vous reparlez ; elle disparaît avec la masterclass."
    if settings.speech.prints
    else "Aucune empreinte de voix n’est gardée."
)
sent = (
    "Un modèle de langue, à une adresse choisie par l’association, aide à résumer et à répondre : il reçoit les textes et les "
    "mots de la question, rien d’autre."
    if settings.llm.url
    else "Aucun modèle de langue n’est interrogé ailleurs : transcription, recherche et réponses se font sur les machines du hub."
)
provided = (
    "\n- Si vous entrez par votre compte d’ailleurs, un **second cookie**, signé mais lisible, garde 30 jours le nom et l’adresse que ce "
    "service a donnés, même si aucun accès ne vous est ouvert ; « Sortir » l’efface aussi."
    if sign_in(settings)
    else ""
)
where = (
    "Les enregistrements sont chez un hébergeur de fichiers choisi par l’association ; le reste est sur les machines du hub."
    if settings.media.url
    else "Tout est gardé sur les machines du hub, enregistrements compris."
)

st.title("Vos données")
open_to = "sans compte" if settings.access.reading == "public" else "par les membres"
st.html(f"<p class='hub-lead'>Le hub se lit {open_to}, sans traceur et sans publicité. Voici tout ce qu’il garde.</p>")
st.markdown(
    spaced(f"""
## Si vous lisez, écoutez ou cherchez

- **Aucun traceur.** Sans compte, le hub ne pose que des cookies techniques, qui ne disent rien de vous : l’un empêche un autre site
  d’agir à votre place ; l’autre, là où plusieurs machines se partagent le travail, vous garde sur la même.
- **Aucune adresse IP** n’est écrite. Seuls des nombres par jour le sont : combien de fois une masterclass a été ouverte.
- {questions}
- Vos réponses à « Cette réponse vous aide-t-elle ? » et les questions envoyées d’avance sont gardées sans nom.
- Vos notes, votre avancement dans les parcours et votre position d’écoute restent **sur votre appareil**.
- {sent}

## Si vous êtes membre, ou de l’équipe

- Votre **adresse électronique** et votre rôle, tant que vous avez un accès.
- Un **cookie de session**, qui dure {SESSION / _DAY:.0f} jours au plus, ou {IDLE / _DAY:.0f} jours sans visite ; « Sortir » l’efface. Le hub n’en
  garde qu’une empreinte, et l’heure approximative de votre dernière visite.{provided}
- Un lien d’invitation sert une fois, dans les {LINK / _DAY:.0f} jours.
- Ce que l’équipe fait (publier, corriger, retirer) s’inscrit dans un journal, et les corrections dans l’historique de chaque texte : qui,
  quand, quoi. L’adresse électronique de la personne qui a agi y reste **sans limite de durée**, même après la fin de son accès.
- Un fichier envoyé et laissé là est effacé après {ABANDONED / _DAY:.0f} jours, un travail terminé quitte la liste après {JOB / _DAY:.0f} jours.
- Les corrections qui ne sont pas encore enregistrées attendent **sur votre appareil**.

## Si vous parlez dans une masterclass

- Votre voix, vos mots et votre nom, publiés **avec votre accord**, noté avec sa date.
- {prints}
- Vous pouvez demander qu’**un passage soit retiré** : il disparaît du texte, du résumé, de la recherche et du son, et une marque le dit.
- Un enregistrement que l’équipe remplace est encore gardé {WEEK / _DAY:.0f} jours, pour le remettre s’il le faut.
- Vous pouvez demander que **toute la masterclass soit effacée** : il n’en reste aucun mot, sauf dans les sauvegardes.

## Si votre structure a répondu à une enquête

- Seuls des nombres arrondis sont montrés, jamais un groupe de moins de {K} réponses, ni de quoi le calculer.
- Noms et coordonnées ne sont pas lus ; ce que vous avez écrit librement n’est montré qu’après relecture, sans rien qui vous désigne.

## Sauvegardes, et à qui s’adresser

- {where}
- {backups}
- Pour voir, corriger ou effacer ce qui vous concerne, écrivez à l’association. Vous pouvez aussi saisir la CNIL (cnil.fr).
""")
)
