from compliance.admin.areas import AreaRestrictionAdmin, StoppageAdmin
from compliance.admin.ledgers import ClearanceAdmin, ContactAdmin, DisclosureAdmin, RefusalAdmin
from compliance.admin.restrictions import RestrictionAdmin

__all__ = [
    "AreaRestrictionAdmin",
    "ClearanceAdmin",
    "ContactAdmin",
    "DisclosureAdmin",
    "RefusalAdmin",
    "RestrictionAdmin",
    "StoppageAdmin",
]
