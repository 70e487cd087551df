from compliance.models.content import ForbiddenWord
from compliance.models.ledgers import Clearance, Contact, Disclosure, Refusal
from compliance.models.restrictions import Restriction

__all__ = ["Clearance", "Contact", "Disclosure", "ForbiddenWord", "Refusal", "Restriction"]
