import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings

from accounts.models import Branch
from accounts.models.staff import Role
from compliance.content import ContentFacts, Kind, check
from compliance.content_checking import Unacceptable
from compliance.terms import Channel, Purpose
from followups.blanks import names_in
from followups.models import Message, Template
from followups.scripts import TP_1
from followups.templates import approve_template, retire_template, submit_template, write_template
from followups.wording import NothingToSay, language_for, wording_of
from tests.accounts.factories import BranchFactory, UserFactory
from tests.followups.factories import NEW_YORK, TEN, message, promise
from tests.visits.factories import case_to_visit, planned_visit

WORDINGS = settings.BASE_DIR / "templates" / "followups" / "messages"
BY_MESSAGE = (Purpose.VISIT_NOTICE, Purpose.VISIT_OFF, Purpose.PAYMENT_REMINDER, Purpose.PROMISE_REMINDER)
LANGUAGES = ("zh-hans", "en")

# Threats, shame, false senders, new borrowing; and on a lock screen not even that there is a debt.
FORBIDDEN = [
    "逾期",
    "欠款",
    "欠费",
    "债",
    "催收",
    "还款",
    "本金",
    "利息",
    "违约",
    "起诉",
    "诉讼",
    "法院",
    "公安",
    "警方",
    "律师",
    "坐牢",
    "刑事",
    "黑名单",
    "失信",
    "征信",
    "曝光",
    "单位",
    "家人",
    "亲属",
    "后果",
    "最后通知",
    "立即",
    "必须",
    "务必",
    "否则",
    "上门催",
    "贷款",
    "借款",
    "额度",
]
FORBIDDEN_EN = [
    "overdue",
    "owe",
    "debt",
    "arrears",
    "collect",
    "repay",
    "loan",
    "credit",
    "lawsuit",
    "court",
    "police",
    "lawyer",
    "prison",
    "blacklist",
    "family",
    "employer",
    "neighbour",
    "must",
    "immediately",
    "final",
    "consequence",
    "otherwise",
    "balance",
    "amount",
]


def use_instead(template, body):
    """Have another text approved in place of `template`."""
    author, officer = UserFactory(role=Role.SUPERVISOR), UserFactory(role=Role.COMPLIANCE_OFFICER)
    written = write_template(
        channel=Channel(template.channel),
        purpose=Purpose(template.purpose),
        language=template.language,
        body=body,
        by=author,
        now=TEN,
    )
    submit_template(written, by=author, now=TEN)
    approve_template(written, effective_from=None, by=officer, now=TEN)
    return written


def a_message(purpose, language, **branch):
    if purpose in (Purpose.VISIT_NOTICE, Purpose.VISIT_OFF):
        visit = planned_visit()
        row = message(visit.case, purpose=purpose, visit=visit)
    elif purpose == Purpose.PROMISE_REMINDER:
        made = promise()
        row = message(made.case, purpose=purpose, promise=made)
    else:
        row = message(purpose=purpose)
    Branch.objects.filter(pk=row.case.branch_id).update(name="包头支行", **branch)
    Message.objects.filter(pk=row.pk).update(language=language)
    return Message.objects.with_all_it_needs().get(pk=row.pk)


@pytest.fixture(params=[(purpose, language) for purpose in BY_MESSAGE for language in LANGUAGES])
def written(request, db):
    purpose, language = request.param
    row = a_message(purpose, language)
    return row, wording_of(row, now=TEN)


def test_there_is_one_wording_for_each_purpose_and_language_and_no_other():
    wanted = {f"{purpose.lower()}.{language}.txt" for purpose in BY_MESSAGE for language in LANGUAGES}

    assert {file.name for file in WORDINGS.iterdir()} == wanted
    assert {language for language, _name in settings.LANGUAGES} == set(LANGUAGES)


def test_no_blank_is_left_open(written):
    _row, wording = written

    assert set(names_in(wording.template.body)) | {"template"} == wording.facts.keys()
    assert not re.search(r"[{}]|%\(|None|  ", wording.text)


def test_it_says_who_writes_and_where_to_ask_or_complain(written):
    row, wording = written

    assert wording.text.splitlines()[0].startswith(("【包头支行】", "包头支行:"))
    assert row.case.branch.hotline in wording.text.splitlines()[-1]
    assert re.search("投诉|complaint", wording.text)


def test_it_holds_no_forbidden_word(written):
    _row, wording = written

    assert [word for word in FORBIDDEN if word in wording.text] == []
    assert [word for word in FORBIDDEN_EN if re.search(rf"\b{word}", wording.text.lower())] == []


