from compliance.admin.content import ForbiddenWordAdmin
from compliance.admin.ledgers import ClearanceAdmin, ContactAdmin, DisclosureAdmin, RefusalAdmin
from compliance.admin.restrictions import RestrictionAdmin

__all__ = [
    "ClearanceAdmin",
    "ContactAdmin",
    "DisclosureAdmin",
    "ForbiddenWordAdmin",
    "RefusalAdmin",
    "RestrictionAdmin",
]
