from compliance.admin.ledgers import ClearanceAdmin, ContactAdmin, DisclosureAdmin, RefusalAdmin
from compliance.admin.restrictions import RestrictionAdmin

__all__ = ["ClearanceAdmin", "ContactAdmin", "DisclosureAdmin", "RefusalAdmin", "RestrictionAdmin"]
