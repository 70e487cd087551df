from compliance.models.areas import AreaRestriction, Stoppage
from compliance.models.ledgers import Clearance, Contact, Disclosure, Refusal
from compliance.models.restrictions import Restriction, RestrictionReview

__all__ = [
    "AreaRestriction",
    "Clearance",
    "Contact",
    "Disclosure",
    "Refusal",
    "Restriction",
    "RestrictionReview",
    "Stoppage",
]
