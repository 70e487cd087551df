from compliance.admin.complaints import ComplaintAdmin, ComplaintEventAdmin, FilingAdmin
from compliance.admin.ledgers import ClearanceAdmin, ContactAdmin, DisclosureAdmin, RefusalAdmin
from compliance.admin.restrictions import RestrictionAdmin

__all__ = [
    "ClearanceAdmin",
    "ComplaintAdmin",
    "ComplaintEventAdmin",
    "ContactAdmin",
    "DisclosureAdmin",
    "FilingAdmin",
    "RefusalAdmin",
    "RestrictionAdmin",
]
