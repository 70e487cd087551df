"""The classes whose data lie below compliance: the customer and the accounts."""

from django.utils.translation import gettext_lazy as _

from compliance.retention.declared import Declared, as_long_as_needed, collection_records
from compliance.retention.keeping import CLOSED_CUSTOMERS

CLASSES = (
    Declared(
        key=CLOSED_CUSTOMERS,
        title=_("customers without an open case"),
        counts_from=_("the closing of the last case"),
        what_goes=_(
            "name, identity number, phones, addresses, income, contact people, what agents noted, reasons of scores and the"
            " bank's references; what happened stays under a number that leads to nobody"
        ),
        at_least=collection_records(),
        at_most=as_long_as_needed(3650),
        function="purge_closed_customers",
    ),
    Declared(
        key="complaint-words",
        title=_("words of complaints"),
        counts_from=_("the end of the complaint; never while a case is open"),
        what_goes=_(
            "what was told, contact details and the words of the answer; category, outcome and days stay"
        ),
        at_least=collection_records(),
        at_most=as_long_as_needed(3650),
        function="purge_complaint_words",
    ),
)
