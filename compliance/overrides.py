"""Letting one contact pass that a rule would stop: where the rule allows it, by two persons, once, for a day at most."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from accounts.models import User
from accounts.models.staff import Role
from compliance.audit import Chain, Kind, record
from compliance.models import Override, Refusal
from compliance.models.overrides import LONGEST, OverrideStatus
from compliance.rules.rule import OVERRIDABLE_BY, Decision
from compliance.terms import OverrideReason
from compliance.wording import title

MAY_REQUEST = frozenset({Role.SUPERVISOR, Role.COMPLIANCE_OFFICER})


class NoOverride(Exception):
    """Nobody may override this refusal; the sentence names the rules that stand in the way."""


class NotForYou(Exception):
    """Somebody else decides this: another person, of the right role, with no part in the case."""


class AlreadyDecided(Exception):
    """This override has been asked for or decided before."""


def rules_to_override(refusal: Refusal) -> list[str]:
    """The rules that stop the contact, when every one of them has an override. Raises NoOverride when one has none."""
    without = [one["rule"] for one in refusal.reasons if not OVERRIDABLE_BY[Decision(one["decision"])]]
    if without:
        raise NoOverride(
            gettext("No override by anyone: %(rules)s.") % {"rules": ", ".join(map(title, without))}
        )
    return [one["rule"] for one in refusal.reasons]


def roles_that_approve(refusal: Refusal) -> frozenset[str]:
    """The roles that may approve an override of every rule that stops the contact."""
    allowed = [frozenset(OVERRIDABLE_BY[Decision(one["decision"])]) for one in refusal.reasons]
    return frozenset.intersection(*allowed) if allowed else frozenset()


@transaction.atomic
def request_override(
    *, refusal: Refusal, reason_code: OverrideReason, reason: str, by: User, now: datetime
) -> Override:
    """Ask for an override of all that stopped a contact. Raises NoOverride, NotForYou, AlreadyDecided."""
    if by.role not in MAY_REQUEST:
        raise NotForYou(gettext("Supervisors and compliance officers ask for overrides."))
    rules = rules_to_override(refusal)
    if not reason.strip():
        raise NoOverride(gettext("Say in words why this contact should take place."))
    try:
        with transaction.atomic():
            asked: Override = Override.objects.create(
                customer_id=refusal.customer_id,
                refusal=refusal,
                channel=refusal.channel,
                rules=rules,
                reason_code=reason_code,
                reason=reason.strip(),
                requested_at=now,
                requested_by=by,
            )
    except IntegrityError as twice:
        raise AlreadyDecided(gettext("An override of this refusal was asked for before.")) from twice
    _tell(asked, "requested", by=by, now=now)
    return asked


@transaction.atomic
def approve_override(override: Override, *, note: str = "", by: User, now: datetime) -> None:
    """Allow the contact once, within 24 hours. Raises NotForYou, AlreadyDecided."""
    ensure_may_decide(override, by=by)
    _decide(override, status=OverrideStatus.APPROVED, valid_until=now + LONGEST, note=note, by=by, now=now)


@transaction.atomic
def reject_override(override: Override, *, note: str = "", by: User, now: datetime) -> None:
    """Leave the refusal as it is. Raises NotForYou, AlreadyDecided."""
    ensure_may_decide(override, by=by)
    _decide(override, status=OverrideStatus.REJECTED, valid_until=None, note=note, by=by, now=now)


def ensure_may_decide(override: Override, *, by: User) -> None:
    """Raises NotForYou unless `by` is a second person of the right role who had no part in the refused contact."""
    if by.pk in (override.requested_by_id, override.refusal.asked_by_id):
        raise NotForYou(gettext("Nobody decides on a case of their own. Ask another person."))
    allowed = roles_that_approve(override.refusal)
    if by.role not in allowed:
        named = ", ".join(str(Role(role).label) for role in sorted(allowed))
        raise NotForYou(gettext("This override is decided by: %(roles)s.") % {"roles": named})
    branch = override.customer.branch_id
    if not by.sees_every_branch and by.branch_id != branch:
        raise NotForYou(gettext("This customer belongs to another branch."))


def _decide(
    override: Override,
    *,
    status: OverrideStatus,
    valid_until: datetime | None,
    note: str,
    by: User,
    now: datetime,
) -> None:
    waiting = Override.objects.filter(pk=override.pk, status=OverrideStatus.REQUESTED)
    told = {"status": status, "valid_until": valid_until, "decision_note": note.strip()}
    if not waiting.update(**told, decided_at=now, decided_by=by):
        raise AlreadyDecided(gettext("This override has been decided already."))
    override.refresh_from_db()
    _tell(override, status.value.lower(), by=by, now=now)


def _tell(override: Override, what: str, *, by: User, now: datetime) -> None:
    record(
        chain=Chain.POLICY,
        kind=Kind.OVERRIDE,
        subject=f"compliance.override:{override.pk}",
        detail={
            "what": what,
            "rules": override.rules,
            "reason": override.reason_code,
            "refusal": str(override.refusal_id),
            "valid_until": override.valid_until,
        },
        by=by,
        now=now,
    )
