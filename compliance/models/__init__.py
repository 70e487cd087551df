from compliance.models.data_requests import Correction, DataRequest, DataRequestEvent
from compliance.models.exports import Export
from compliance.models.ledgers import Clearance, Contact, Disclosure, Refusal
from compliance.models.quotas import DisclosureAlert, DisclosureQuota
from compliance.models.restrictions import Restriction
from compliance.models.retention import LegalHold, PurgeRun, RetentionClass

__all__ = [
    "Clearance",
    "Contact",
    "Correction",
    "DataRequest",
    "DataRequestEvent",
    "Disclosure",
    "DisclosureAlert",
    "DisclosureQuota",
    "Export",
    "LegalHold",
    "PurgeRun",
    "Refusal",
    "Restriction",
    "RetentionClass",
]
