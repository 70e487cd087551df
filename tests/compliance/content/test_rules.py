"""Each content rule on both sides of its boundary."""

from dataclasses import replace

import pytest

from compliance.content import RULES, ContentFacts, Decision, Kind, LegalStep, LetterFacts, check
from compliance.content.rule import EVERY_KIND, Authority, LetterItem, Verification
from tests.compliance.content.saying import FACTS, HOTLINE, codes, said_of, whole

DECIDED = replace(FACTS, legal_steps=frozenset({LegalStep.SUIT}))


class TestWords:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("后果自负", "THREAT"),
            ("您将被判刑", "PRISON"),
            ("老赖", "INSULT"),
            ("列入黑名单", "BLACKLIST"),
            ("我们将曝光您", "EXPOSURE"),
            ("将通知您的单位", "THIRD_PARTY"),
            ("真丢人吗", "SHAMING"),
            ("人民法院传票已寄出", "AUTHORITY_SENDER"),
            ("公安已介入", "AUTHORITY"),
            ("请转到我的微信", "PRIVATE_TRANSFER"),
            ("最后通知", "PRESSURE"),
        ],
    )
    def test_each_category(self, text, code):
        assert code in codes(whole(text))

    def test_pressure_is_warned_of_and_all_else_blocks(self):
        hits = check(
            whole("最后通知，老赖"),
            kind=Kind.MESSAGE,
            language="zh-hans",
            jurisdictions=frozenset(),
            facts=FACTS,
        )

        assert {hit.code: hit.decision for hit in hits} == {
            "PRESSURE": Decision.WARN,
            "INSULT": Decision.BLOCK,
        }

    @pytest.mark.parametrize(
        ("text", "refused"),
        [
            ("地址：法院路3号", False),
            ("地址：法院", True),
            ("您可以向人民法院起诉", False),
            ("我行将向人民法院起诉", True),
            ("您可以还款，我行向法院起诉", True),
            ("谨防冒充公安的电话", False),
            ("谨防上当，公安在找您", True),
        ],
    )
    def test_an_authority_may_be_named_only_where_it_does_not_threaten(self, text, refused):
        assert bool(codes(whole(text))) is refused

    @pytest.mark.parametrize("kind", sorted(EVERY_KIND))
    def test_in_every_kind_of_text(self, kind):
        assert "INSULT" in codes(whole("您好\n老赖"), kind=kind)

    def test_the_piece_is_marked_once_and_where_it_stands(self):
        text = whole("将追究您的刑 事 责任")

        assert said_of(text) == [("MSG-WORDS", "PRISON", "追究您的刑 事 责任")]


class TestFalse:
    @pytest.mark.parametrize(
        ("text", "step"),
        [
            ("我行将起诉", LegalStep.SUIT),
            ("申请仲裁", LegalStep.ARBITRATION),
            ("申请财产保全", LegalStep.PRESERVATION),
            ("强制执行", LegalStep.ENFORCEMENT),
            ("律师函已寄出", LegalStep.LAWYER_LETTER),
        ],
    )
    def test_a_legal_step_is_told_only_when_it_was_decided(self, text, step):
        decided = replace(FACTS, legal_steps=frozenset({step}))
        another = replace(FACTS, legal_steps=frozenset(LegalStep) - {step})

        assert "LEGAL_STEP" in codes(whole(text))
        assert "LEGAL_STEP" in codes(whole(text), facts=another)
        assert codes(whole(text), facts=decided) == set()

    def test_a_decided_suit_lets_the_court_be_named_but_not_the_police(self):
        assert codes(whole("我行已向法院起诉"), facts=DECIDED) == set()
        assert codes(whole("我行已向公安起诉"), facts=DECIDED) == {"AUTHORITY"}
        assert "AUTHORITY_SENDER" in codes(whole("法院通知您应诉"), facts=DECIDED)

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("不良征信永久保留", "PERMANENT"),
            ("征信记录跟着您一辈子", "PERMANENT"),
            ("不良信息记入征信，保存10年", "WRONG_YEARS"),
            ("征信记录将保留七年", "WRONG_YEARS"),
            ("征信不良信息自终止之日起保存5年", None),
            ("征信不良信息自终止之日起保存五年", None),
            ("永久会员权益升级", None),
            ("合同保存10年", None),
            ("征信报告每年可免费查询两次", None),
            ("征信记录已于2026年11月更新", None),
        ],
    )
    def test_the_credit_record_is_kept_five_years(self, text, code):
        assert codes(whole(text)) == ({code} if code else set())

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("your credit record is marred forever", {"PERMANENT"}),
            ("it stays for ten years on your credit report", {"WRONG_YEARS"}),
            ("it stays for five years on your credit report", set()),
        ],
    )
    def test_in_english(self, text, found):
        assert codes(f"包头支行: {text}. Complaint: {HOTLINE}", language="en") == found

    @pytest.mark.parametrize(("apart", "found"), [(24, {"PERMANENT"}), (25, set())])
    def test_near_is_twenty_four_signs(self, apart, found):
        assert codes(whole(f"征信{'一' * apart}永久")) == found


