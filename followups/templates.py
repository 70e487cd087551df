"""The life of a template: written, submitted, approved by somebody else, retired. Each step leaves its event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext

from accounts.models import User
from accounts.models.staff import Role
from compliance.content import ContentHit
from compliance.content_checking import Unacceptable
from compliance.content_wording import as_json
from compliance.terms import Channel, Purpose
from followups.blanks import FOR, BlanksWrong, ensure_right
from followups.models import Template, TemplateEvent
from followups.models.templates import TRANSITIONS, TemplateStatus
from followups.template_checks import hits_against
from visits.life import NotAllowed

WRITERS = frozenset({Role.SUPERVISOR, Role.COMPLIANCE_OFFICER, Role.ADMINISTRATOR})


@transaction.atomic
def write_template(
    *, channel: Channel, purpose: Purpose, language: str, body: str, by: User, now: datetime
) -> Template:
    """A new version as a draft. Nothing is judged yet but its blanks. Raises NotAllowed."""
    if by.role not in WRITERS:
        raise NotAllowed(gettext("Only supervisors and compliance officers write templates."))
    if language not in dict(settings.LANGUAGES):
        raise NotAllowed(gettext("There are no messages in the language “%(code)s”.") % {"code": language})
    _ensure_blanks(body, channel=channel, purpose=purpose)
    same = Template.objects.filter(channel=channel, purpose=purpose, language=language)
    version = (same.aggregate(last=Max("version"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            template = Template.objects.create(
                channel=channel,
                purpose=purpose,
                language=language,
                version=version,
                body=body,
                written_at=now,
                written_by=by,
            )
    except IntegrityError as race:
        raise NotAllowed(gettext("Somebody else has just written a version. Save once more.")) from race
    _note(template, old="", by=by, now=now)
    return template


def rewrite_template(template: Template, *, body: str, by: User, now: datetime) -> None:
    """The author changes a draft. Raises NotAllowed; a submitted version never changes."""
    _ensure_blanks(body, channel=Channel(template.channel), purpose=Purpose(template.purpose))
    if template.written_by_id != by.pk:
        raise NotAllowed(gettext("Only its author changes a draft. Write a new version."))
    drafts = Template.objects.filter(pk=template.pk, status=TemplateStatus.DRAFT)
    if not drafts.update(body=body, written_at=now):
        raise NotAllowed(gettext("This version was submitted and does not change any more. Write a new one."))
    template.body, template.written_at = body, now


def submit_template(template: Template, *, by: User, now: datetime) -> None:
    """Hand a draft to the compliance officers. Raises NotAllowed."""
    if by.role not in WRITERS:
        raise NotAllowed(gettext("Only supervisors and compliance officers submit templates."))
    _move(template, to=TemplateStatus.SUBMITTED, by=by, now=now, submitted_at=now, submitted_by=by)


@transaction.atomic
def approve_template(
    template: Template, *, effective_from: datetime | None, by: User, now: datetime
) -> tuple[ContentHit, ...]:
    """Put a submitted version in force from `effective_from` (at once when None); its predecessor ends then.

    Raises Unacceptable with every reason when the checker blocks it, and NotAllowed. Returns the warnings.
    """
    _ensure_second_person(template, by)
    begins = max(effective_from or now, now)
    of_its_kind = list(Template.objects.for_the_same(template).select_for_update().order_by("pk"))
    hits = hits_against(template)
    if against := [hit for hit in hits if hit.blocks]:
        raise Unacceptable(against)
    for predecessor in of_its_kind:
        if predecessor.status == TemplateStatus.APPROVED and predecessor.effective_until is None:
            _end(predecessor, at=begins, by=by, now=now)
    _move(
        template,
        to=TemplateStatus.APPROVED,
        by=by,
        now=now,
        detail={"warnings": [as_json(hit) for hit in hits]},
        approved_at=now,
        approved_by=by,
        effective_from=begins,
    )
    return hits


def _ensure_second_person(template: Template, by: User) -> None:
    if by.role != Role.COMPLIANCE_OFFICER:
        raise NotAllowed(gettext("Only compliance officers approve templates."))
    if template.written_by_id == by.pk:
        raise NotAllowed(
            gettext("You wrote this version yourself. Ask another compliance officer to approve it.")
        )


def _end(predecessor: Template, *, at: datetime, by: User, now: datetime) -> None:
    begun = predecessor.effective_from
    if begun is not None and begun > at:
        said = gettext("Version %(version)s is approved for a later day. Retire it first.")
        raise NotAllowed(said % {"version": predecessor.version})
    if at <= now:
        detail = {"reason": "superseded"}
        _move(predecessor, to=TemplateStatus.RETIRED, by=by, now=now, detail=detail, **_retired(at, by))
    else:
        Template.objects.filter(pk=predecessor.pk).update(effective_until=at)


@transaction.atomic
def retire_template(template: Template, *, by: User, now: datetime) -> None:
    """Use a version no more; a draft or submitted one never. Raises NotAllowed.

    When it was only to come into force, its predecessor goes on. When it was in force, nothing of its kind is sent
    until another version is approved.
    """
    if by.role not in WRITERS:
        raise NotAllowed(gettext("Only supervisors and compliance officers retire templates."))
    if template.status == TemplateStatus.APPROVED and by.role != Role.COMPLIANCE_OFFICER:
        raise NotAllowed(gettext("Only compliance officers retire an approved template."))
    begins, ends = template.effective_from, template.effective_until
    until = None if begins is None else max(begins, min(now, ends or now))
    _move(
        template,
        to=TemplateStatus.RETIRED,
        by=by,
        now=now,
        retired_at=now,
        retired_by=by,
        effective_until=until,
    )
    if begins is not None and begins > now:
        before = Template.objects.for_the_same(template).filter(
            status=TemplateStatus.APPROVED, effective_until=begins
        )
        before.update(effective_until=None)


def _retired(at: datetime, by: User) -> dict[str, Any]:
    return {"retired_at": at, "retired_by": by, "effective_until": at}


def _ensure_blanks(body: str, *, channel: Channel, purpose: Purpose) -> None:
    if (channel, purpose) not in FOR:
        raise NotAllowed(gettext("There are no templates for this purpose by this channel."))
    if not body.strip():
        raise NotAllowed(gettext("The text is empty."))
    try:
        ensure_right(body, channel=channel, purpose=purpose)
    except BlanksWrong as wrong:
        said = gettext("These are no blanks here: %(wrong)s. Use: %(blanks)s.")
        names = " ".join(f"{{{{ {name} }}}}" for name in FOR[channel, purpose])
        raise NotAllowed(said % {"wrong": " ".join(wrong.pieces), "blanks": names}) from wrong


def _move(
    template: Template,
    *,
    to: TemplateStatus,
    by: User,
    now: datetime,
    detail: Mapping[str, object] | None = None,
    **changes: Any,
) -> None:
    """Take a template from the status it was read with to the next. Raises NotAllowed when it has moved on."""
    old = TemplateStatus(template.status)
    if to not in TRANSITIONS[old]:
        steps = {"old": old.label, "new": to.label}
        raise NotAllowed(gettext("A template that is “%(old)s” cannot become “%(new)s”.") % steps)
    changes |= {"status": to}
    with transaction.atomic(savepoint=False):
        if not Template.objects.filter(pk=template.pk, status=old).update(**changes):
            raise NotAllowed(gettext("The template has moved on meanwhile. Look at it again."))
        for field, value in changes.items():
            setattr(template, field, value)
        _note(template, old=old, by=by, now=now, detail=detail)


def _note(
    template: Template, *, old: str, by: User, now: datetime, detail: Mapping[str, object] | None = None
) -> None:
    TemplateEvent.objects.create(
        template=template, old=old, new=template.status, at=now, by=by, detail=dict(detail or {})
    )
