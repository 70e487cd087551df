"""Why cases were left out of a plan, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from compliance.wording import title

LEFT_OUT: dict[str, Promise] = {
    "VISIT_ALREADY_PLANNED": _("a visit is already planned"),
    "NOT_VERIFIED": _("customer data not verified"),
    "NO_VISIT": _("too dangerous for a home visit"),
    "NO_USABLE_ADDRESS": _("no address with coordinates one can trust"),
    "NOT_WORTH_THE_WAY": _("a visit would cost more than it can bring"),
    "NO_LAWFUL_HOUR": _("no lawful hour while a team works"),
    "NO_SECURITY_OFFICER": _("no security officer on duty"),
    "LESS_URGENT": _("others come first"),
    "NO_ROOM": _("no room in the teams' day"),
}


def left_out(code: str) -> str:
    """A reason of planning itself, or the title of a rule of the gate."""
    return str(LEFT_OUT.get(code, "")) or title(code)
