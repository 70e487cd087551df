from compliance.models.history import HolidayHistory, HolidayYearHistory, RestrictionHistory
from compliance.models.holidays import Holiday, HolidayYear
from compliance.models.ledgers import Clearance, Contact, Disclosure, Refusal
from compliance.models.restrictions import Restriction

__all__ = [
    "Clearance",
    "Contact",
    "Disclosure",
    "Holiday",
    "HolidayHistory",
    "HolidayYear",
    "HolidayYearHistory",
    "Refusal",
    "Restriction",
    "RestrictionHistory",
]
