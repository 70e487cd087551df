"""The content rules. A source says how far it was confirmed; one that rests on unconfirmed sources alone is bank policy."""

from compliance.content import form, privacy, speech
from compliance.content.rule import (
    EVERY_KIND,
    Authority,
    Category,
    ContentRule,
    Decision,
    Kind,
    Source,
    Verification,
)

VERSION = "2026.1"

POLICY = Source("POLICY", Verification.CONFIRMED)
CBA = Source("CBA-2026", Verification.SECONDARY)
CARD_68 = Source("CARD-68", Verification.SECONDARY)
CARD_69 = Source("CARD-69", Verification.SECONDARY)
CREDIT_BUREAU_16 = Source("CREDIT-BUREAU-16", Verification.CONFIRMED)
PUBLIC_SECURITY_50_1 = Source("PUBLIC-SECURITY-50-1", Verification.SECONDARY)
PIPL_6 = Source("PIPL-6", Verification.CONFIRMED)
PIPL_25 = Source("PIPL-25", Verification.CONFIRMED)
PIPL_28 = Source("PIPL-28", Verification.CONFIRMED)
CIVIL_CODE_1033 = Source("CIVIL-CODE-1033", Verification.CONFIRMED)
CONC_7_9 = Source("CONC-7.9", Verification.CONFIRMED)
REG_F_6E = Source("REG-F-6E", Verification.CONFIRMED)

ELECTRONIC = frozenset({Kind.MESSAGE, Kind.CHAT, Kind.EMAIL})
FROM_TEMPLATES = EVERY_KIND - {Kind.FREE_TEXT, Kind.PAGE, Kind.ENVELOPE}

FORBIDDEN = (
    Category.THREAT,
    Category.PRISON,
    Category.INSULT,
    Category.BLACKLIST,
    Category.EXPOSURE,
    Category.THIRD_PARTY,
    Category.SHAMING,
    Category.AUTHORITY_SENDER,
    Category.AUTHORITY,
    Category.PRIVATE_TRANSFER,
    Category.PRESSURE,
)

RULES: tuple[ContentRule, ...] = (
    ContentRule(
        id="MSG-WORDS",
        version=1,
        title_zh="禁用词：威胁、侮辱、冒充机关、曝光、骚扰他人",
        title_en="Forbidden words: threats, insults, borrowed authority, exposure, other people",
        kinds=EVERY_KIND,
        decision=Decision.BLOCK,
        authority=Authority.DEPARTMENTAL_RULE,
        jurisdiction="CN",
        sources=(CARD_68, CBA, PUBLIC_SECURITY_50_1),
        check=speech.forbidden(*FORBIDDEN),
    ),
    ContentRule(
        id="MSG-FALSE",
        version=1,
        title_zh="不实表述：未决定的法律措施、“永久”征信记录",
        title_en="False statements: legal steps not decided, a credit record for ever",
        kinds=EVERY_KIND,
        decision=Decision.BLOCK,
        authority=Authority.SELF_REGULATION,
        jurisdiction="CN",
        sources=(CBA, CREDIT_BUREAU_16),
        check=speech.false_statements,
    ),
    ContentRule(
        id="MSG-SENDER",
        version=1,
        title_zh="须写明真实发送方、官方电话和投诉渠道",
        title_en="True sender, official number and complaint channel",
        kinds=EVERY_KIND,
        decision=Decision.BLOCK,
        authority=Authority.SELF_REGULATION,
        jurisdiction="CN",
        sources=(CBA,),
        check=form.sender,
    ),
    ContentRule(
        id="MSG-PRIV",
        version=1,
        title_zh="锁屏、语音信箱和信封上不得出现债务信息",
        title_en="No debt on a lock screen, in a voicemail, on an envelope",
        kinds=privacy.SHOWS_SOMETHING,
        decision=Decision.BLOCK,
        authority=Authority.LAW,
        jurisdiction="CN",
        sources=(PIPL_6, PIPL_25, PIPL_28, CIVIL_CODE_1033, CONC_7_9),
        check=privacy.readable_by_others,
    ),
    ContentRule(
        id="MSG-TPL",
        version=1,
        title_zh="只使用已批准且生效的模板版本",
        title_en="Only a template version that is approved and in force",
        kinds=FROM_TEMPLATES,
        decision=Decision.BLOCK,
        authority=Authority.BANK_POLICY,
        jurisdiction="",
        sources=(POLICY,),
        check=form.approved,
    ),
    ContentRule(
        id="MSG-BORROW",
        version=1,
        title_zh="不得诱导新增借贷",
        title_en="No inducement to borrow anew",
        kinds=EVERY_KIND,
        decision=Decision.BLOCK,
        authority=Authority.SELF_REGULATION,
        jurisdiction="CN",
        sources=(CBA,),
        check=speech.forbidden(Category.NEW_BORROWING),
    ),
    ContentRule(
        id="MSG-LETTER",
        version=1,
        title_zh="催收函件须载明七项内容",
        title_en="The seven items of a collection letter",
        kinds=frozenset({Kind.LETTER}),
        decision=Decision.BLOCK,
        authority=Authority.DEPARTMENTAL_RULE,
        jurisdiction="CN",
        sources=(CARD_69,),
        check=form.letter_items,
    ),
    ContentRule(
        id="MSG-OPTOUT",
        version=1,
        title_zh="电子信息须写明退订方式（美国）",
        title_en="A way out in every electronic message (United States)",
        kinds=ELECTRONIC,
        decision=Decision.BLOCK,
        authority=Authority.BANK_POLICY,
        jurisdiction="US",
        sources=(REG_F_6E,),
        check=form.way_out,
    ),
    ContentRule(
        id="MSG-STALE",
        version=1,
        title_zh="滞留的信息发出前须重新核对，过期作废",
        title_en="A held message is judged anew before it leaves, and expires",
        kinds=frozenset({Kind.MESSAGE}),
        decision=Decision.BLOCK,
        authority=Authority.BANK_POLICY,
        jurisdiction="",
        sources=(POLICY,),
        check=None,
        held_by="followups.staleness",
    ),
)
