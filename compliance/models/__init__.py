from compliance.models.complaint_events import ComplaintEvent, Filing
from compliance.models.complaints import Complaint
from compliance.models.ledgers import Clearance, Contact, Disclosure, Refusal
from compliance.models.restrictions import Restriction

__all__ = [
    "Clearance",
    "Complaint",
    "ComplaintEvent",
    "Contact",
    "Disclosure",
    "Filing",
    "Refusal",
    "Restriction",
]
