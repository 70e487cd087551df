from compliance.models.exports import Export
from compliance.models.ledgers import Clearance, Contact, Disclosure, Refusal
from compliance.models.quotas import DisclosureAlert, DisclosureQuota
from compliance.models.restrictions import Restriction

__all__ = [
    "Clearance",
    "Contact",
    "Disclosure",
    "DisclosureAlert",
    "DisclosureQuota",
    "Export",
    "Refusal",
    "Restriction",
]
