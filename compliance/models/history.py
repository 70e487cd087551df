"""The history of what people edit in this package (`config.history`)."""

from compliance.models.holidays import Holiday, HolidayYear
from compliance.models.ledgers import OfCustomerLedgerQuerySet
from compliance.models.restrictions import Restriction
from config.history import history_of

HolidayHistory = history_of(Holiday)
HolidayYearHistory = history_of(HolidayYear)
# The evidence is free text about a customer, and never changes after it was entered.
RestrictionHistory = history_of(Restriction, leaving_out=["evidence"], rows=OfCustomerLedgerQuerySet)