class TestSender:
    def test_all_three_are_there(self):
        assert said_of(whole("谢谢")) == []

    @pytest.mark.parametrize(
        ("text", "missing"),
        [
            (f"您好！投诉：{HOTLINE}", {"NO_SENDER"}),
            ("【包头支行】您好！投诉请来电", {"NO_HOTLINE", "NO_COMPLAINT_CHANNEL"}),
            (f"【包头支行】您好！电话：{HOTLINE}", {"NO_COMPLAINT_CHANNEL"}),
            (f"【青山支行】包头支行您好！投诉：{HOTLINE}", {"FALSE_SENDER"}),
            (f"【包 头 支 行】您好！投诉：{HOTLINE}", set()),
            ("【包头支行】您好！投诉：０４７２ ５５５ ０１００", set()),
            (f"【包头支行】您好！投诉：{HOTLINE[:-1]}", {"NO_HOTLINE", "NO_COMPLAINT_CHANNEL"}),
        ],
    )
    def test_what_is_missing_is_named(self, text, missing):
        assert codes(text) == missing

    def test_a_bank_that_has_no_hotline_writes_nothing(self):
        assert "NO_HOTLINE" in codes(whole("谢谢"), facts=replace(FACTS, hotline=""))

    def test_complaints_may_go_elsewhere(self):
        facts = replace(FACTS, complaint_channel="complaints.example.com")

        assert codes(whole("谢谢"), facts=facts) == {"NO_COMPLAINT_CHANNEL"}
        assert codes(whole("投诉：Complaints.Example.COM"), facts=facts) == set()

    @pytest.mark.parametrize(
        ("kind", "missing"),
        [
            (Kind.MESSAGE, {"NO_SENDER", "NO_HOTLINE", "NO_COMPLAINT_CHANNEL"}),
            (Kind.FREE_TEXT, {"NO_SENDER", "NO_HOTLINE", "NO_COMPLAINT_CHANNEL"}),
            (Kind.VOICEMAIL, {"NO_SENDER", "NO_HOTLINE"}),
            (Kind.PUSH, set()),
            (Kind.ENVELOPE, set()),
        ],
    )
    def test_what_each_kind_must_name(self, kind, missing):
        assert codes("您好", kind=kind) == missing

    def test_in_a_frame_that_names_them_it_need_not(self):
        framed = replace(FACTS, framed=True)

        assert codes("您好", kind=Kind.FREE_TEXT, facts=framed) == set()
        assert codes("【法务】您好", kind=Kind.FREE_TEXT, facts=framed) == {"FALSE_SENDER"}


class TestPrivacy:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("您已逾期", "DEBT"),
            ("您的欠 款", "DEBT"),
            ("yuqi的账单", "DEBT"),
            ("请及时還款", "DEBT"),
            ("本期应还5,000.00元", "AMOUNT"),
            ("￥５０００", "AMOUNT"),
            ("CNY 12.5", "AMOUNT"),
            ("五千元整", "AMOUNT"),
            ("共计3万元", "AMOUNT"),
            ("100块钱", "AMOUNT"),
            ("卡号6222 0200 0012 3456 78", "ACCOUNT"),
            ("尾号1234的卡", "ACCOUNT"),
            ("6222****1234", "ACCOUNT"),
            ("身份证150203198801012343", "IDENTITY"),
            ("15020319880101234X", "IDENTITY"),
        ],
    )
    def test_a_lock_screen_tells_of_no_debt(self, text, code):
        assert code in codes(whole(text))

    @pytest.mark.parametrize(
        "text",
        [
            "11月20日10:00左右",
            "公元2026年",
            "元旦快乐",
            "编号20261120",
            "拨打+86 0472-5550100",
            "第100号窗口",
            "3000万客户",
        ],
    )
    def test_dates_numbers_and_the_banks_own_telephone_are_fine(self, text):
        assert codes(whole(text)) == set()

    @pytest.mark.parametrize(
        ("kind", "first", "later"),
        [
            (Kind.MESSAGE, True, True),
            (Kind.CHAT, True, True),
            (Kind.PUSH, True, True),
            (Kind.VOICEMAIL, True, True),
            (Kind.ENVELOPE, True, True),
            (Kind.EMAIL, True, False),
            (Kind.FREE_TEXT, True, False),
            (Kind.PAGE, False, False),
            (Kind.LETTER, False, False),
            (Kind.VOICE_SCRIPT, False, False),
        ],
    )
    def test_where_strangers_can_read_it(self, kind, first, later):
        facts = replace(FACTS, framed=True)

        assert ("DEBT" in codes("\n 您已逾期\n谢谢", kind=kind, facts=facts)) is first
        assert ("DEBT" in codes("\n 谢谢\n您已逾期", kind=kind, facts=facts)) is later


