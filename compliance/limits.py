"""How long a restriction may last, what it must rest on, who decides, and when it is looked at again.

The facts are in `compliance.special_care`; here they are held against one restriction.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Branch
from compliance.evidence import EvidenceKind
from compliance.models import Restriction
from compliance.special_care import EFFECTS, PAPER_WITHIN, Care
from compliance.terms import RestrictionKind


class AlreadyLifted(Exception):
    """The restriction was lifted before."""


class EndsBeforeItStarts(Exception):
    """A restriction ends after it starts, or is open."""


class TooLong(Exception):
    """The kind may not last so long. `latest` is the last end that is possible."""

    def __init__(self, kind: RestrictionKind, latest: datetime) -> None:
        self.latest = latest
        super().__init__(
            gettext("“%(kind)s” lasts %(days)s days at most: until %(latest)s.")
            % {"kind": kind.label, "days": EFFECTS[kind].longest, "latest": _moment(latest)}
        )


class NoEnd(Exception):
    """This kind lasts for a given time: the end must be told."""


class NoProof(Exception):
    """This kind cannot be entered on that sort of evidence."""


class NotYours(Exception):
    """Somebody of this role does not enter, review or lift restrictions of this kind."""


class CannotBeExtended(Exception):
    """The restriction is over, lifted, open, continued already, or was continued as often as its kind allows."""


def must_be_allowed(kind: RestrictionKind, *, may: bool) -> None:
    if not may:
        raise NotYours(
            gettext("“%(kind)s” is not for your role to decide. Ask the compliance officer.")
            % {"kind": kind.label}
        )


def must_be_proven(kind: RestrictionKind, evidence_kind: EvidenceKind) -> None:
    care = EFFECTS[kind]
    if evidence_kind in care.proof or (care.on_word and evidence_kind == EvidenceKind.WORD):
        return
    wanted = [one.label for one in care.proof] + ([EvidenceKind.WORD.label] if care.on_word else [])
    raise NoProof(
        gettext("“%(kind)s” rests on one of these: %(wanted)s.")
        % {"kind": kind.label, "wanted": ", ".join(map(str, wanted))}
    )


def end_of(kind: RestrictionKind, starts_at: datetime, ends_at: datetime | None) -> datetime | None:
    care = EFFECTS[kind]
    if ends_at is None:
        if care.dated:
            raise NoEnd(
                gettext("“%(kind)s” lasts as long as the order says. Enter its end.") % {"kind": kind.label}
            )
        return starts_at + timedelta(days=care.usual) if care.usual else None
    if ends_at <= starts_at:
        raise EndsBeforeItStarts(
            gettext("It would end at %(ends)s, before it starts at %(starts)s.")
            % {"ends": _moment(ends_at), "starts": _moment(starts_at)}
        )
    if care.longest and ends_at > starts_at + timedelta(days=care.longest):
        raise TooLong(kind, starts_at + timedelta(days=care.longest))
    return ends_at


def must_go_on(earlier: Restriction, *, now: datetime) -> datetime:
    """The end of `earlier`, from which it is continued."""
    allowed = EFFECTS[RestrictionKind(earlier.kind)].extensions
    if earlier.lifted_at is not None or earlier.ends_at is None or earlier.ends_at <= now:
        raise CannotBeExtended(
            gettext("Only a restriction that is in force and has an end is continued. Enter a new one.")
        )
    if Restriction.objects.filter(extended_from=earlier).exists():
        raise CannotBeExtended(gettext("This restriction is continued already."))
    if _continuations(earlier) >= allowed:
        raise CannotBeExtended(
            gettext("“%(kind)s” is continued %(times)s times at most.")
            % {"kind": earlier.get_kind_display(), "times": allowed}
        )
    ends_at: datetime = earlier.ends_at
    return ends_at


def _continuations(row: Restriction) -> int:
    """How many times the restriction has been continued before."""
    return 0 if row.extended_from is None else 1 + _continuations(row.extended_from)


def first_review(care: Care, row: Restriction, *, on: date) -> date | None:
    if row.evidence_kind == EvidenceKind.WORD and EvidenceKind.WORD not in care.proof:
        return on + timedelta(days=min(PAPER_WITHIN, care.review or PAPER_WITHIN))
    return on + timedelta(days=care.review) if care.review else None


def next_review(care: Care, row: Restriction, *, on: date) -> date:
    """By the table; a restriction that ends by itself is not looked at again before it does."""
    if care.review or row.ends_at is None:
        return on + timedelta(days=care.review or PAPER_WITHIN)
    return max(local_date(row.customer.branch, row.ends_at), on + timedelta(days=1))


def local_date(branch: Branch, at: datetime) -> date:
    return at.astimezone(ZoneInfo(branch.time_zone)).date()


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
