"""The vocabulary of the content rules: what is checked, what is known about it, and what a rule found."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a text is for the one who receives it. It decides which rules apply and what strangers can read of it."""

    MESSAGE = "MESSAGE"
    CHAT = "CHAT"
    PUSH = "PUSH"
    EMAIL = "EMAIL"
    LETTER = "LETTER"
    ENVELOPE = "ENVELOPE"
    VOICE_SCRIPT = "VOICE_SCRIPT"
    VOICEMAIL = "VOICEMAIL"
    PAGE = "PAGE"
    FREE_TEXT = "FREE_TEXT"


EVERY_KIND = frozenset(Kind)


class Decision(StrEnum):
    BLOCK = "BLOCK"
    WARN = "WARN"


class Authority(StrEnum):
    LAW = "LAW"
    DEPARTMENTAL_RULE = "DEPARTMENTAL_RULE"
    NATIONAL_STANDARD = "NATIONAL_STANDARD"
    SELF_REGULATION = "SELF_REGULATION"
    BANK_POLICY = "BANK_POLICY"


class Verification(StrEnum):
    CONFIRMED = "CONFIRMED"
    SECONDARY = "SECONDARY"
    BACKGROUND = "BACKGROUND"


@dataclass(frozen=True)
class Source:
    """A text that a rule follows, by its key, and how far it was confirmed."""

    key: str
    verification: Verification


class Category(StrEnum):
    """Why a word may not be said. The names are those of the lists in `data/words.toml`."""

    THREAT = "THREAT"
    PRISON = "PRISON"
    INSULT = "INSULT"
    BLACKLIST = "BLACKLIST"
    EXPOSURE = "EXPOSURE"
    THIRD_PARTY = "THIRD_PARTY"
    SHAMING = "SHAMING"
    AUTHORITY_SENDER = "AUTHORITY_SENDER"
    AUTHORITY = "AUTHORITY"
    PRIVATE_TRANSFER = "PRIVATE_TRANSFER"
    PRESSURE = "PRESSURE"
    SUIT = "SUIT"
    ARBITRATION = "ARBITRATION"
    PRESERVATION = "PRESERVATION"
    ENFORCEMENT = "ENFORCEMENT"
    LAWYER_LETTER = "LAWYER_LETTER"
    PERMANENCE = "PERMANENCE"
    CREDIT_RECORD = "CREDIT_RECORD"
    NEW_BORROWING = "NEW_BORROWING"
    DEBT = "DEBT"


class LegalStep(StrEnum):
    """A step before a court or towards it. A text may speak of one only when it was decided for this customer."""

    LAWYER_LETTER = "LAWYER_LETTER"
    SUIT = "SUIT"
    ARBITRATION = "ARBITRATION"
    PRESERVATION = "PRESERVATION"
    ENFORCEMENT = "ENFORCEMENT"


class LetterItem(StrEnum):
    """The seven items of a collection letter: 信用卡业务监督管理办法 art. 69."""

    NAME_AND_BALANCE = "NAME_AND_BALANCE"
    REASON_AND_LAW = "REASON_AND_LAW"
    RIGHTS_AND_DUTIES = "RIGHTS_AND_DUTIES"
    WAYS = "WAYS"
    CONTACT = "CONTACT"
    SEAL = "SEAL"
    OTHER = "OTHER"


@dataclass(frozen=True)
class LetterFacts:
    """What a collection letter must name of its customer, as it is written there."""

    name: str
    balance: str


@dataclass(frozen=True)
class ContentFacts:
    """What is true of the sender, the case and the frame of a text.

    `framed`: the text stands inside a page, letter or message that itself names sender, hotline and complaint channel.
    `legal_steps`: those decided and approved for this customer, and no others.
    `letter`: given for collection letters; a letter without it (an answer, say) need not carry the seven items.
    """

    sender_names: tuple[str, ...] = ()
    hotline: str = ""
    complaint_channel: str = ""
    legal_steps: frozenset[LegalStep] = frozenset()
    framed: bool = False
    template_approved: bool = True
    letter: LetterFacts | None = None


@dataclass(frozen=True)
class ContentHit:
    """A rule that says no, or careful, to `piece`: the text from `start` until before `end`, in the original.

    Where something is missing the piece is empty. `code` says what it is (`compliance.content_wording` has the sentences),
    `saw` what else is to be said about it.
    """

    rule: str
    version: int
    decision: Decision
    code: str
    start: int
    end: int
    piece: str
    saw: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def blocks(self) -> bool:
        return self.decision == Decision.BLOCK


@dataclass(frozen=True)
class Found:
    """What a check found, before the rule puts its name to it. Without `decision` it is the rule's own."""

    code: str
    start: int = 0
    end: int = 0
    saw: Mapping[str, str] = field(default_factory=dict, hash=False)
    decision: Decision | None = None


@dataclass(frozen=True)
class Spotted:
    """A listed word in the text, in the original's positions."""

    category: Category
    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Writing:
    """A text as the checks see it: its words found, `plain` without tricks, `at` the original place of each of its signs."""

    text: str
    kind: Kind
    language: str
    jurisdictions: frozenset[str]
    facts: ContentFacts
    spotted: tuple[Spotted, ...]
    plain: str
    at: tuple[int, ...]

    def of(self, *categories: Category) -> list[Spotted]:
        return [one for one in self.spotted if one.category in categories]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """A place in `plain` as a place in the original."""
        return self.at[start], self.at[end - 1] + 1


Check = Callable[[Writing], Iterable[Found]]


@dataclass(frozen=True)
class ContentRule:
    """A rule about texts. Without `check` it is held elsewhere: `held_by` says where.

    `jurisdiction`: an ISO country code, or "" for the bank's own; a foreign rule applies where the customer is there.
    """

    id: str
    version: int
    title_zh: str
    title_en: str
    kinds: frozenset[Kind]
    decision: Decision
    authority: Authority
    jurisdiction: str
    sources: tuple[Source, ...]
    check: Check | None
    held_by: str = ""
