"""The rules about texts as people read them in the rule book."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from compliance.content.book import RULES
from compliance.content.rule import ContentRule, Decision, Kind
from compliance.content_wording import SOURCES
from compliance.rules.sources import PACKAGED
from compliance.wording import AUTHORITIES, VERIFICATIONS

KINDS: dict[Kind, Promise] = {
    Kind.MESSAGE: _("text message"),
    Kind.CHAT: _("instant message"),
    Kind.PUSH: _("app notification"),
    Kind.EMAIL: _("e-mail"),
    Kind.LETTER: _("letter"),
    Kind.ENVELOPE: _("envelope"),
    Kind.VOICE_SCRIPT: _("script of a call"),
    Kind.VOICEMAIL: _("voicemail"),
    Kind.FREE_TEXT: _("text typed by staff"),
    Kind.PAGE: _("page for customers"),
}
DECISIONS: dict[Decision, Promise] = {
    Decision.BLOCK: _("blocks, no override"),
    Decision.WARN: _("warns"),
}


@dataclass(frozen=True)
class ReadableContentSource:
    """`row` is the key of the source in the book of sources, empty where it has none of its own."""

    name: str
    verification: str
    verified: str
    row: str


@dataclass(frozen=True)
class ReadableContentRule:
    rule: ContentRule
    title: str
    authority: str
    decision: str
    blocks: bool
    kinds: tuple[str, ...]
    country: str
    sources: tuple[ReadableContentSource, ...]

    @property
    def everything(self) -> bool:
        """Whether the rule is about every kind of text."""
        return len(self.kinds) == len(Kind)


def readable_content_rules() -> list[ReadableContentRule]:
    """Every rule about texts, in the order of the book, in the reader's language. No query."""
    chinese = (get_language() or "").startswith("zh")
    return [
        ReadableContentRule(
            rule=rule,
            title=rule.title_zh if chinese else rule.title_en,
            authority=str(AUTHORITIES[rule.authority]),
            decision=str(DECISIONS[rule.decision]),
            blocks=rule.decision == Decision.BLOCK,
            kinds=tuple(str(KINDS[kind]) for kind in Kind if kind in rule.kinds),
            country={"CN": gettext("China"), "US": gettext("United States")}.get(rule.jurisdiction, ""),
            sources=tuple(
                ReadableContentSource(
                    name=str(SOURCES[source.key]),
                    verification=source.verification.value,
                    verified=str(VERIFICATIONS[source.verification]),
                    row=source.key if source.key in PACKAGED else "",
                )
                for source in rule.sources
            ),
        )
        for rule in RULES
    ]
