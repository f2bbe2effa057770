"""Which kind of criterion French words speak of: the table, and how it is read.

The word that stands first in a title decides, the longest where several start there: "Qualité environnementale" is
the environment, "Valeur technique et environnementale" is quality. A title without any of them is quality, the kind
of everything that is marked, and is counted apart.
"""

import re

from procurement.tenders.reference.folding import folded

# Beginnings of words, without accents.
WORDS = {
    "price": (
        "prix", "pirx", "cout", "tarif", "montant", "financ", "econom", "rabais", "taux de remise", "honoraire",
        "remuneration", "bordereau", "detail quantitatif", "detail estimatif", "devis", "dpgf", "dqe", "bpu", "loyer",
        "redevance",
    ),
    "cost": (
        "cout global", "cout complet", "cout total de possession", "cout de possession", "cout d'utilisation",
        "cout d'exploitation", "cout d'usage", "cout du cycle de vie", "couts d'utilisation", "couts d'exploitation",
        "cout de revient", "cycle de vie",
    ),
    "environment": (
        "environn", "insertion dans l'environn", "developpement durable", "developement durable", "durabilite",
        "ecolog", "ecoresp", "ecoconception", "ecolabel", "carbone", "gaz a effet de serre", "dechet", "recycl",
        "biodiversit", "energ", "economies d'energ", "economie circulaire", "pollu", "circuit court", "nuisance",
        "qualite environn", "qualite ecolog", "soged",
    ),
    "delivery": (
        "delai", "livraison", "calendrier", "planning", "duree d'execution", "duree des travaux", "duree du chantier",
        "date de livraison", "approvisionnement", "reactivite", "disponibilite", "temps de reponse",
        "temps d'intervention",
    ),
    "social": (
        "social", "qualite social", "insertion", "handicap", "egalite", "solidaire", "commerce equitable", "apprenti",
    ),
    "quality": (
        "techni", "valeur tech", "qualit", "methodolog", "memoire", "moyens", "organisation", "competence",
        "experience", "reference", "fonctionn", "ergonom", "esthetique", "garantie", "delai de garantie",
        "duree de garantie", "service", "maintenance", "apres-vente", "formation", "equipe", "qualification",
        "pertinence", "comprehension", "adequation", "echantillon", "securite", "hygiene", "confort", "artisti",
        "architectur", "insertion paysag", "fiabilite", "assistance", "suivi", "gout", "therapeuti", "robustesse",
        "caracteristique", "procede", "materiel", "materiaux", "note method", "presentation", "coherence",
    ),
}  # fmt: skip
KINDS = {word: kind for kind, words in WORDS.items() for word in words}
FIRST_WORD = re.compile(
    r"(?<![a-z])(?:" + "|".join(re.escape(word) for word in sorted(KINDS, key=len, reverse=True)) + ")"
)
UNNAMED = "quality"


def kind_of(title: str) -> str | None:
    """The kind that the words of ``title`` speak of; None when it has none of them."""
    found = FIRST_WORD.search(folded(title))
    return KINDS[found.group()] if found else None
