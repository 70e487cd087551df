"""The life of a template: two persons, no text that changes, and never two in force at once."""

from datetime import timedelta
from itertools import product
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from accounts.models.staff import Role
from compliance.content import Category
from compliance.content_checking import Unacceptable
from compliance.forbidden_words import add_forbidden_word
from compliance.terms import Channel, Purpose
from config.ledger import LedgerChanged
from followups.models import Template, TemplateEvent
from followups.models.templates import TRANSITIONS, TemplateStatus
from followups.packaged import install_packaged_wordings, packaged_wordings
from followups.template_checks import hits_against, tried
from followups.templates import (
    approve_template,
    retire_template,
    rewrite_template,
    submit_template,
    write_template,
)
from tests.accounts.factories import UserFactory
from tests.followups.factories import DAY, TEN, system
from tests.followups.template_factories import (
    FINE,
    approved,
    draft,
    officer,
    packaged,
    submitted,
    supervisor,
    template_in,
)
from visits.life import NotAllowed

SECOND = timedelta(seconds=1)
STEPS = [step for step in product(TemplateStatus, TemplateStatus) if step[0] != step[1]]


@pytest.fixture(autouse=True)
def database(request):
    if "committed_db" not in request.fixturenames:
        request.getfixturevalue("db")


def as_it_is(template):
    return Template.objects.get(pk=template.pk)


def in_force(at, purpose=Purpose.PAYMENT_REMINDER):
    rows = Template.objects.filter(channel=Channel.SMS, purpose=purpose, language="zh-hans")
    return rows.in_force(at=at).first()


class TestLife:
    def test_written_submitted_approved_and_each_step_has_its_event(self):
        before, template = packaged(), approved()

        kept = as_it_is(template)
        assert (kept.version, kept.status, kept.effective_from) == (2, TemplateStatus.APPROVED, TEN)
        assert kept.approved_by != kept.written_by
        events = TemplateEvent.objects.filter(template=template).order_by("pk").values_list("old", "new")
        assert list(events) == [("", "DRAFT"), ("DRAFT", "SUBMITTED"), ("SUBMITTED", "APPROVED")]
        assert as_it_is(before).status == TemplateStatus.RETIRED
        assert (in_force(TEN - SECOND), in_force(TEN)) == (None, kept)

    def test_the_predecessor_goes_on_until_a_later_day(self):
        before, template = packaged(), approved(effective_from=TEN + DAY)

        assert in_force(TEN + DAY - SECOND) == before
        assert in_force(TEN + DAY) == template
        assert as_it_is(before).effective_until == TEN + DAY

    def test_what_was_to_come_and_is_retired_leaves_the_predecessor_in_force(self):
        before, template = packaged(), approved(effective_from=TEN + DAY)

        retire_template(template, by=officer(), now=TEN)

        assert in_force(TEN + 2 * DAY) == before
        assert as_it_is(before).effective_until is None

    def test_a_third_version_waits_for_the_second_to_begin(self):
        approved(effective_from=TEN + DAY)
        third = submitted()

        with pytest.raises(NotAllowed):
            approve_template(third, effective_from=None, by=officer(), now=TEN)

        approve_template(third, effective_from=TEN + 2 * DAY, by=officer(), now=TEN)
        assert in_force(TEN + 2 * DAY) == third

    def test_nothing_is_approved_for_the_past(self):
        assert approved(effective_from=TEN - DAY).effective_from == TEN

    def test_what_is_retired_is_used_no_more_and_nothing_takes_its_place(self):
        retire_template(packaged(), by=officer(), now=TEN)

        assert in_force(TEN) is None

    def test_another_language_or_purpose_is_untouched(self):
        approved()

        assert in_force(TEN, Purpose.VISIT_NOTICE) == packaged(purpose=Purpose.VISIT_NOTICE)

    def test_the_author_rewrites_a_draft_and_nobody_else(self):
        template = draft()

        rewrite_template(template, body=FINE + "！", by=template.written_by, now=TEN)
        with pytest.raises(NotAllowed):
            rewrite_template(template, body=FINE, by=supervisor(), now=TEN)

        assert as_it_is(template).body == FINE + "！"

    def test_a_submitted_version_is_not_rewritten(self):
        template = submitted()

        with pytest.raises(NotAllowed):
            rewrite_template(template, body=FINE + "！", by=template.written_by, now=TEN)

    @pytest.mark.parametrize("body", ["", "  ", "{{ name }}", "{% now %}", "{{ sender|lower }}"])
    def test_a_text_with_wrong_blanks_is_not_kept(self, body):
        with pytest.raises(NotAllowed):
            draft(body)

    @pytest.mark.parametrize(
        ("channel", "purpose", "language"),
        [
            (Channel.VISIT, Purpose.VISIT_START, "zh-hans"),
            (Channel.SMS, Purpose.PAYMENT_REMINDER, "xx"),
        ],
    )
    def test_there_are_templates_for_known_uses_and_languages_only(self, channel, purpose, language):
        with pytest.raises(NotAllowed):
            write_template(
                channel=channel, purpose=purpose, language=language, body=FINE, by=supervisor(), now=TEN
            )


