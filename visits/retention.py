"""How long what visits leave behind is kept."""

from django.utils.translation import gettext_lazy as _

from compliance.retention.declared import (
    BANK_POLICY,
    Bound,
    Declared,
    as_long_as_needed,
    collection_records,
)

CLASSES = (
    Declared(
        key="location-traces",
        title=_("where phones were at check-in and check-out"),
        counts_from=_("receipt of the report"),
        what_goes=_("coordinates and accuracy; the distance from the address stays as evidence"),
        at_least=Bound(30, _("bank policy: long enough to look into a complaint")),
        at_most=Bound(
            180,
            _("bank policy, after the Personal Information Protection Law, arts. 19 and 28 (whereabouts)"),
        ),
        function="purge_location_traces",
    ),
    Declared(
        key="visit-notes",
        title=_("notes of visits and accounts of incidents"),
        counts_from=_("receipt of the report; never while a case is open"),
        what_goes=_(
            "the words and who answered at the door; party met, state of the address, result and consent stay"
        ),
        at_least=collection_records(words=True),
        at_most=as_long_as_needed(3650),
        function="purge_visit_notes",
    ),
    Declared(
        key="login-attempts",
        title=_("log-in attempts from phones"),
        counts_from=_("the attempt"),
        what_goes=_("the whole row"),
        at_least=Bound(180, BANK_POLICY),
        at_most=as_long_as_needed(1095),
        function="purge_login_attempts",
    ),
)
