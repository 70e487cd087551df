"""How long the words of messages and follow-ups are kept."""

from django.utils.translation import gettext_lazy as _

from compliance.retention.declared import Declared, as_long_as_needed, collection_records

CLASSES = (
    Declared(
        key="message-texts",
        title=_("texts of sent messages"),
        counts_from=_("hand-over to the gateway; never while a case is open"),
        what_goes=_("the text and the masked number; that a message was sent, when and what for stays"),
        at_least=collection_records(),
        at_most=as_long_as_needed(3650),
        function="purge_message_texts",
    ),
    Declared(
        key="letter-texts",
        title=_("texts of letters"),
        counts_from=_("the day it was written; never while a case is open"),
        what_goes=_("the text and the address window; number, purpose, day and hash stay"),
        at_least=collection_records(),
        at_most=as_long_as_needed(3650),
        function="purge_letter_texts",
    ),
    Declared(
        key="follow-up-notes",
        title=_("notes of follow-ups"),
        counts_from=_("the day it was done; never while a case is open"),
        what_goes=_("the note; kind and outcome stay"),
        at_least=collection_records(words=True),
        at_most=as_long_as_needed(3650),
        function="purge_follow_up_notes",
    ),
)
