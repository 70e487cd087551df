"""Changing the settings of a rule: stricter than packaged or back, never looser than its limit, by two persons."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext

from accounts.models import User
from accounts.models.staff import Role
from compliance.audit import Chain, Kind, record
from compliance.models import RuleAmendment
from compliance.models.rulebook import AmendmentStatus
from compliance.rules import BOOK, Rule
from compliance.rules.rule import Param
from compliance.windows import BadWindow, window_of
from compliance.wording import in_unit, setting_named

AMENDABLE: dict[str, Rule] = {rule.id: rule for rule in BOOK if rule.check}


class NotAmendable(ValueError):
    """The settings cannot be like that; one sentence for each that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


class NotYours(Exception):
    """Somebody else decides this: another person than the one who proposed it, and a compliance officer."""


class AlreadyDecided(Exception):
    """Somebody has decided this before."""


def problems_with(rule: Rule, settings: Mapping[str, int]) -> list[str]:
    """Why `settings` cannot be the settings of `rule`, each with the way out; empty when they can."""
    known = {param.name: param for param in rule.settings}
    found = [
        gettext("“%(name)s” is no setting of %(rule)s.") % {"name": name, "rule": rule.id}
        for name in set(settings) - set(known)
    ]
    for name, param in known.items():
        if name not in settings:
            found.append(gettext("“%(name)s” is missing.") % {"name": setting_named(name)})
        elif problem := _problem(param, settings[name]):
            found.append(problem)
    return found or _closed_windows(settings)


def _problem(param: Param, value: int) -> str:
    told = {"name": setting_named(param.name), "limit": in_unit(param.limit, param.unit)}
    if not param.least <= value <= param.most:
        return gettext("“%(name)s” is out of range.") % told
    if param.looser_than_limit(value):
        return (
            gettext("“%(name)s” would be looser than its limit, %(limit)s. It may only be stricter.") % told
        )
    return ""


def _closed_windows(settings: Mapping[str, int]) -> list[str]:
    """A window opens before it closes: an empty one would be closed all day, which nobody means."""
    for opens, closes in (("opens", "closes"), ("opens_free", "closes_free")):
        if opens in settings and closes in settings:
            try:
                window_of(settings[opens], settings[closes])
            except (BadWindow, ValueError):
                return [gettext("The hours must open before they close.")]
    return []


@transaction.atomic
def propose_amendment(
    *, rule: str, settings: Mapping[str, int], effective_from: datetime, reason: str, by: User, now: datetime
) -> RuleAmendment:
    """Propose the settings of a rule from `effective_from` on. Binds nobody until another person approves.

    Raises NotAmendable with everything that is wrong, and NotYours.
    """
    _ensure_officer(by)
    if rule not in AMENDABLE:
        raise NotAmendable([gettext("There is no rule %(rule)s with settings.") % {"rule": rule}])
    problems = problems_with(AMENDABLE[rule], settings)
    if not reason.strip():
        problems.append(gettext("Say why."))
    if effective_from < now:
        problems.append(gettext("A change cannot come into force in the past."))
    if problems:
        raise NotAmendable(problems)
    last = RuleAmendment.objects.filter(rule=rule).aggregate(Max("number"))["number__max"]
    try:
        with transaction.atomic():
            amendment = RuleAmendment.objects.create(
                rule=rule,
                number=(last or 0) + 1,
                settings=dict(settings),
                effective_from=effective_from,
                reason=reason.strip(),
                proposed_at=now,
                proposed_by=by,
            )
    except IntegrityError as race:
        raise NotAmendable(
            [gettext("Somebody else has just proposed a change of this rule. Try again.")]
        ) from race
    _tell(amendment, "proposed", by=by, now=now)
    return amendment


@transaction.atomic
def approve_amendment(amendment: RuleAmendment, *, by: User, now: datetime) -> None:
    """Put an amendment in force, from its date on or at once when that has passed. Raises NotYours, AlreadyDecided."""
    _decide(
        amendment, AmendmentStatus.APPROVED, effective_from=max(amendment.effective_from, now), by=by, now=now
    )


@transaction.atomic
def reject_amendment(amendment: RuleAmendment, *, by: User, now: datetime) -> None:
    """Put an amendment away. Raises NotYours, AlreadyDecided."""
    _decide(amendment, AmendmentStatus.REJECTED, effective_from=amendment.effective_from, by=by, now=now)


def _decide(
    amendment: RuleAmendment, status: AmendmentStatus, *, effective_from: datetime, by: User, now: datetime
) -> None:
    _ensure_officer(by)
    if by == amendment.proposed_by:
        raise NotYours(
            gettext("Whoever proposed a change does not decide it. Ask another compliance officer.")
        )
    undecided = RuleAmendment.objects.filter(pk=amendment.pk, status=AmendmentStatus.PROPOSED)
    changed = undecided.update(status=status, effective_from=effective_from, decided_at=now, decided_by=by)
    if not changed:
        raise AlreadyDecided(gettext("This change has been decided already."))
    amendment.refresh_from_db()
    _tell(amendment, status.value.lower(), by=by, now=now)


def _ensure_officer(by: User) -> None:
    if by.role != Role.COMPLIANCE_OFFICER:
        raise NotYours(gettext("Only a compliance officer changes the rule book."))


def _tell(amendment: RuleAmendment, what: str, *, by: User, now: datetime) -> None:
    record(
        chain=Chain.POLICY,
        kind=Kind.POLICY,
        subject=f"compliance.ruleamendment:{amendment.pk}",
        detail={
            "what": what,
            "rule": amendment.rule,
            "number": amendment.number,
            "settings": amendment.settings,
            "effective_from": amendment.effective_from,
        },
        by=by,
        now=now,
    )
