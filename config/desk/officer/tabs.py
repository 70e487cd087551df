"""The pages of the compliance officer, and who may open which."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from compliance.certificate import ISSUE

DECISIONS = ("compliance.view_clearance", "compliance.view_refusal")
REPORT = ("compliance.view_refusal", "compliance.view_override")


@dataclass(frozen=True)
class Tab:
    label: str | Promise
    url: str
    here: bool


# The rule book is open to everybody who works with it.
TABS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "decisions": (_("Decisions"), DECISIONS),
    "rule-book": (_("Rule book"), ()),
    "compliance-report": (_("Report"), REPORT),
    "certificate": (_("Certificate"), (ISSUE,)),
}


def tabs(request: HttpRequest, user: User) -> list[Tab]:
    """Those this member of staff may open."""
    found = ((reverse(name), label) for name, (label, rights) in TABS.items() if user.has_perms(rights))
    return [Tab(label, url, request.path.startswith(url)) for url, label in found]
