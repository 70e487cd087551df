"""The port to whoever carries text messages, and the stand-in that is used until a bank plugs in its provider."""

from typing import Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts import vault
from followups.models import SentMessage


class NotDelivered(Exception):
    """The provider said no: the message certainly did not reach the customer. The text says why, without number."""


class Gateway(Protocol):
    """One provider of text messages. Its own time-out is well below five minutes.

    `message_id` is the reference to hand to the provider, so that a receipt can be matched.
    """

    def send(self, *, message_id: UUID, to: str, text: str) -> str:
        """Hand over `text` for the number `to` (E.164). Returns the provider's number of the message.

        Raises NotDelivered when it was certainly not taken. Any other exception means that nobody can tell.
        """
        ...


class SentMessagesTable:
    """Writes what would have been sent to a table one can read. It takes each message once."""

    def send(self, *, message_id: UUID, to: str, text: str) -> str:
        handed_over = SentMessage.objects.create(
            message_id=message_id,
            to_masked=vault.masked_phone(to),
            text=text,
            handed_over_at=timezone.now(),
        )
        return f"table-{handed_over.pk}"


def configured_gateway() -> Gateway:
    """The gateway that MESSAGE_GATEWAY names."""
    return cast(Gateway, import_string(settings.MESSAGE_GATEWAY)())