class TestTwoPersons:
    def test_an_officer_does_not_approve_their_own(self):
        me = officer()
        template = submitted(by=me)

        with pytest.raises(NotAllowed):
            approve_template(template, effective_from=None, by=me, now=TEN)
        approve_template(template, effective_from=None, by=officer(), now=TEN)

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.COMPLIANCE_OFFICER])
    def test_only_officers_approve(self, role):
        template = submitted()
        somebody = system() if role == Role.SYSTEM else UserFactory(role=role)

        with pytest.raises(NotAllowed):
            approve_template(template, effective_from=None, by=somebody, now=TEN)

    @pytest.mark.parametrize("role", [Role.FIELD_AGENT, Role.SECURITY_OFFICER, Role.AUDITOR, Role.SYSTEM])
    def test_some_do_not_even_write(self, role):
        somebody = system() if role == Role.SYSTEM else UserFactory(role=role)

        with pytest.raises(NotAllowed):
            draft(by=somebody)

    def test_a_supervisor_does_not_retire_what_is_in_force(self):
        with pytest.raises(NotAllowed):
            retire_template(packaged(), by=supervisor(), now=TEN)

    def test_the_database_holds_it_too(self):
        template = submitted(by=officer())
        row = Template.objects.filter(pk=template.pk)
        approval = {"status": "APPROVED", "approved_at": TEN, "effective_from": TEN}
        packaged_row = Template.objects.filter(pk=packaged().pk)
        packaged_row.update(status="RETIRED", retired_at=TEN, retired_by=officer())

        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            row.update(**approval, approved_by=template.written_by)
        with pytest.raises(IntegrityError, match="approved by compliance officers"), transaction.atomic():
            row.update(**approval, approved_by=supervisor())
        row.update(**approval, approved_by=officer())

    def test_only_the_system_packages(self):
        fields = {
            "channel": "SMS",
            "purpose": "VISIT_NOTICE",
            "language": "zh-hans",
            "version": 9,
            "body": "x",
        }
        fields |= {"written_at": TEN, "status": "APPROVED", "approved_at": TEN, "effective_from": TEN}
        fields |= {"effective_until": TEN}
        me = officer()

        with pytest.raises(IntegrityError, match="packaged template"), transaction.atomic():
            Template.objects.create(packaged=True, written_by=me, approved_by=me, **fields)
        with pytest.raises(IntegrityError, match="born a draft"), transaction.atomic():
            Template.objects.create(packaged=False, written_by=me, approved_by=officer(), **fields)
        with pytest.raises(IntegrityError, match="packaged template"), transaction.atomic():
            Template.objects.create(packaged=False, written_by=system(), approved_by=me, **fields)


