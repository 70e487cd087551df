"""May this customer be contacted by this channel, and if not, when? Answers as the gate would; writes nothing."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Customer
from compliance import gate
from compliance.gate import Channel, Purpose, Verdict
from compliance.wording import DECISIONS, readable

USUAL_PURPOSE = {Channel.VISIT: Purpose.VISIT_START, Channel.CALL: Purpose.FOLLOW_UP_CALL}
VISIT_LASTS = timedelta(minutes=30)
VISIT_TEAM = 2


class Command(BaseCommand):
    help = "Print the gate's decision on one contact, with every hit and the next allowed instant. Nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("customer", metavar="CUSTOMER_NO", help="the bank's customer number")
        parser.add_argument("--channel", required=True, type=str.upper, choices=Channel.values)
        parser.add_argument(
            "--purpose", type=str.upper, choices=Purpose.values, help="the channel's usual one by default"
        )
        parser.add_argument("--at", type=_instant, help="ISO 8601 with offset; now by default")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(
        self,
        *args: Any,
        customer: str,
        channel: str,
        purpose: str | None,
        at: datetime | None,
        **options: Any,
    ) -> None:
        found = Customer.objects.filter(bank_number=customer).first()
        if found is None:
            raise CommandError(_("There is no customer with the number %(number)s.") % {"number": customer})
        by = Channel(channel)
        to = Purpose(purpose) if purpose else USUAL_PURPOSE.get(by, Purpose.PAYMENT_REMINDER)
        verdict = gate.preview(
            [found.pk],
            channel=by,
            purpose=to,
            at=at or timezone.now(),
            lasting=VISIT_LASTS if by == Channel.VISIT else timedelta(),
            staff=VISIT_TEAM if by == Channel.VISIT else 0,
        )[found.pk]
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(customer, by, to, verdict), ensure_ascii=False))
        else:
            self._say(verdict)

    def _say(self, verdict: Verdict) -> None:
        zone = timezone.get_current_timezone()
        self.stdout.write(_("Allowed.") if verdict.allowed else _("Not allowed."))
        for one in readable([*verdict.reasons, *verdict.remarks]):
            self.stdout.write(
                f"  {one['rule']}  {one['title']} ({one['decision_named']}): {one['sentence']} {one['condition']}".rstrip()
            )
        if verdict.allowed:
            return
        if verdict.next_allowed_at is None:
            self.stdout.write(_("Not by waiting: what must change is said above."))
        else:
            then = verdict.next_allowed_at.astimezone(zone)
            self.stdout.write(_("Next allowed: %(then)s") % {"then": then.isoformat()})


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise ArgumentTypeError(
            f"{text!r} is no ISO 8601 instant, such as 2026-11-23T07:59:59+08:00."
        ) from wrong
    if at.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} names no offset from UTC. Add it, such as +08:00.")
    return at


def _as_json(number: str, channel: Channel, purpose: Purpose, verdict: Verdict) -> dict[str, Any]:
    next_at = verdict.next_allowed_at
    return {
        "customer": number,
        "channel": channel.value,
        "purpose": purpose.value,
        "at": verdict.facts.at.isoformat(),
        "allowed": verdict.allowed,
        "decision": verdict.decision.name if verdict.decision else "ALLOW",
        "decision_named": str(DECISIONS.get(verdict.decision or 0, _("allowed"))),
        "hits": readable([*verdict.reasons, *verdict.remarks]),
        "next_allowed_at": next_at.isoformat() if next_at else None,
        "conditions": [one["condition"] for one in readable(verdict.reasons) if one["condition"]],
        "policy": verdict.policy.sha256,
        "policies": ["BANK", *verdict.facts.policies],
        "zones": list(verdict.facts.zones),
    }
