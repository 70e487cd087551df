"""The life of a visit, one verb a step:

    proposed → planned → notified → under way → done
                                              ↘ aborted
    (cancelled from any step before the door)

Between check-in and the end the agents confirm whom they speak to and note what they are allowed; the record may come
up to a day after the end.

The gate is asked where a customer is reached: when a plan is accepted (`visits.planning`) and at check-in.
"""

from visits.clocks import ClockNotTrusted
from visits.consents import NoConsent, ensure_may_record_indoors, may_record_indoors, note_consent
from visits.identity import NotConfirmed, confirm_identity
from visits.on_site import abort, check_out, record
from visits.reports import Fix, ReferenceReused, Sent
from visits.setting_out import DoNotProceed, cancel, check_in, mark_notified
from visits.transitions import NotAllowed
from visits.unreported import RecordMissing

__all__ = [
    "ClockNotTrusted",
    "DoNotProceed",
    "Fix",
    "NoConsent",
    "NotAllowed",
    "NotConfirmed",
    "RecordMissing",
    "ReferenceReused",
    "Sent",
    "abort",
    "cancel",
    "check_in",
    "check_out",
    "confirm_identity",
    "ensure_may_record_indoors",
    "mark_notified",
    "may_record_indoors",
    "note_consent",
    "record",
]
