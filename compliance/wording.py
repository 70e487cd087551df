"""The rules in words, for people: what a rule is called, and what it said about this contact."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from compliance.terms import RestrictionKind

TITLES: dict[str, Promise] = {
    "TZ-UNKNOWN": _("time zone unknown"),
    "WIN-BANK": _("outside the contact hours 08:00–21:00"),
    "WIN-CN": _("outside the industry's contact hours 08:00–22:00"),
    "WIN-CUTOFF": _("too late to begin a visit"),
    "ST-DEAD": _("customer deceased"),
    "ST-MINOR": _("minor or without legal capacity"),
    "ST-AGE": _("under age"),
    "ST-MED": _("in hospital or recovering"),
    "ST-BEREAVE": _("death in the family"),
    "ST-DISASTER": _("disaster area"),
    "ST-HARM": _("sign of self-harm or violence"),
    "ST-HARDSHIP": _("hardship application pending"),
    "ST-PLAN": _("customer keeps to a repayment plan"),
    "ST-DISPUTE": _("debt disputed"),
    "ST-COMPLAINT": _("complaint open"),
    "ST-LAWYER": _("represented by a lawyer"),
    "ST-POLICE": _("police no-contact order"),
    "ST-DNC": _("customer asked not to be contacted"),
    "VIS-LEAVE": _("customer asked the visitors to leave"),
    "ST-PAID": _("nothing is overdue"),
    "FRQ-SMS": _("reminders per day"),
    "FRQ-SMS-7D": _("reminders in seven days"),
    "FRQ-CALL": _("calls per day"),
    "FRQ-VISIT": _("visits in seven days"),
    "FRQ-7D": _("contacts in seven days"),
    "VIS-TEAM": _("nobody visits alone"),
    "VIS-VERIFIED": _("customer data not verified"),
    "VIS-SAFETY": _("too dangerous for a home visit"),
}

AUTHORITIES: dict[str, Promise] = {
    "LAW": _("law"),
    "DEPARTMENTAL_RULE": _("departmental rule"),
    "NATIONAL_STANDARD": _("national standard"),
    "SELF_REGULATION": _("self-regulation of the industry"),
    "BANK_POLICY": _("bank policy"),
}

SOURCES: dict[str, Promise] = {
    "OWNER": _("the bank's requirement: no contact before 08:00 or from 21:00 on"),
    "POLICY": _("the bank's own policy"),
    "CBA-2026": _("China Banking Association, guideline on collection of personal consumer loans (2026)"),
    "CBA-2026-22": _("China Banking Association, guideline on collection (2026), art. 22"),
    "GBT-45251": _("GB/T 45251-2025, chapter 5"),
    "CARD-69": _("Measures for credit card business of commercial banks, art. 69"),
    "CARD-70": _("Measures for credit card business of commercial banks, art. 70"),
    "PIPL-31": _("Personal Information Protection Law, art. 31"),
    "PIPL-44": _("Personal Information Protection Law, art. 44"),
    "PIPL-49": _("Personal Information Protection Law, art. 49"),
    "PUBLIC-SECURITY-50": _("Public Security Administration Punishments Law (2025), art. 50(2)"),
    "CIVIL-CODE-17": _("Civil Code, art. 17"),
    "KOREA": _("after Korea's Personal Debtor Protection Act"),
    "INDIA": _("after the draft directions of the Reserve Bank of India (2026)"),
    "REG-F": _("after the United States' Regulation F, 12 CFR 1006.6"),
    "JAPAN-21": _("after Japan's Money Lending Business Act, art. 21"),
    "RG-96": _("after Australia's RG 96"),
}

VERIFICATIONS: dict[str, Promise] = {
    "CONFIRMED": _("confirmed"),
    "SECONDARY": _("read second-hand"),
    "BACKGROUND": _("not confirmed"),
}

RESTRICTED = _("%(kind)s, until %(until)s")
WHAT_IT_SAW: dict[str, Promise] = {
    "TZ-UNKNOWN": _("No reliable time zone is known for the customer, so every hour counts as closed."),
    "WIN-BANK": _(
        "It is %(local)s for the customer; contact is allowed from %(opens)s until before %(closes)s."
    ),
    "WIN-CN": _("It is %(local)s for the customer; the industry's rule forbids contact from 22:00 to 08:00."),
    "WIN-CUTOFF": _(
        "It is %(local)s for the customer; a visit starts before %(last_start)s and ends by 21:00."
    ),
    "ST-AGE": _("The customer is %(age)s years old."),
    "ST-PAID": _("Nothing is overdue for this customer any more."),
    "FRQ-SMS": _("%(made)s of at most %(most)s reminders were sent on the customer's day."),
    "FRQ-SMS-7D": _("%(made)s of at most %(most)s reminders were sent in %(days)s days."),
    "FRQ-CALL": _("%(made)s of at most %(most)s calls were made on the customer's day."),
    "FRQ-VISIT": _("%(made)s of at most %(most)s visits took place in %(days)s days."),
    "FRQ-7D": _("%(made)s of at most %(most)s contacts took place in %(days)s days."),
    "VIS-TEAM": _("%(staff)s members of staff would be present; at least two are required."),
    "VIS-VERIFIED": _("Identity, phone, address and balance must all be verified at the time of the visit."),
    "VIS-SAFETY": _("The safety band says: no home visit. Offer an appointment at the branch."),
}


def title(rule: str) -> str:
    """What the rule is called."""
    return str(TITLES.get(rule, rule))


def source_named(key: str, verification: str) -> str:
    """A rule's source, and how far it was confirmed."""
    return f"{SOURCES[key]} [{VERIFICATIONS[verification]}]"


def sentence(rule: str, saw: dict[str, Any]) -> str:
    """What the rule said about one contact, with the facts it saw."""
    if "kind" in saw:
        kind = RestrictionKind(saw["kind"]).label
        until = _moment(saw["until"]) if saw.get("until") else gettext("further notice")
        return str(RESTRICTED) % {"kind": kind, "until": until}
    pattern = WHAT_IT_SAW.get(rule)
    if pattern is None:
        return title(rule)
    values = {key: value for key, value in saw.items() if key != "local"}
    return str(pattern) % {**values, "local": _local(saw.get("local", {}))}


def _local(times: dict[str, str]) -> str:
    return ", ".join(
        f"{datetime.fromisoformat(at):%H:%M:%S} ({zone.replace('_', ' ')})" for zone, at in times.items()
    )


def _moment(iso: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(iso)):%Y-%m-%d %H:%M}"
