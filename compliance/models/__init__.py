from compliance.models.audit import AuditEntry, Chain, Kind
from compliance.models.ledgers import Clearance, Contact, Disclosure, Refusal
from compliance.models.restrictions import Restriction

__all__ = [
    "AuditEntry",
    "Chain",
    "Clearance",
    "Contact",
    "Disclosure",
    "Kind",
    "Refusal",
    "Restriction",
]
