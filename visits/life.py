"""The life of a visit, one verb a step:

    proposed → planned → notified → under way → done
                                              ↘ aborted
    (cancelled from any step before the door)

The gate is asked where a customer is reached: when a plan is accepted (`visits.planning`) and at check-in.
"""

from visits.on_site import abort, check_out, record
from visits.reports import Fix, ReferenceReused, Sent
from visits.setting_out import DoNotProceed, cancel, check_in, mark_notified
from visits.transitions import NotAllowed

__all__ = [
    "DoNotProceed",
    "Fix",
    "NotAllowed",
    "ReferenceReused",
    "Sent",
    "abort",
    "cancel",
    "check_in",
    "check_out",
    "mark_notified",
    "record",
]
