"""The history of what people edit in this package (`config.history`)."""

from compliance.models.areas import AreaRestriction
from compliance.models.holidays import Holiday, HolidayYear
from compliance.models.ledgers import OfCustomerLedgerQuerySet
from compliance.models.overrides import Override
from compliance.models.quiet_hours import QuietHours
from compliance.models.restrictions import Restriction
from compliance.models.rulebook import LegalSource, RuleAmendment
from config.history import history_of

AreaRestrictionHistory = history_of(AreaRestriction)
HolidayHistory = history_of(Holiday)
HolidayYearHistory = history_of(HolidayYear)
LegalSourceHistory = history_of(LegalSource)
# What somebody wrote about a customer in words of their own stays in the row itself, and nowhere else.
OverrideHistory = history_of(
    Override,
    leaving_out=["reason", "decision_note"],
    noticing=["reason", "decision_note"],
    rows=OfCustomerLedgerQuerySet,
)
QuietHoursHistory = history_of(QuietHours, rows=OfCustomerLedgerQuerySet)
RestrictionHistory = history_of(
    Restriction, leaving_out=["evidence"], noticing=["evidence"], rows=OfCustomerLedgerQuerySet
)
RuleAmendmentHistory = history_of(RuleAmendment)