def test_it_tells_a_stranger_at_the_lock_screen_nothing(written):
    row, wording = written

    assert row.customer.name not in wording.text
    assert row.customer.bank_number not in wording.text
    assert not re.search(r"[¥￥$]|\d+\.\d\d\b|元|CNY", wording.text)


def test_the_facts_kept_are_not_personal(written):
    _row, wording = written

    assert wording.facts.keys() <= {
        "sender",
        "hotline",
        "visit_day",
        "visit_time",
        "promised_day",
        "template",
    }


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "11月20日10:00"), ("en", "20 November at about 10:00")]
)
def test_the_visit_is_told_by_the_clock_at_the_door(db, language, said):
    assert said in wording_of(a_message(Purpose.VISIT_NOTICE, language), now=TEN).text


def test_the_clock_at_the_door_is_the_branchs(db):
    start = datetime(2026, 11, 20, 14, 0, tzinfo=NEW_YORK)
    zone = "America/New_York"
    case = case_to_visit(
        now=start - timedelta(hours=1), branch=BranchFactory(time_zone=zone), time_zones=[zone]
    )
    row = message(case, purpose=Purpose.VISIT_NOTICE, visit=planned_visit(start=start, case=case))

    assert "14:00" in wording_of(Message.objects.with_all_it_needs().get(pk=row.pk), now=TEN).text


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "11月23日"), ("en", "23 November")])
def test_the_promised_day_is_told_as_a_date(db, language, said):
    assert said in wording_of(a_message(Purpose.PROMISE_REMINDER, language), now=TEN).text


def test_a_name_is_written_as_it_is(db):
    row = a_message(Purpose.PAYMENT_REMINDER, "en")
    row.case.branch.name = "Smith & Sons' Bank"

    assert wording_of(row, now=TEN).text.startswith("Smith & Sons' Bank:")


@pytest.mark.parametrize("branch", [{"name": ""}, {"hotline": ""}])
def test_nothing_is_sent_in_nobodys_name(db, branch):
    row = a_message(Purpose.PAYMENT_REMINDER, "zh-hans")
    for field, value in branch.items():
        setattr(row.case.branch, field, value)

    with pytest.raises(NothingToSay):
        wording_of(row, now=TEN)


@pytest.mark.parametrize(
    ("chosen", "used"), [("en", "en"), ("zh-hans", "zh-hans"), ("mn", "zh-hans"), ("", "zh-hans")]
)
def test_a_language_without_wordings_gives_way_to_the_banks(chosen, used):
    assert language_for(chosen) == used


def test_without_an_approved_template_there_is_nothing_to_say(db):
    row = a_message(Purpose.PAYMENT_REMINDER, "en")
    template = Template.objects.get(purpose=row.purpose, language="en", channel="SMS")
    retire_template(template, by=UserFactory(role=Role.COMPLIANCE_OFFICER), now=TEN)

    with pytest.raises(NothingToSay, match="Have one approved|请"):
        wording_of(row, now=TEN)


def test_what_a_blank_is_filled_with_is_judged_too(db):
    """The template was approved; the branch's name was changed afterwards."""
    row = a_message(Purpose.PAYMENT_REMINDER, "zh-hans")
    row.case.branch.name = "包头市公安局"

    with pytest.raises(Unacceptable) as no:
        wording_of(row, now=TEN)

    assert {hit.code for hit in no.value.hits} == {"AUTHORITY"}


def test_a_name_that_looks_like_a_blank_stays_a_name(db):
    row = a_message(Purpose.PAYMENT_REMINDER, "en")
    row.case.branch.name = "{{ hotline }} {% now %}"

    assert wording_of(row, now=TEN).text.startswith("{{ hotline }} {% now %}:")


def test_the_united_states_want_a_way_out_in_every_message(db):
    row = a_message(Purpose.PAYMENT_REMINDER, "en")
    other = Template.objects.get(purpose=row.purpose, language="en", channel="SMS")
    text = other.body.replace(", or to stop these messages", "")
    use_instead(other, text)

    wording_of(row, now=TEN)
    row.phone.country = "US"
    with pytest.raises(Unacceptable) as no:
        wording_of(row, now=TEN)

    assert [hit.rule for hit in no.value.hits] == ["MSG-OPTOUT"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_to_a_contact_person_breaks_no_content_rule(language):
    words = TP_1.for_(
        language,
        person="王五",
        branch="包头支行",
        caller="李四",
        employee_number="E1",
        customer="张三",
        hotline="0472",
    )

    for line in (*words.say, words.if_asked):
        facts = ContentFacts(sender_names=("包头支行",), framed=True)
        assert check(line, kind=Kind.MESSAGE, language=language, jurisdictions=frozenset(), facts=facts) == ()
