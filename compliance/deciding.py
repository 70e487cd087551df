"""Writing decisions down: who asked, what was seen, under which settings, what every rule said."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from compliance.asking import Ask
from compliance.models import Clearance, OverrideUse, PolicySnapshot, Refusal
from compliance.rules import VERSION, Policy
from compliance.rules.checks.hours import BANK_HOURS
from compliance.rules.rule import VISIT, VOICE
from compliance.storing import facts_as_json
from compliance.terms import NOT_A_CONTACT
from compliance.verdicts import Verdict
from compliance.windows import Window, next_close, time_of

PERMIT_LIVES = timedelta(seconds=60)
TZDATA = version("tzdata")
BATCH = 1000

Judged = Sequence[tuple[Ask, Verdict]]


def keep_policies(verdicts: Iterable[Verdict], *, now: datetime) -> list[PolicySnapshot]:
    """Keep the settings that decided, once for as long as they stand. Returns those that nobody had kept before.

    Before anything is written that refers to them. Asked each time: a rollback may have undone it.
    """
    policies: dict[str, Policy] = {verdict.policy.sha256: verdict.policy for verdict in verdicts}
    kept = set(PolicySnapshot.objects.filter(pk__in=policies).values_list("pk", flat=True))
    # in one order, so that two sets of decisions under the same new settings do not wait for each other
    made = [_kept(policies[sha256], now=now) for sha256 in sorted(policies.keys() - kept)]
    return [row for row in made if row]


def _kept(policy: Policy, *, now: datetime) -> PolicySnapshot | None:
    """None when another decision of this moment has kept them."""
    try:
        with transaction.atomic():
            row: PolicySnapshot = PolicySnapshot.objects.create(
                sha256=policy.sha256, rulebook=VERSION, content=policy.content, first_used_at=now
            )
    except IntegrityError:
        return None
    return row


def write_clearances(granted: Judged, *, by: User, now: datetime) -> dict[Ask, Clearance]:
    """A Clearance for each, and the use of the overrides that it took."""
    rows = {
        ask: Clearance(
            **_asked(ask, verdict, by=by, now=now),
            rules=[[one.rule.id, one.rule.version] for one in verdict.policy.binding(verdict.facts)],
            hits=verdict.remarks,
            expires_at=_expiry(ask, verdict, now),
        )
        for ask, verdict in granted
    }
    Clearance.objects.bulk_create(rows.values(), batch_size=BATCH)
    uses = [
        OverrideUse(
            override_id=UUID(verdict.used_override), purpose=ask.purpose, clearance=rows[ask], used_at=now
        )
        for ask, verdict in granted
        if verdict.used_override
    ]
    if uses:
        OverrideUse.objects.bulk_create(uses, batch_size=BATCH)
        for use in uses:
            use.clearance.used = use
    return rows


def write_refusals(refused: Judged, *, by: User, now: datetime) -> dict[Ask, Refusal]:
    """A Refusal for each, with every reason and the next instant at which it would be none."""
    rows = {
        ask: Refusal(
            **_asked(ask, verdict, by=by, now=now),
            reasons=verdict.reasons,
            remarks=verdict.remarks,
            next_allowed_at=verdict.next_allowed_at,
        )
        for ask, verdict in refused
    }
    Refusal.objects.bulk_create(rows.values(), batch_size=BATCH)
    return rows


def _asked(ask: Ask, verdict: Verdict, *, by: User, now: datetime) -> dict[str, Any]:
    return {
        "customer_id": ask.customer_id,
        "channel": ask.channel,
        "purpose": ask.purpose,
        "party": ask.party,
        "asked_by": by,
        "decided_at": now,
        "at": ask.at,
        "severity": verdict.decision or 0,
        "facts": facts_as_json(verdict.facts),
        "rulebook": VERSION,
        "policy_id": verdict.policy.sha256,
        "tzdata": TZDATA,
    }


def _expiry(ask: Ask, verdict: Verdict, now: datetime) -> datetime:
    """A permit lives 60 seconds, and never beyond the channel's cut-off or the close of the window."""
    if ask.purpose in NOT_A_CONTACT:
        return ask.until
    closes = next_close(BANK_HOURS, after=now, zones=verdict.facts.zones)
    cut_off = next_close(_until_cut_off(ask, verdict.policy), after=now, zones=verdict.facts.zones)
    return min(now + PERMIT_LIVES, closes, cut_off if cut_off > now else closes)


def _until_cut_off(ask: Ask, policy: Policy) -> Window:
    params = next(one.params for one in policy.settings if one.rule.id == "WIN-CUTOFF")
    if ask.channel in VISIT:
        last = params["visits"]
    else:
        last = params["calls" if ask.channel in VOICE else "messages"]
    return Window(BANK_HOURS.opens, time_of(last))
