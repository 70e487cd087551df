from compliance.admin.audit import (
    AuditEntryAdmin,
)
from compliance.admin.holidays import (
    HolidayAdmin,
    HolidayYearAdmin,
)
from compliance.admin.ledgers import (
    ClearanceAdmin,
    ContactAdmin,
    DisclosureAdmin,
    RefusalAdmin,
)
from compliance.admin.restrictions import (
    RestrictionAdmin,
)

__all__ = [
    "AuditEntryAdmin",
    "ClearanceAdmin",
    "ContactAdmin",
    "DisclosureAdmin",
    "HolidayAdmin",
    "HolidayYearAdmin",
    "RefusalAdmin",
    "RestrictionAdmin",
]
