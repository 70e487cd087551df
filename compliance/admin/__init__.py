from compliance.admin import history
from compliance.admin.holidays import HolidayAdmin, HolidayYearAdmin
from compliance.admin.ledgers import ClearanceAdmin, ContactAdmin, DisclosureAdmin, RefusalAdmin
from compliance.admin.restrictions import RestrictionAdmin

__all__ = [
    "ClearanceAdmin",
    "ContactAdmin",
    "DisclosureAdmin",
    "HolidayAdmin",
    "HolidayYearAdmin",
    "RefusalAdmin",
    "RestrictionAdmin",
    "history",
]