class TestTemplates:
    UNAPPROVED = replace(FACTS, template_approved=False)

    @pytest.mark.parametrize(
        ("kind", "refused"),
        [(Kind.MESSAGE, True), (Kind.LETTER, True), (Kind.VOICE_SCRIPT, True), (Kind.FREE_TEXT, False)],
    )
    def test_only_approved_versions_leave(self, kind, refused):
        assert ("NOT_APPROVED" in codes(whole("谢谢"), kind=kind, facts=self.UNAPPROVED)) is refused

    def test_an_approved_one_may(self):
        assert codes(whole("谢谢")) == set()


class TestBorrowing:
    @pytest.mark.parametrize(
        "text", ["找朋友借一点", "可以借新还旧", "申请一笔新贷款", "take out a payday loan"]
    )
    def test_nobody_is_led_to_borrow(self, text):
        assert "NEW_BORROWING" in codes(whole(text))

    @pytest.mark.parametrize("text", ["您在我行办理信用卡时登记的地址", "感谢您的朋友", "申请个性化分期"])
    def test_other_things_may_be_said(self, text):
        assert codes(whole(text)) == set()


LETTER = f"""关于您账户的函
张三：截至今日余额合计 CNY 20,000.00。
事由：款项到期。依据：《民法典》。
您的权利与义务如下。
查询：手机银行。还款：网点柜台。异议：来电提出。证据：提供凭证。
包头支行，地址：包头市。咨询投诉：{HOTLINE}
其他事项：无。
（盖章）"""
LETTER_FACTS = replace(FACTS, letter=LetterFacts("张三", "CNY 20,000.00"))


class TestLetter:
    def test_all_seven_items_are_there(self):
        assert codes(LETTER, kind=Kind.LETTER, facts=LETTER_FACTS) == set()

    @pytest.mark.parametrize(
        ("without", "item"),
        [
            ("张三", LetterItem.NAME_AND_BALANCE),
            ("CNY 20,000.00", LetterItem.NAME_AND_BALANCE),
            ("事由", LetterItem.REASON_AND_LAW),
            ("《民法典》", LetterItem.REASON_AND_LAW),
            ("权利", LetterItem.RIGHTS_AND_DUTIES),
            ("义务", LetterItem.RIGHTS_AND_DUTIES),
            ("查询", LetterItem.WAYS),
            ("还款", LetterItem.WAYS),
            ("异议", LetterItem.WAYS),
            ("证据：提供凭证", LetterItem.WAYS),
            ("地址", LetterItem.CONTACT),
            ("盖章", LetterItem.SEAL),
            ("其他事项", LetterItem.OTHER),
        ],
    )
    def test_each_item_that_is_missing_is_named(self, without, item):
        assert codes(LETTER.replace(without, ""), kind=Kind.LETTER, facts=LETTER_FACTS) == {item.value}

    def test_without_the_hotline_the_contact_is_missing(self):
        assert "CONTACT" in codes(LETTER.replace(HOTLINE, ""), kind=Kind.LETTER, facts=LETTER_FACTS)

    def test_an_answer_is_no_collection_letter(self):
        assert codes(whole("您的投诉已处理"), kind=Kind.LETTER) == set()

    def test_a_message_is_no_letter(self):
        assert codes(whole("谢谢"), facts=LETTER_FACTS) == set()


class TestWayOut:
    @pytest.mark.parametrize(
        ("text", "where", "refused"),
        [
            ("thank you", ("US",), True),
            ("thank you", ("CN",), False),
            ("thank you", (), False),
            ("reply STOP to end", ("US",), False),
            ("to stop these messages ring us", ("US",), False),
            ("如不再接收短信请来电", ("US",), False),
            ("non-stop service", ("US",), True),
        ],
    )
    def test_where_the_united_states_rule(self, text, where, refused):
        assert ("NO_WAY_OUT" in codes(whole(text), where=where)) is refused

    def test_letters_need_none(self):
        assert codes(whole("thank you"), kind=Kind.LETTER, where=("US",)) == set()


# The book itself


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_has_titles_a_source_and_somebody_who_holds_it(rule):
    assert rule.title_zh
    assert rule.title_en
    assert rule.kinds
    assert rule.sources
    assert (rule.check is None) == bool(rule.held_by)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_rests_on_nothing_confirmed_is_bank_policy(rule):
    unconfirmed = all(source.verification == Verification.BACKGROUND for source in rule.sources)

    assert not unconfirmed or rule.authority == Authority.BANK_POLICY


def test_ids_are_unique():
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_nothing_known_of_the_bank_is_no_excuse():
    assert {"NO_SENDER", "NO_HOTLINE", "NO_COMPLAINT_CHANNEL"} <= codes(whole("谢谢"), facts=ContentFacts())
