"""What a rule said about one contact, and what would have to change for it to say otherwise."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from compliance.terms import RestrictionKind
from compliance.wording.book import DECISIONS
from compliance.wording.titles import title

RESTRICTED = _("%(kind)s, until %(until)s")
HOURS = _("It is %(local)s for the customer; contact is allowed from %(opens)s until before %(closes)s.")
COUNTED = _("%(made)s of at most %(most)s contacts that count were made in %(days)s days.")
COUNTED_TODAY = _("%(made)s of at most %(most)s contacts that count were made on the customer's day.")
LAST = _("The last one was on %(last)s.")
HOLIDAY = _("%(day)s is a public holiday there: %(names)s.")
WORKPLACE = _("The address is the customer's workplace.")

WHAT_IT_SAW: dict[str, Promise] = {
    "TZ-UNKNOWN": _("No reliable time zone is known for the customer, so every hour counts as closed."),
    "WIN-BANK": HOURS,
    "WIN-CN": _("It is %(local)s for the customer; the industry's rule forbids contact from 22:00 to 08:00."),
    "TZ-MULTI": _(
        "It is %(local)s where the customer may be; contact must be allowed everywhere, and is not in %(closed)s."
    ),
    "WIN-CUSTOMER": _("It is %(local)s for the customer, who asked to be left in peace then."),
    "WIN-CUTOFF": _("It is %(local)s for the customer; this begins before %(cut_off)s or not today."),
    "HOL-VISIT": HOLIDAY,
    "HOL-OTHER": HOLIDAY,
    "AU-HOLIDAY": HOLIDAY,
    "CAL-MISSING": _("The holidays of %(year)s are not loaded for %(countries)s."),
    "FRQ-ATT": _("%(made)s of at most %(most)s calls to this number were made on the customer's day."),
    "FRQ-EFF": _("%(made)s of at most %(most)s conversations by telephone took place on the customer's day."),
    "FRQ-7D": COUNTED,
    "FRQ-30D": _("%(made)s of at most %(most)s conversations took place in %(days)s days."),
    "FRQ-COOL": LAST,
    "FRQ-GAP": LAST,
    "US-COOL": LAST,
    "FRQ-SMS": _("%(made)s of at most %(most)s reminders were sent on the customer's day."),
    "FRQ-SMS-7D": _("%(made)s of at most %(most)s reminders were sent in %(days)s days."),
    "FRQ-VISIT": _("%(made)s of at most %(most)s visits took place in %(days)s days."),
    "US-7IN7": COUNTED,
    "MA-2IN7": COUNTED,
    "AU-3WEEK": COUNTED,
    "AU-10MONTH": COUNTED,
    "AU-VISIT-MONTH": COUNTED,
    "KR-7IN7": COUNTED,
    "TH-ONCE": COUNTED_TODAY,
    "JP-3DAY": COUNTED_TODAY,
    "US-HOURS": HOURS,
    "MA-HOURS": HOURS,
    "AU-HOURS": HOURS,
    "AU-VISIT-HOURS": HOURS,
    "IN-HOURS": HOURS,
    "TH-HOURS": HOURS,
    "KR-NIGHT": HOURS,
    "JP-HOURS": HOURS,
    "ST-AGE": _("The customer comes of age on %(of_age_on)s."),
    "ST-PAID": _("Nothing is overdue for this customer."),
    "VIS-TEAM": _("%(staff)s members of staff would be present; from %(least)s to %(most)s are required."),
    "VIS-VERIFIED": _("Identity, phone, address and balance must all be verified at the time of the visit."),
    "VIS-SAFETY": _("The safety band says: no home visit. Offer an appointment at the branch."),
    "VIS-RISK": _("There is no risk assessment of the last %(days)s days."),
    "VIS-LAST": _(
        "In %(days)s days %(attempts)s attempts were made by %(channels)s gentler means; %(wanted)s attempts come first."
    ),
    "VIS-NOTICE": _("A visit is announced at least %(hours)s hours before it begins."),
    "VIS-PLACE": WORKPLACE,
    "US-WORK": WORKPLACE,
    "UK-PLACE": WORKPLACE,
    "JP-WORK": WORKPLACE,
    "UK-NOTICE": _("A visit is announced at least %(hours)s hours before it begins."),
}

# What must change where waiting does not help.
CONDITIONS: dict[str, Promise] = {
    "TZ-UNKNOWN": _("Find out where the customer is and enter the time zone."),
    "CAL-MISSING": _("Load that year's holidays, or let a second person decide."),
    "CLOCK": _("Set the clocks right: the phone's to automatic, the servers' to a time server."),
    "ST-PAID": _("Nothing: there is nothing to collect. The case closes."),
    "VIS-TEAM": _("Send a team of the required size."),
    "VIS-VERIFIED": _("Complete the verification of the customer's data."),
    "VIS-SAFETY": _("Invite the customer to the branch, or have the danger assessed anew."),
    "VIS-RISK": _("Assess the case."),
    "VIS-PLACE": _("Visit the customer at home."),
    "US-WORK": _("Visit the customer at home."),
    "UK-PLACE": _("Visit the customer at home."),
    "JP-WORK": _("Visit the customer at home."),
    "TP-GATE": _("Try to reach the customer first."),
    "TP-PURPOSE": _("Ask for the customer's whereabouts, and for nothing else."),
    "TP-REFUSED": _("Never again: this person has refused."),
    "TP-COLLECT": _("Never ask a third party to pay."),
    "TP-SOURCE": _("Enter where the number comes from; a number of unknown origin is not used."),
    "FRQ-THIRD": _("Never again: a contact person is asked once."),
}
UNTIL_LIFTED = _("A person lifts the restriction when its reason is gone.")


def sentence(rule: str, saw: Mapping[str, Any]) -> str:
    """What the rule said about one contact, with the facts it saw."""
    if "kind" in saw:
        kind = RestrictionKind(saw["kind"]).label
        until = _moment(saw["until"]) if saw.get("until") else gettext("further notice")
        return str(RESTRICTED) % {"kind": kind, "until": until}
    if rule == "CLOCK":
        return _clocks(saw)
    pattern = WHAT_IT_SAW.get(rule)
    return title(rule) if pattern is None else str(pattern) % _Said(_readable(saw))


class _Said(dict[str, Any]):
    """A value that an older version of the rule did not keep is shown as missing; the rest is still read."""

    def __missing__(self, key: str) -> str:
        return "–"


def _readable(saw: Mapping[str, Any]) -> dict[str, Any]:
    said = dict(saw)
    if "local" in saw:
        said["local"] = _local(saw["local"])
    if "names" in saw:
        chinese = (get_language() or "").startswith("zh")
        said["names"] = "; ".join(zh if chinese else en for zh, en in saw["names"])
    for key in ("closed", "countries"):
        if key in saw:
            said[key] = ", ".join(saw[key])
    if saw.get("last"):
        said["last"] = _moment(saw["last"])
    if saw.get("of_age_on"):
        said["of_age_on"] = date.fromisoformat(saw["of_age_on"]).isoformat()
    return said


def _clocks(saw: Mapping[str, Any]) -> str:
    if "last_contact" in saw:
        return gettext("The clock went back: the last contact was at %(last)s.") % {
            "last": _moment(saw["last_contact"])
        }
    names = {"database": gettext("the database's clock"), "device": gettext("the phone's clock")}
    apart = (
        gettext("%(clock)s is %(seconds)d seconds off") % {"clock": names.get(name, name), "seconds": ahead}
        for name, ahead in saw["seconds_ahead"].items()
    )
    return gettext("Nobody knows what time it is: %(apart)s.") % {"apart": ", ".join(apart)}


def condition(rule: str, saw: Mapping[str, Any]) -> str:
    """What must change for the rule to be content, where waiting does not help."""
    if "kind" in saw:
        return str(UNTIL_LIFTED)
    return str(CONDITIONS.get(rule, ""))


def readable(reasons: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The stored reasons with titles, sentences and conditions in the reader's language."""
    return [
        {
            **reason,
            "title": title(reason["rule"]),
            "sentence": sentence(reason["rule"], reason["saw"]),
            "decision_named": str(DECISIONS.get(reason.get("decision", 0), "")),
            "condition": "" if reason.get("next") else condition(reason["rule"], reason["saw"]),
        }
        for reason in reasons
    ]


def _local(times: Mapping[str, str]) -> str:
    return ", ".join(
        f"{datetime.fromisoformat(at):%H:%M:%S} ({zone.replace('_', ' ')})" for zone, at in times.items()
    )


def _moment(iso: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(iso)):%Y-%m-%d %H:%M}"
