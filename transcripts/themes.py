"""What each theme is about, in a few sentences for someone who comes to it for the first time."""

from __future__ import annotations

INTRODUCTIONS: dict[str, str] = {
    "vehicules-et-systeme-financier": (
        "Part sociale, prêt participatif, titre associatif, obligation, fonds : un véhicule est la forme que prend l’argent "
        "quand il entre dans un projet. Chacun dit qui décide, qui est remboursé, quand, et qui perd si cela tourne mal. Ces "
        "masterclass les ouvrent un par un, avec des exemples chiffrés."
    ),
    "types-de-financeurs": (
        "Banques, fonds solidaires, fondations, puissance publique, épargne des habitants : ils ne financent ni les mêmes "
        "choses, ni aux mêmes conditions, ni au même moment. Ces masterclass disent ce que chacun cherche, ce qu’il refuse, et "
        "comment lui parler."
    ),
    "parcours-de-financement": (
        "Un projet ne trouve pas son argent d’un coup : il commence petit, prouve, emprunte, grandit, essuie des refus. Ces "
        "masterclass suivent des projets d’une étape à la suivante, avec les pièces à préparer et les erreurs à éviter."
    ),
    "systeme-monetaire-et-economique": (
        "D’où vient la monnaie, qui la crée, pourquoi manque-t-elle là où elle serait utile ? Ces masterclass expliquent les "
        "règles du jeu, pour comprendre ce qui peut changer et ce que des citoyens changent déjà."
    ),
}
