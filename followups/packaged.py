"""The wordings that come with the product, put into the database as approved versions by the system's own account."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.models.staff import SYSTEM
from compliance.terms import Channel, Purpose
from followups.models import Template, TemplateEvent
from followups.models.templates import TemplateStatus

FOLDERS: dict[Channel, str] = {Channel.SMS: "messages", Channel.LETTER: "letters"}
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Packaged:
    channel: Channel
    purpose: Purpose
    language: str
    body: str


def packaged_wordings() -> list[Packaged]:
    """Every file `<purpose>.<language>.txt` of `templates/followups/messages` and `…/letters`."""
    base = Path(settings.BASE_DIR) / "templates" / "followups"
    return [
        Packaged(channel, Purpose(purpose.upper()), language, file.read_text(encoding="utf-8").strip())
        for channel, folder in FOLDERS.items()
        for file in sorted((base / folder).glob("*.txt"))
        for purpose, language in [file.stem.split(".")]
    ]


def install_packaged_wordings(*, now: datetime, using: str = "default") -> int:
    """Put new packaged wordings in force. May be run any number of times; `migrate` does. Returns how many were put.

    A first version has always been in force. A later one supersedes the packaged one before it; where the bank has
    approved a version of its own, or retired the packaged one, nothing changes.
    """
    with transaction.atomic(using=using):
        by = User.objects.using(using).get(username=SYSTEM)
        return sum(_install(one, by=by, now=now, using=using) for one in packaged_wordings())


def _install(one: Packaged, *, by: User, now: datetime, using: str) -> bool:
    of_its_kind = Template.objects.using(using).filter(
        channel=one.channel, purpose=one.purpose, language=one.language
    )
    known = list(of_its_kind.order_by("version"))
    in_use = [it for it in known if it.status == TemplateStatus.APPROVED]
    the_banks_own_choice = bool(known) and not (in_use and all(it.packaged for it in in_use))
    if the_banks_own_choice or any(it.body == one.body for it in known):
        return False
    for old in in_use:
        of_its_kind.filter(pk=old.pk).update(
            status=TemplateStatus.RETIRED, retired_at=now, retired_by=by, effective_until=now
        )
        _note(old, old=TemplateStatus.APPROVED, new=TemplateStatus.RETIRED, by=by, now=now, using=using)
    template = Template.objects.using(using).create(
        channel=one.channel,
        purpose=one.purpose,
        language=one.language,
        version=known[-1].version + 1 if known else 1,
        body=one.body,
        packaged=True,
        status=TemplateStatus.APPROVED,
        written_at=now,
        written_by=by,
        approved_at=now,
        approved_by=by,
        effective_from=now if known else ALWAYS,
    )
    _note(template, old="", new=TemplateStatus.APPROVED, by=by, now=now, using=using)
    return True


def _note(template: Template, *, old: str, new: TemplateStatus, by: User, now: datetime, using: str) -> None:
    TemplateEvent.objects.using(using).create(
        template=template, old=old, new=new, at=now, by=by, detail={"packaged": True}
    )
