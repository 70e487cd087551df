from compliance.models.ledgers import Clearance, Contact, Disclosure, Refusal
from compliance.models.outcomes import ContactOutcome
from compliance.models.restrictions import Restriction

__all__ = ["Clearance", "Contact", "ContactOutcome", "Disclosure", "Refusal", "Restriction"]
