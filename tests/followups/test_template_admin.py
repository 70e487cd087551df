"""The pages of templates: supervisors write, officers approve, everybody sees what the checker says."""

import pytest
from django.urls import reverse

from accounts.models.staff import Role
from accounts.roles import make_role_groups, put_into_role_groups
from compliance.models import Disclosure
from compliance.terms import Purpose
from followups.letters import write_letter
from followups.models import Template
from followups.models.templates import TemplateStatus
from tests.accounts.factories import UserFactory
from tests.followups.factories import TEN, case_with
from tests.followups.template_factories import FINE, draft, packaged, submitted

LIST = reverse("admin:followups_template_changelist")
ADD = reverse("admin:followups_template_add")
FORM = {"used_for": "SMS PAYMENT_REMINDER", "language": "zh-hans", "body": FINE}
NO_EVENTS = {f"events-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}


@pytest.fixture(autouse=True)
def clock(db, database_clock, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: TEN)
    database_clock(TEN)


@pytest.fixture
def as_a(client):
    def sign_in(role, **fields):
        make_role_groups()
        user = UserFactory(role=role, **fields)
        put_into_role_groups([user])
        client.force_login(user)
        return user

    return sign_in


def page(template):
    return reverse("admin:followups_template_change", args=[template.pk])


def act(client, action, template, **more):
    body = {"action": action, "index": "0", "_selected_action": [template.pk], **more}
    return client.post(LIST, body, follow=True)


def said(answer):
    return " ".join(str(one) for one in answer.context["messages"])


def status(template):
    return Template.objects.get(pk=template.pk).status


def test_a_supervisor_writes_a_draft_and_reads_what_the_checker_says(client, as_a):
    me = as_a(Role.SUPERVISOR)

    answer = client.post(ADD, {**FORM, "body": FINE + "老赖", **NO_EVENTS}, follow=True)

    template = Template.objects.get(packaged=False)
    assert (template.version, template.status, template.written_by) == (2, TemplateStatus.DRAFT, me)
    assert answer.redirect_chain[-1][0] == page(template)
    text = answer.content.decode()
    assert "<mark>老赖</mark>" in text
    assert "MSG-WORDS" in text
    assert "<ins>" in text


def test_wrong_blanks_are_told_beside_the_text_which_is_kept(client, as_a):
    as_a(Role.SUPERVISOR)

    answer = client.post(ADD, {**FORM, "body": FINE + "{{ name }}", **NO_EVENTS})

    assert answer.status_code == 200
    assert "name" in answer.context["adminform"].form.errors["body"][0]
    assert "{{ name }}" in answer.content.decode()
    assert not Template.objects.filter(packaged=False).exists()


def test_the_author_changes_a_draft_and_nobody_else_does(client, as_a):
    me = as_a(Role.SUPERVISOR)
    template = draft(by=me)

    client.post(page(template), {"body": FINE + "！", **NO_EVENTS})
    assert Template.objects.get(pk=template.pk).body == FINE + "！"

    as_a(Role.SUPERVISOR)
    assert client.get(page(template)).status_code == 200
    assert client.post(page(template), {"body": FINE, **NO_EVENTS}).status_code == 403


def test_a_submitted_text_is_read_only_for_its_author_too(client, as_a):
    me = as_a(Role.SUPERVISOR)
    template = submitted(by=me)

    assert client.post(page(template), {"body": "x", **NO_EVENTS}).status_code == 403


def test_from_draft_to_force_by_two_people(client, as_a):
    me = as_a(Role.SUPERVISOR)
    template = draft(by=me)
    assert 'value="submit"' in client.get(page(template)).content.decode()
    act(client, "submit", template)
    assert status(template) == TemplateStatus.SUBMITTED

    act(client, "approve", template)
    assert status(template) == TemplateStatus.SUBMITTED

    as_a(Role.COMPLIANCE_OFFICER)
    assert 'value="approve"' in client.get(page(template)).content.decode()
    act(client, "approve", template)
    assert status(template) == TemplateStatus.APPROVED
    assert status(packaged()) == TemplateStatus.RETIRED


def test_an_officer_may_put_it_in_force_from_a_later_moment(client, as_a):
    as_a(Role.COMPLIANCE_OFFICER)
    template = submitted()

    act(client, "approve", template, effective_from="2026-12-01T08:00")

    kept = Template.objects.get(pk=template.pk)
    assert (kept.effective_from - TEN).days == 10
    assert Template.objects.get(pk=packaged().pk).effective_until == kept.effective_from


def test_a_moment_that_is_none_approves_nothing(client, as_a):
    as_a(Role.COMPLIANCE_OFFICER)
    template = submitted()

    assert said(act(client, "approve", template, effective_from="soon"))
    assert status(template) == TemplateStatus.SUBMITTED


def test_a_blocked_text_is_refused_with_every_reason(client, as_a):
    as_a(Role.COMPLIANCE_OFFICER)
    template = submitted("老赖，您已逾期")

    told = said(act(client, "approve", template))

    assert "老赖" in told
    assert "MSG-PRIV" in told
    assert "MSG-SENDER" in told
    assert status(template) == TemplateStatus.SUBMITTED


def test_an_officer_does_not_approve_their_own(client, as_a):
    me = as_a(Role.COMPLIANCE_OFFICER)
    template = submitted(by=me)

    act(client, "approve", template)

    assert status(template) == TemplateStatus.SUBMITTED


def test_officers_retire_what_is_in_force_and_supervisors_do_not(client, as_a):
    as_a(Role.SUPERVISOR)
    act(client, "retire", packaged())
    assert status(packaged()) == TemplateStatus.APPROVED

    as_a(Role.COMPLIANCE_OFFICER)
    act(client, "retire", packaged())
    assert status(packaged()) == TemplateStatus.RETIRED


def test_the_list_warns_of_what_nothing_can_be_said_for(client, as_a):
    as_a(Role.COMPLIANCE_OFFICER)
    assert not said(client.get(LIST))
    act(client, "retire", packaged())

    told = said(client.get(LIST))

    assert "zh-hans" in told
    assert len(told.splitlines()) == 1


def test_an_auditor_looks_and_does_nothing(client, as_a):
    as_a(Role.AUDITOR)
    template = submitted()

    assert client.get(LIST).status_code == client.get(page(template)).status_code == 200
    assert client.get(ADD).status_code == 403
    act(client, "approve", template)
    act(client, "retire", template)
    assert status(template) == TemplateStatus.SUBMITTED


def test_what_only_the_united_states_refuse_is_told_apart(client, as_a):
    as_a(Role.COMPLIANCE_OFFICER)
    template = submitted(FINE.replace("或不再接收短信", ""))

    text = client.get(page(template)).content.decode()
    assert "MSG-OPTOUT" in text

    act(client, "approve", template)
    assert status(template) == TemplateStatus.APPROVED


def test_the_list_costs_the_same_for_many(client, as_a, django_assert_max_num_queries):
    as_a(Role.SUPERVISOR)
    for _ in range(5):
        draft()

    with django_assert_max_num_queries(10):
        client.get(LIST)


def test_a_letter_is_printed_again_for_a_reason(client, as_a):
    case = case_with("CALL")
    me = as_a(Role.SUPERVISOR, branch=case.branch)
    letter = write_letter(case, purpose=Purpose.PAYMENT_REMINDER, by=me, now=TEN)
    url = reverse("admin:followups_letter_changelist")
    body = {"action": "print_again", "index": "0", "_selected_action": [letter.pk]}

    without = client.post(url, body)
    printed = client.post(url, {**body, "reason": "paper jam"})

    assert without.status_code == 302
    assert printed["Content-Type"] == "application/pdf"
    assert Disclosure.objects.get().reason == "paper jam"
    shown = client.get(reverse("admin:followups_letter_change", args=[letter.pk])).content.decode()
    assert "李明" not in shown