class TestChecker:
    def test_a_blocked_text_is_not_approved_and_every_reason_is_told(self):
        template = submitted("老赖，您将坐牢，欠款5000元")

        with pytest.raises(Unacceptable) as no:
            approve_template(template, effective_from=None, by=officer(), now=TEN)

        codes = {hit.code for hit in no.value.hits}
        assert codes == {
            "INSULT",
            "PRISON",
            "DEBT",
            "AMOUNT",
            "NO_SENDER",
            "NO_HOTLINE",
            "NO_COMPLAINT_CHANNEL",
        }
        assert as_it_is(template).status == TemplateStatus.SUBMITTED

    def test_a_warning_does_not_hinder_and_stays_with_the_event(self):
        template = submitted(FINE + "请务必回电")

        warnings = approve_template(template, effective_from=None, by=officer(), now=TEN)

        assert [hit.code for hit in warnings] == ["PRESSURE"]
        event = TemplateEvent.objects.get(template=template, new="APPROVED")
        assert [one["piece"] for one in event.detail["warnings"]] == ["务必回电"]

    def test_a_word_of_the_bank_blocks_too(self):
        add_forbidden_word(word="服务通知", category=Category.INSULT, note="test", by=officer(), now=TEN)

        with pytest.raises(Unacceptable):
            approved()

    def test_a_hit_is_told_in_places_of_the_template(self):
        body = "【{{ sender }}】老赖，投诉：{{ hotline }}"
        (hit,) = hits_against(draft(body))

        assert body[hit.start : hit.end] == hit.piece == "老赖"

    def test_a_letter_without_its_items_is_not_approved(self):
        letter = packaged(Channel.LETTER).body.replace("其他事项", "")

        with pytest.raises(Unacceptable) as no:
            approved(letter, channel=Channel.LETTER)

        assert [hit.code for hit in no.value.hits] == ["OTHER"]

    @pytest.mark.parametrize(
        "one", packaged_wordings(), ids=lambda one: f"{one.channel} {one.purpose} {one.language}"
    )
    def test_every_packaged_wording_is_fine_everywhere(self, one):
        template = packaged(one.channel, one.purpose, one.language)

        assert tried(template, jurisdictions=frozenset({"US", "GB", "CN"})).hits == ()


class TestWalls:
    @pytest.mark.parametrize(("old", "new"), STEPS)
    def test_the_database_takes_exactly_the_steps_of_the_table(self, old, new):
        template, me = template_in(old), officer()
        changes = {"status": new}
        if new == TemplateStatus.RETIRED:
            changes |= {"retired_at": TEN, "retired_by": me}
        if new == TemplateStatus.APPROVED:
            Template.objects.filter(pk=packaged().pk).update(status="RETIRED", retired_at=TEN, retired_by=me)
            changes |= {"approved_at": TEN, "approved_by": me, "effective_from": TEN}
        row = Template.objects.filter(pk=template.pk)

        if new in TRANSITIONS[old]:
            row.update(**changes)
        else:
            with pytest.raises(IntegrityError), transaction.atomic():
                row.update(**changes)
            assert as_it_is(template).status == old

    @pytest.mark.parametrize(
        "status", [status for status in TemplateStatus if status != TemplateStatus.DRAFT]
    )
    @pytest.mark.parametrize(
        "change",
        ["body = 'x'", "purpose = 'VISIT_NOTICE'", "version = 99", "language = 'en'", "packaged = true"],
    )
    def test_a_submitted_version_never_changes(self, status, change):
        template = template_in(status)

        refused = pytest.raises(IntegrityError, match="never changes")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE followups_template SET {change} WHERE id = {template.pk}")

    def test_an_approval_is_not_rewritten(self):
        template = approved()

        for change in ({"approved_by": officer()}, {"effective_from": TEN + DAY}, {"approved_at": TEN + DAY}):
            with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
                Template.objects.filter(pk=template.pk).update(**change)

    def test_templates_are_not_deleted(self):
        with pytest.raises(Exception, match="never deleted"), transaction.atomic():
            Template.objects.filter(pk=draft().pk)._raw_delete("default")

    def test_two_of_a_kind_are_not_in_force_without_end(self):
        template = submitted()

        with pytest.raises(IntegrityError, match="one_approved_template_without_end"), transaction.atomic():
            Template.objects.filter(pk=template.pk).update(
                status="APPROVED", approved_at=TEN, approved_by=officer(), effective_from=TEN
            )

    def test_events_are_a_ledger(self):
        with pytest.raises(LedgerChanged):
            TemplateEvent.objects.all().delete()


