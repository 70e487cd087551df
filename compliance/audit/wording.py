"""The findings of a verification in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from compliance.audit.hashing import Fault
from compliance.audit.signed_lines import LineFault

OF_CHAINS: dict[Fault, str | Promise] = {
    Fault.ENTRY_MISSING: _("Entry %(seq)s is missing; the entries after it are there."),
    Fault.LINK_BROKEN: _("Entry %(seq)s does not follow the entry before it: one of the two was replaced."),
    Fault.BODY_CHANGED: _("Entry %(seq)s was changed: its content and its hash do not belong together."),
    Fault.COLUMNS_CHANGED: _("Entry %(seq)s was changed: its columns are not what its content says."),
    Fault.WRONG_MAC: _("Entry %(seq)s was not written by Zoufang: its keyed hash is wrong."),
    Fault.CHECKPOINT_DIFFERS: _(
        "Entry %(seq)s is not the one that a signed checkpoint saw: it was replaced."
    ),
    Fault.TAIL_CUT: _(
        "The end was cut off: entry %(seq)s is gone, a signed checkpoint saw it or a later one."
    ),
    Fault.SUBJECT_CHANGED: _("Entry %(seq)s is right, but the row it is about was changed: %(subject)s."),
    Fault.SUBJECT_MISSING: _("Entry %(seq)s is right, but the row it is about is gone: %(subject)s."),
    Fault.ROW_WITHOUT_ENTRY: _("%(rows)s rows were slipped in without an entry; one is %(subject)s."),
}

OF_THE_FILE: dict[LineFault, str | Promise] = {
    LineFault.NO_DIRECTORY: _("The directory does not exist or cannot be read here."),
    LineFault.LINE_UNREADABLE: _("Line %(number)s is not a checkpoint: it was changed or damaged."),
    LineFault.LINE_MISSING: _("Line %(number)s is missing or was replaced."),
    LineFault.FORGED: _("Line %(number)s was changed or forged: its signature is wrong."),
}


def sentence_of_chain(what: Fault, *, seq: int | None, subject: str, rows: int) -> str:
    return str(OF_CHAINS[what]) % {"seq": seq, "subject": subject, "rows": rows}


def sentence_of_file(what: LineFault, *, number: int) -> str:
    return str(OF_THE_FILE[what]) % {"number": number}
