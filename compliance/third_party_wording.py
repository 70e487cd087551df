"""Why a contact person may not be asked, as sentences for those who would like to."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from compliance.third_party_conditions import Failure


def sentence(failure: Failure) -> str:
    """The reason and, where something can be done, how to mend it. No word of debts: it may be read aloud."""
    says = SENTENCES.get(failure.rule)
    return says(failure.saw) if says else failure.rule


def _source(saw: Mapping[str, Any]) -> str:
    if saw.get("withdrawn"):
        return gettext("This person was withdrawn.")
    return gettext("Nobody knows where this number comes from. Name the person anew with the origin.")


def _gate(saw: Mapping[str, Any]) -> str:
    if saw["own_mobile_in_use"]:
        needed = gettext(
            "The customer can still be called: %(failures)s of %(failures_needed)s calls in a row failed,"
            " on %(days)s of %(days_needed)s days."
        )
    else:
        needed = gettext(
            "No mobile number of the customer was found wrong, and %(failures)s of %(failures_needed)s calls in a"
            " row failed, on %(days)s of %(days_needed)s days."
        )
    return needed % saw


def _purpose(_saw: Mapping[str, Any]) -> str:
    return gettext("A contact person may only be asked how the customer can be reached.")


def _collect(_saw: Mapping[str, Any]) -> str:
    return gettext("This is a matter for the customer alone.")


def _refused(_saw: Mapping[str, Any]) -> str:
    return gettext("This person wants no contact. That holds for ever.")


def _once(saw: Mapping[str, Any]) -> str:
    if saw["conversations"]:
        return gettext("This person was asked already. A contact person is asked once.")
    return gettext("This person was called twice and did not answer.")


SENTENCES = {
    "TP-SOURCE": _source,
    "TP-GATE": _gate,
    "TP-PURPOSE": _purpose,
    "TP-COLLECT": _collect,
    "TP-REFUSED": _refused,
    "FRQ-THIRD": _once,
}