class TestPackaged:
    def test_migrating_puts_every_wording_in_force(self):
        for one in packaged_wordings():
            kept = packaged(one.channel, one.purpose, one.language)
            assert (kept.body, kept.status, kept.packaged) == (one.body, "APPROVED", True)
            assert kept.written_by == kept.approved_by == system()

    def test_doing_it_again_changes_nothing(self):
        assert install_packaged_wordings(now=TEN) == 0

    def test_a_new_release_supersedes_the_packaged_wording_before_it(self, monkeypatch):
        release(monkeypatch, FINE)

        assert install_packaged_wordings(now=TEN) == 1

        assert in_force(TEN).body == FINE
        assert in_force(TEN).version == 2
        assert packaged().status == TemplateStatus.RETIRED

    def test_it_does_not_touch_what_the_bank_chose_itself(self, monkeypatch):
        mine = approved()
        release(monkeypatch, FINE + "！")

        assert install_packaged_wordings(now=TEN) == 0
        assert in_force(TEN) == mine

    def test_it_does_not_bring_back_what_the_bank_retired(self, monkeypatch):
        retire_template(packaged(), by=officer(), now=TEN)
        release(monkeypatch, FINE)

        assert install_packaged_wordings(now=TEN) == 0
        assert in_force(TEN) is None


def release(monkeypatch, body):
    """The next version of the product, with another wording of the payment reminder."""
    wordings = [
        type(one)(one.channel, one.purpose, one.language, body)
        if (one.channel, one.purpose, one.language) == (Channel.SMS, Purpose.PAYMENT_REMINDER, "zh-hans")
        else one
        for one in packaged_wordings()
    ]
    monkeypatch.setattr("followups.packaged.packaged_wordings", lambda: wordings)


# Races


def at_once(*acts):
    """Run the acts on connections of their own, all beginning together. Returns what each raised, or None."""
    start, ended = Barrier(len(acts)), [None] * len(acts)

    def run(i, act):
        start.wait()
        try:
            act()
        except Exception as reason:  # noqa: BLE001
            ended[i] = reason
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def approving(template, by):
    mine = as_it_is(template)
    return lambda: approve_template(mine, effective_from=None, by=by, now=TEN)


def test_of_two_officers_approving_at_once_one_does(committed_db):
    template = submitted()

    ended = at_once(approving(template, officer()), approving(template, officer()))

    assert sorted(str(type(reason).__name__) for reason in ended) == ["NoneType", "NotAllowed"]
    assert TemplateEvent.objects.filter(template=template, new="APPROVED").count() == 1


def test_of_two_versions_approved_at_once_one_stays_in_force(committed_db):
    first, second = submitted(), submitted(FINE + "！")

    ended = at_once(approving(first, officer()), approving(second, officer()))

    assert ended == [None, None]
    rows = Template.objects.filter(pk__in=[first.pk, second.pk])
    assert sorted(rows.values_list("status", flat=True)) == ["APPROVED", "RETIRED"]


def test_two_people_writing_at_once_get_two_versions_or_one_is_told(committed_db):
    by = User.objects.get(pk=supervisor().pk)

    ended = at_once(*(lambda: draft(by=by) for _ in range(4)))

    written = ended.count(None)
    assert all(isinstance(reason, NotAllowed) for reason in ended if reason)
    versions = Template.objects.filter(packaged=False).values_list("version", flat=True)
    assert len(set(versions)) == written >= 1


def test_submitting_again_is_refused():
    template = submitted()

    with pytest.raises(NotAllowed):
        submit_template(template, by=template.written_by, now=TEN)
