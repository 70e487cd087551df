from compliance.admin.ledgers import ClearanceAdmin, ContactAdmin, DisclosureAdmin, RefusalAdmin
from compliance.admin.outcomes import ContactOutcomeAdmin
from compliance.admin.restrictions import RestrictionAdmin

__all__ = [
    "ClearanceAdmin",
    "ContactAdmin",
    "ContactOutcomeAdmin",
    "DisclosureAdmin",
    "RefusalAdmin",
    "RestrictionAdmin",
]
