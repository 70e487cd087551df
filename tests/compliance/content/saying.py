"""A sender, and a text that has all that must be there."""

from compliance.content import ContentFacts, Kind, check

HOTLINE = "0472-5550100"
FACTS = ContentFacts(sender_names=("包头支行",), hotline=HOTLINE, complaint_channel=HOTLINE)


def whole(text):
    """`text` in a message that names sender, hotline and complaint channel."""
    return f"【包头支行】您好！{text}\n咨询或投诉：{HOTLINE}"


def said_of(text, *, kind=Kind.MESSAGE, language="zh-hans", where=(), facts=FACTS, more_words=frozenset()):
    """(rule, code, piece) of every hit."""
    hits = check(
        text,
        kind=kind,
        language=language,
        jurisdictions=frozenset(where),
        facts=facts,
        more_words=more_words,
    )
    assert all(hit.piece == text[hit.start : hit.end] for hit in hits)
    return [(hit.rule, hit.code, hit.piece) for hit in hits]


def codes(text, **how):
    return {code for _rule, code, _piece in said_of(text, **how)}
