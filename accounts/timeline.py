"""What happened to a case, each event as a sentence."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import CaseEvent
from accounts.models.cases import CaseEventKind, NextAction, Stage

Detail = dict[str, Any]


def sentence(event: CaseEvent) -> str:
    """The event in the reader's language; empty when its kind says it all."""
    tell = _SENTENCES.get(CaseEventKind(event.kind))
    return tell(event.detail) if tell else ""


def _opened(detail: Detail) -> str:
    return _("%(overdue_amount)s %(currency)s overdue, unpaid since %(oldest_unpaid_due_on)s.") % detail


def _updated(detail: Detail) -> str:
    (old, new), (balance_before, balance) = detail["overdue_amount"], detail["balance"]
    return _("Overdue %(old)s → %(new)s, balance %(balance_before)s → %(balance)s.") % {
        "old": old,
        "new": new,
        "balance_before": balance_before,
        "balance": balance,
    }


def _payment(detail: Detail) -> str:
    return _("%(amount)s %(currency)s, reference %(reference)s.") % detail


def _next_action(detail: Detail) -> str:
    action = detail.get("next_action", "")
    return _("Next: %(action)s, by %(on)s.") % {
        "action": dict(NextAction.choices).get(action, action),
        "on": detail.get("next_action_on", ""),
    }


def _stage(detail: Detail) -> str:
    stages = dict(Stage.choices)
    return _("From %(old)s to %(new)s.") % {
        "old": stages.get(detail["from"], detail["from"]),
        "new": stages.get(detail["to"], detail["to"]),
    }


def _restricted(detail: Detail) -> str:
    """Until when, never why: the reason is for those who may open the restriction itself."""
    until = detail.get("until")
    if not until:
        return _("Contact is restricted until further notice.")
    local = timezone.localtime(datetime.fromisoformat(until))
    return _("Contact is restricted until %(until)s.") % {"until": f"{local:%Y-%m-%d %H:%M}"}


_SENTENCES: dict[CaseEventKind, Callable[[Detail], str]] = {
    CaseEventKind.OPENED: _opened,
    CaseEventKind.UPDATED: _updated,
    CaseEventKind.PAYMENT: _payment,
    CaseEventKind.REVERSAL: _payment,
    CaseEventKind.CLOSED: lambda _detail: _("Nothing is overdue any more."),
    CaseEventKind.NEXT_ACTION: _next_action,
    CaseEventKind.STAGE: _stage,
    CaseEventKind.RESTRICTION_ENTERED: _restricted,
}
