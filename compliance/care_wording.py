"""Restrictions in words, for people: what a kind means, and what one of them called off."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models.staff import Role
from compliance.models import Stoppage
from compliance.special_care import PAPER_WITHIN, Care, Effect
from compliance.terms import Purpose

IN_WORDS = {
    Effect.NONE: gettext_lazy("as usual"),
    Effect.WARN: gettext_lazy("with care, by the special script"),
    Effect.NEEDS_OVERRIDE: gettext_lazy("only with an override"),
    Effect.BLOCK: gettext_lazy("not at all"),
}


def sentences(care: Care) -> Iterator[str]:
    yield _("Visits: %(visit)s. Calls: %(call)s. Calls by a machine: %(robot)s. In writing: %(written)s.") % {
        "visit": IN_WORDS[care.visit],
        "call": IN_WORDS[care.call],
        "robot": IN_WORDS[care.robot],
        "written": IN_WORDS[care.written],
    }
    if not care.overridable:
        yield _("Nobody can override it.")
    passing = [str(one.label) for one in Purpose if str(one) in care.passes]
    if passing:
        yield _("Let through: %(purposes)s.") % {"purposes": ", ".join(passing)}
    yield _length(care)
    proof = ", ".join(str(one.label) for one in care.proof)
    yield _("Rests on: %(proof)s.") % {"proof": proof}
    if care.on_word:
        yield _("Somebody's word will do at first; the paper is looked for within %(days)s days.") % {
            "days": PAPER_WITHIN
        }
    roles = ", ".join(str(Role(role).label) for role in sorted(care.lifts))
    yield _("Lifted by: %(roles)s.") % {"roles": roles}


def _length(care: Care) -> str:
    if care.dated:
        return _("Lasts as long as the order says: enter its end.")
    if care.longest is None:
        return _("Stays until somebody lifts it; looked at again every %(days)s days.") % {
            "days": care.review
        }
    lasts = _("Lasts %(usual)s days when no end is given, %(longest)s at most.") % {
        "usual": care.usual,
        "longest": care.longest,
    }
    if care.extensions:
        lasts += " " + ngettext(
            "It is continued once.", "It is continued up to %(times)s times.", care.extensions
        ) % {"times": care.extensions}
    return lasts


def what_was_stopped(stoppages: Sequence[Stoppage]) -> str:
    """What a restriction called off, added up, for the one who entered it."""
    total = {what: sum(getattr(one, what) for one in stoppages) for what in STOPPED_IN_WORDS}
    said = [str(words) % {"count": total[what]} for what, words in STOPPED_IN_WORDS.items() if total[what]]
    return ", ".join(said) or _("Nothing was planned or queued.")


STOPPED_IN_WORDS = {
    "visits": gettext_lazy("visits called off: %(count)s"),
    "under_way": gettext_lazy("visits told to break off: %(count)s"),
    "messages": gettext_lazy("messages called off: %(count)s"),
    "calls": gettext_lazy("calls called off: %(count)s"),
}
