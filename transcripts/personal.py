"""Personal data in what people write freely, taken out by rule before a person reviews what is left. Pure."""

from __future__ import annotations

import re

HIDDEN = "[…]"

_UPPER = "A-ZÀ-ÖØ-ÞŒ"
_NAME = rf"[{_UPPER}][\w’'-]*\w"
_NAMES = rf"{_NAME}(?:\s+(?:d[eu’']\s*|de la\s+)?{_NAME}){{0,2}}"
_STREET = r"(?:rue|avenue|av\.|boulevard|bd|place|chemin|impasse|allées?|quai|route|cours|square|passage|faubourg)"
# First names as they are common in France; whoever reviews sees the others.
_FIRST = """Adrien Agnès Alain Alexandre Alice Aline Amandine Amélie Anaïs André Anne Annick Antoine Arnaud Arthur Audrey
Aurélie Aurélien Baptiste Béatrice Benjamin Benoît Bernadette Bernard Bertrand Brigitte Bruno Camille Carole Caroline Catherine
Cécile Céline Chantal Charles Charlotte Chloé Christelle Christian Christine Christophe Claire Claude Claudine Clément Colette
Corinne Cyril Daniel Danielle David Delphine Denis Denise Didier Dominique Édouard Élisabeth Élise Élodie Émilie Emmanuel
Emmanuelle Éric Estelle Étienne Eva Evelyne Fabien Fabienne Fabrice Fatima Florence Florent Florian François Françoise Frédéric
Gabriel Geneviève Georges Gérald Gérard Ghislaine Gilbert Gilles Grégory Guillaume Guy Hélène Henri Hugo Inès Isabelle Jacqueline
Jacques Jean Jeanne Jeannine Jérémy Jérôme Joël Jonathan Joseph Josiane Julie Julien Juliette Karim Karine Kévin Laura Laure Laurence
Laurent Léa Liliane Lionel Louis Louise Luc Lucas Lucie Lydie Madeleine Manon Marc Marcel Marguerite Maria Marie Marine Marion
Martin Martine Mathieu Mathilde Matthieu Maud Maurice Maxime Michel Michèle Mireille Mohamed Monique Morgane Muriel Myriam Nadège
Nadia Nadine Nathalie Nicolas Nicole Noémie Odette Odile Olivier Pascal Pascale Patrice Patricia Patrick Paul Pauline Philippe
Pierre Quentin Rachid Raphaël Raymond Régis Rémi René Renée Richard Robert Roger Romain Roland Sabine Samia Samuel Sandra Sandrine
Sarah Sébastien Serge Simon Simone Solène Sonia Sophie Stéphane Stéphanie Suzanne Sylvain Sylvie Théo Thérèse Thierry Thomas
Valérie Vanessa Véronique Victor Vincent Virginie Xavier Yann Yasmina Yves Yvette Yvonne Zoé""".split()

_RULES = (
    re.compile(r"\S+@\S+\.\w+"),
    re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
    re.compile(r"(?<!\w)@\w{3,}"),
    re.compile(r"(?:\+33|0033|\b0)\s?\(?\d?\)?(?:[ .\u00a0\u202f-]?\d){8}(?!\d)"),
    re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[0-9A-Z]{4}){4,7}(?:\s?[0-9A-Z]{1,3})?\b"),  # IBAN
    re.compile(r"\b\d{3}[ \u00a0\u202f]?\d{3}[ \u00a0\u202f]?\d{3}(?:[ \u00a0\u202f]?\d{5})?\b(?!\s*(?:€|euros?|k€))"),  # SIREN, SIRET
    re.compile(rf"\b\d{{1,4}}\s?(?:bis|ter)?,?\s+{_STREET}\s+[^,.;\n]{{2,60}}(?:,?\s*\d{{5}}\s+{_NAME})?", re.IGNORECASE),
    re.compile(rf"\b\d{{5}}\s+{_NAME}"),
    re.compile(rf"\b(?:M\.|MM\.|Mme|Mmes|Mlle|Monsieur|Madame|Dr|Me)\s+{_NAMES}"),
    re.compile(rf"(?<=je m’appelle )(?:{_NAMES})|(?<=je m'appelle )(?:{_NAMES})|(?<=je suis )(?:{_NAME}\s+{_NAME})", re.IGNORECASE),
    re.compile(rf"\b(?:{'|'.join(_FIRST)})(?:-(?:{'|'.join(_FIRST)}))?(?:\s+{_NAME})?\b"),
)  # fmt: skip


def without_personal(text: str) -> str:
    """Return a text with addresses, numbers and names replaced by `HIDDEN`.

    Rules find most, never all: nothing is shown before a person has read it.
    """
    for rule in _RULES:
        text = rule.sub(HIDDEN, text)
    return re.sub(rf"{re.escape(HIDDEN)}(?:[\s,]+{re.escape(HIDDEN)})+", HIDDEN, text)
