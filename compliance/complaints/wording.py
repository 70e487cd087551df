"""The deadlines' sources in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance.complaints.deadlines import Authority, Verification, deadline_of

SOURCES: dict[str, Promise] = {
    "CREDIT-25": _("Regulation on the Administration of the Credit Reporting Industry, art. 25"),
    "POLICY": _("the bank's own policy"),
}
AUTHORITIES: dict[Authority, Promise] = {
    Authority.REGULATION: _("regulation of the State Council"),
    Authority.BANK_POLICY: _("bank policy"),
}
VERIFICATIONS: dict[Verification, Promise] = {
    Verification.CONFIRMED: _("confirmed"),
    Verification.OWN: _("the bank's own word"),
}


def deadline_in_words(category: str) -> str:
    """How many days there are to answer, by whose authority and from which source."""
    deadline = deadline_of(category)
    return gettext("%(days)s days: %(source)s (%(authority)s, %(verification)s)") % {
        "days": deadline.days,
        "source": SOURCES[deadline.source],
        "authority": AUTHORITIES[deadline.authority],
        "verification": VERIFICATIONS[deadline.verification],
    }
