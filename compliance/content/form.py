"""Checks of what must be there: who writes, where to ask and complain, the way out, the seven items of a letter."""

import re
from collections.abc import Iterator

from compliance.content.rule import Found, Kind, LetterItem, Writing

ADDRESSED_BY = re.compile(r"^\s*[【\[〔]([^】\]〕\n]{1,40})[】\]〕]")
BETWEEN_DIGITS = re.compile(r"[\s\-()·.]")
COMPLAINT = re.compile(r"投诉|complain|grievance", re.IGNORECASE)
OPT_OUT = re.compile(
    r"退订|停收|不再接收|不再收到|不想(再)?收|拒收|取消接收|回复\s*[Tt]"
    r"|opt[\s-]?out|unsubscribe|(reply|text|send)\s+stop\b|stop\s+(these|receiving|all|our)?\s*(messages|texts|e-?mails)",
    re.IGNORECASE,
)
TELLS_ALL = frozenset(
    {Kind.MESSAGE, Kind.CHAT, Kind.EMAIL, Kind.LETTER, Kind.VOICE_SCRIPT, Kind.PAGE, Kind.FREE_TEXT}
)
TELLS_WHO_AND_WHERE = TELLS_ALL | {Kind.VOICEMAIL}


def sender(writing: Writing) -> Iterator[Found]:
    """Says truly who writes, the official number, and where to complain. In a frame that does, only not falsely."""
    facts = writing.facts
    named = ADDRESSED_BY.search(writing.plain)
    if named and not any(_same(name) == _same(named[1]) for name in facts.sender_names):
        start, end = writing.place(*named.span(1))
        yield Found("FALSE_SENDER", start, end, {"sender": ", ".join(facts.sender_names)})
    if facts.framed:
        return
    if writing.kind in TELLS_WHO_AND_WHERE:
        if not any(name and _same(name) in _same(writing.plain) for name in facts.sender_names):
            yield Found("NO_SENDER", saw={"sender": ", ".join(facts.sender_names)})
        if not _tells(writing, facts.hotline):
            yield Found("NO_HOTLINE", saw={"hotline": facts.hotline})
    if writing.kind in TELLS_ALL and not (
        COMPLAINT.search(writing.plain) and _tells(writing, facts.complaint_channel)
    ):
        yield Found("NO_COMPLAINT_CHANNEL", saw={"channel": facts.complaint_channel})


def _same(text: str) -> str:
    return "".join(text.split()).casefold()


def _tells(writing: Writing, where: str) -> bool:
    """Whether a number or an address is there; numbers by their digits."""
    if not where:
        return False
    digits = BETWEEN_DIGITS.sub("", where)
    if digits.lstrip("+").isdecimal():
        return digits in BETWEEN_DIGITS.sub("", writing.plain)
    return _same(where) in _same(writing.plain)


def way_out(writing: Writing) -> Iterator[Found]:
    if not OPT_OUT.search(writing.plain):
        yield Found("NO_WAY_OUT")


def approved(writing: Writing) -> Iterator[Found]:
    if not writing.facts.template_approved:
        yield Found("NOT_APPROVED")


# What each item must say: one expression for each part of it.
ITEMS: dict[LetterItem, tuple[re.Pattern[str], ...]] = {
    LetterItem.REASON_AND_LAW: (
        re.compile(r"事由|原因|缘由|\breasons?\b|\bbecause\b", re.IGNORECASE),
        re.compile(r"《[^》]{2,40}》|法律依据|法规|规定|\blaw\b|\blegal basis\b|\bregulation", re.IGNORECASE),
    ),
    LetterItem.RIGHTS_AND_DUTIES: (
        re.compile(r"权利|\brights?\b", re.IGNORECASE),
        re.compile(r"义务|\bdut(y|ies)\b|\bobligations?\b", re.IGNORECASE),
    ),
    LetterItem.WAYS: (
        re.compile(r"查询|查看|\b(look up|check|query|inquire|see)\b", re.IGNORECASE),
        re.compile(r"还款|偿还|归还|\b(re)?pay(ment|ments|ing)?\b", re.IGNORECASE),
        re.compile(r"异议|\bobject(ion|ions)?\b|\bdispute", re.IGNORECASE),
        re.compile(r"证据|证明|凭证|\bevidence\b|\bproof\b|\bdocuments?\b", re.IGNORECASE),
    ),
    LetterItem.SEAL: (re.compile(r"公章|盖章|印章|签章|\bseal(ed)?\b|\bstamp(ed)?\b", re.IGNORECASE),),
    LetterItem.OTHER: (
        re.compile(
            r"其他(事项|内容|规定|说明)|其它(事项|内容)|\bother (matters|information|terms)", re.IGNORECASE
        ),
    ),
}
ADDRESS = re.compile(r"地址|营业网点|\baddress\b|\bbranch\b", re.IGNORECASE)


def letter_items(writing: Writing) -> Iterator[Found]:
    """The seven items of a collection letter; each that is missing, by name."""
    if writing.facts.letter is None:
        return
    for item in LetterItem:
        if not _has(item, writing):
            yield Found(item.value)


def _has(item: LetterItem, writing: Writing) -> bool:
    letter = writing.facts.letter
    if item == LetterItem.NAME_AND_BALANCE:
        told = (letter.name, letter.balance) if letter else ("", "")
        return all(one and _same(one) in _same(writing.plain) for one in told)
    if item == LetterItem.CONTACT:
        return _tells(writing, writing.facts.hotline) and ADDRESS.search(writing.plain) is not None
    return all(part.search(writing.plain) for part in ITEMS[item])
