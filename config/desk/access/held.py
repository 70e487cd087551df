"""Which tables hold anything on a customer: what the customer gets of each, and what not, with the reason.

A test walks every model with a path to the customer and fails when one stands in neither table.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from compliance.complaints.answers import words_of
from compliance.complaints.reading import told_in
from compliance.gate import readable
from compliance.wording import title
from config.desk.access.part import Part, Why
from followups.letters import TEXT, text_of
from risk.wording import reasons_of

TOLD, WORDS = "complaint.told", "complaint.words"

TECHNICAL = _("only for the machine; says nothing about the customer")
SEALED = _("told in clear beside it")
OF_STAFF = _("personal data of the bank's staff")
OF_OTHERS = _("personal data of somebody else")
OF_THE_PHONE = {
    "reference": TECHNICAL,
    "body_sha256": TECHNICAL,
    "device": OF_STAFF,
    "clock_offset": TECHNICAL,
}
WHERE_STAFF_WERE = {
    "latitude": OF_STAFF,
    "longitude": OF_STAFF,
    "datum": TECHNICAL,
    "accuracy_metres": TECHNICAL,
}
KEYS_OF_ROWS = {"channel": TECHNICAL, "plan_purpose": TECHNICAL, "start_purpose": TECHNICAL}


def _why_scored(assessment: Any) -> str:
    """Why the score is what it is, in sentences (PIPL art. 24)."""
    return " ".join(sentence for sentences in reasons_of(assessment).values() for sentence in sentences)


def _why_refused(refusal: Any) -> str:
    return " ".join(reason["sentence"] for reason in readable(refusal.reasons))


def _rules_passed(row: Any) -> str:
    return ", ".join(title(rule) for rule, _version in row.rules)


ACCOUNTS = (
    Part(
        "accounts.Customer",
        "",
        leave_out={"identity_number_sealed": SEALED, "identity_number_index": TECHNICAL},
    ),
    Part("accounts.Phone", "customer", leave_out={"number_sealed": SEALED, "number_index": TECHNICAL}),
    Part("accounts.Address", "customer"),
    Part(
        "accounts.ContactPerson",
        "customer",
        "named_at",
        leave_out={"name": OF_OTHERS, "number_sealed": OF_OTHERS, "number_index": TECHNICAL},
    ),
    Part("accounts.Account", "customer", "reference"),
    Part("accounts.RepaymentMonth", "account__customer", "month", leave_out={"id": TECHNICAL}),
    Part(
        "accounts.Payment",
        "account__customer",
        "received_at",
        leave_out={"id": TECHNICAL, "batch": TECHNICAL},
    ),
    Part("accounts.Verification", "customer", "checked_at", leave_out={"id": TECHNICAL}),
    Part("accounts.Case", "customer", "opened_at"),
    Part("accounts.CaseEvent", "case__customer", "at", leave_out={"id": TECHNICAL}),
)
RISK = (
    Part(
        "risk.Assessment",
        "customer",
        "assessed_at",
        leave_out={"points": TECHNICAL},
        in_words={"reasons": _why_scored},
    ),
    Part("risk.BehaviourFacts", "customer"),
)
COMPLIANCE = (
    Part("compliance.Restriction", "customer", "starts_at", leave_out={"id": TECHNICAL}),
    Part("compliance.RestrictionReview", "restriction__customer", "at", leave_out={"id": TECHNICAL}),
    Part("compliance.Stoppage", "restriction__customer", "at", leave_out={"id": TECHNICAL}),
    Part("compliance.QuietHours", "customer", leave_out={"id": TECHNICAL}),
    Part("compliance.Contact", "customer", "made_at"),
    Part("compliance.ContactOutcome", "contact__customer", "noted_at", leave_out={"id": TECHNICAL}),
    Part("compliance.Override", "customer", "requested_at"),
    Part("compliance.OverrideUse", "override__customer", "used_at", leave_out={"id": TECHNICAL}),
    Part("compliance.Clearance", "customer", "decided_at", in_words={"rules": _rules_passed}),
    Part("compliance.Refusal", "customer", "decided_at", in_words={"reasons": _why_refused}),
    Part("compliance.Disclosure", "customer", "at", leave_out={"id": TECHNICAL}),
    Part(
        "compliance.Complaint",
        "customer",
        "received_at",
        leave_out={"origin": TECHNICAL, "contact_sealed": OF_OTHERS, "about_staff": OF_STAFF},
        opened={"told_sealed": (TOLD, told_in)},
    ),
    Part(
        "compliance.ComplaintEvent",
        "complaint__customer",
        "at",
        leave_out={"id": TECHNICAL},
        opened={"words_sealed": (WORDS, words_of)},
    ),
    Part("compliance.Export", "customer", "at"),
    Part("compliance.DataRequest", "customer", "received_at"),
    Part("compliance.DataRequestEvent", "request__customer", "at", leave_out={"id": TECHNICAL}),
    Part("compliance.Correction", "request__customer", "at", leave_out={"id": TECHNICAL}),
)
VISITS = (
    Part("visits.Visit", "customer", "planned_start", leave_out=KEYS_OF_ROWS),
    Part("visits.VisitEvent", "visit__customer", "at", leave_out={"id": TECHNICAL}),
    Part("visits.BreakOff", "visit__customer", "at", leave_out={"id": TECHNICAL}),
    Part("visits.CheckIn", "visit__customer", "client_at", leave_out={**OF_THE_PHONE, **WHERE_STAFF_WERE}),
    Part("visits.CheckOut", "visit__customer", "client_at", leave_out={**OF_THE_PHONE, **WHERE_STAFF_WERE}),
    Part("visits.IdentityConfirmation", "visit__customer", "client_at", leave_out=OF_THE_PHONE),
    Part("visits.Consent", "visit__customer", "client_at", leave_out={**OF_THE_PHONE, "name": OF_OTHERS}),
    Part("visits.OverrunAlert", "visit__customer", "due_at", leave_out={"id": TECHNICAL}),
    Part("visits.Overrun", "visit__customer", "at", leave_out={"id": TECHNICAL}),
    Part("visits.EndOfOverrun", "overrun__visit__customer", "ended_at", leave_out={"id": TECHNICAL}),
    Part("visits.Record", "visit__customer", "client_at", leave_out=OF_THE_PHONE),
    Part("visits.Incident", "visit__customer", "client_at", leave_out=OF_THE_PHONE),
)
FOLLOW_UPS = (
    Part("followups.Promise", "customer", "made_at", leave_out={"reference": TECHNICAL}),
    Part("followups.PromisePayment", "promise__customer", leave_out={"id": TECHNICAL}),
    Part("followups.FollowUp", "customer", "created_at", leave_out={"channel": TECHNICAL}),
    Part("followups.Message", "customer", "queued_at", leave_out={"key": TECHNICAL}),
    Part("followups.MessageEvent", "message__customer", "at", leave_out={"id": TECHNICAL}),
    Part(
        "followups.Letter",
        "customer",
        "written_at",
        leave_out={"channel": TECHNICAL, "envelope_sealed": SEALED},
        opened={"text_sealed": (TEXT, text_of)},
    ),
    Part("followups.SentMessage", "message__customer", "handed_over_at", leave_out={"id": TECHNICAL}),
)
HELD: tuple[Part, ...] = (*ACCOUNTS, *RISK, *COMPLIANCE, *VISITS, *FOLLOW_UPS)

EXCLUDED: dict[str, Why] = {
    "risk.Standing": _("a pointer to the assessment that is told"),
    "compliance.LegalHold": _(
        "may belong to proceedings; told on the order of whoever conducts them (PIPL art. 45)"
    ),
    "compliance.PurgeRun": _("counts only; names the request it answered"),
}

# Tables of earlier values, kept by triggers, follow the table they belong to.
HISTORY = _("earlier values of rows that are told; shown on request")
