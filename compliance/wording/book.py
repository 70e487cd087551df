"""The book in words: authorities, decisions, policy sets, settings in their units, sources."""

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from compliance.models import LegalSource
from compliance.rules.rule import Authority, Decision, PolicySet, Unit
from compliance.rules.sources import PACKAGED, Source, Verification
from compliance.windows import time_of

MIDNIGHT = 86_400

AUTHORITIES: dict[str, Promise] = {
    Authority.LAW: _("law"),
    Authority.REGULATION: _("regulation"),
    Authority.DEPARTMENTAL_RULE: _("departmental rule"),
    Authority.NATIONAL_STANDARD: _("national standard"),
    Authority.SELF_REGULATION: _("self-regulation of the industry"),
    Authority.BANK_POLICY: _("bank policy"),
}

DECISIONS: dict[int, Promise] = {
    Decision.WARN: _("warns"),
    Decision.OVERRIDE: _("needs an override"),
    Decision.BLOCK: _("blocks"),
    Decision.FORBID: _("blocks, no override"),
}

POLICY_SETS: dict[str, Promise] = {
    PolicySet.BANK: _("the bank"),
    PolicySet.CN: _("China"),
    PolicySet.US_REG_F: _("United States, Regulation F"),
    PolicySet.US_MA: _("Massachusetts"),
    PolicySet.UK: _("United Kingdom"),
    PolicySet.AU: _("Australia"),
    PolicySet.IN: _("India"),
    PolicySet.TH: _("Thailand"),
    PolicySet.KR: _("South Korea"),
    PolicySet.JP: _("Japan"),
}

VERIFICATIONS: dict[str, Promise] = {
    Verification.CONFIRMED: _("confirmed"),
    Verification.SECONDARY: _("read second-hand"),
    Verification.BACKGROUND: _("not confirmed"),
    Verification.NOT_FOUND: _("looked for in vain"),
}

SETTINGS: dict[str, Promise] = {
    "opens": _("opens"),
    "closes": _("closes"),
    "opens_free": _("opens on week-ends and holidays"),
    "closes_free": _("closes on week-ends and holidays"),
    "messages": _("last message handed over before"),
    "calls": _("last call placed before"),
    "visits": _("last visit begun before"),
    "planned_end": _("visits planned to end by"),
    "spring_festival": _("in the Spring Festival"),
    "skew": _("clocks apart by more than"),
    "rollback": _("clock gone back by more than"),
    "usual": _("a day, without an override"),
    "most": _("at most"),
    "conversations": _("of which conversations at most"),
    "days": _("days"),
    "days_met": _("days after somebody was met"),
    "most_met": _("visits at which somebody was met"),
    "hours": _("hours"),
    "least": _("staff at least"),
    "attempts": _("attempts by gentler means"),
    "channels": _("different means"),
    "years": _("age of majority"),
    "failures": _("failed attempts in a row"),
    "decision": _("decision"),
}


def setting_named(name: str) -> str:
    return str(SETTINGS.get(name, name))


def in_unit(value: int, unit: str) -> str:
    """A setting's whole number as people say it."""
    if unit == Unit.TIME:
        return "24:00" if value >= MIDNIGHT else f"{time_of(value):%H:%M}"
    if unit == Unit.SEVERITY:
        return str(DECISIONS.get(value, value))
    patterns = {
        Unit.SECONDS: gettext("%(n)d seconds"),
        Unit.HOURS: gettext("%(n)d hours"),
        Unit.DAYS: gettext("%(n)d days"),
    }
    return patterns[Unit(unit)] % {"n": value} if unit in patterns else str(value)


def source_named(source: LegalSource | Source) -> str:
    """A source in the reader's language, with its article and how far it was confirmed."""
    chinese = (get_language() or "").startswith("zh")
    name = source.name_zh if chinese else source.name_en
    article = gettext(", art. %(article)s") % {"article": source.article} if source.article else ""
    return f"{name}{article} [{VERIFICATIONS[source.verification]}]"


def packaged_source(key: str) -> Source:
    return PACKAGED[key]
