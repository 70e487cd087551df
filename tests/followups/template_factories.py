from accounts.models.staff import Role
from compliance.terms import Channel, Purpose
from followups.models import Template
from followups.models.templates import TemplateStatus
from followups.templates import approve_template, submit_template, write_template
from tests.accounts.factories import UserFactory
from tests.followups.factories import TEN

FINE = "【{{ sender }}】您好！有一条服务通知，请来电了解。咨询、投诉或不再接收短信：{{ hotline }}"


def officer():
    return UserFactory(role=Role.COMPLIANCE_OFFICER)


def supervisor():
    return UserFactory(role=Role.SUPERVISOR)


def packaged(channel=Channel.SMS, purpose=Purpose.PAYMENT_REMINDER, language="zh-hans"):
    return Template.objects.get(channel=channel, purpose=purpose, language=language, version=1)


def draft(body=FINE, *, by=None, now=TEN, channel=Channel.SMS, purpose=Purpose.PAYMENT_REMINDER):
    return write_template(
        channel=channel, purpose=purpose, language="zh-hans", body=body, by=by or supervisor(), now=now
    )


def submitted(body=FINE, *, by=None, now=TEN, **what):
    template = draft(body, by=by, now=now, **what)
    submit_template(template, by=template.written_by, now=now)
    return template


def approved(body=FINE, *, by=None, now=TEN, effective_from=None, **what):
    template = submitted(body, now=now, **what)
    approve_template(template, effective_from=effective_from, by=by or officer(), now=now)
    return template


def template_in(status):
    """A template of the bank's own in any status."""
    made = {
        TemplateStatus.DRAFT: draft,
        TemplateStatus.SUBMITTED: submitted,
        TemplateStatus.APPROVED: approved,
    }
    if status in made:
        return made[status]()
    template = draft()
    Template.objects.filter(pk=template.pk).update(status=status, retired_at=TEN, retired_by=officer())
    return Template.objects.get(pk=template.pk)
