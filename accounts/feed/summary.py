"""What a batch brought, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Batch


def summary(batch: Batch) -> list[str]:
    """Sentences about a batch that is done: one a file, then the cases, then the verification."""
    sentences = [
        _(
            "%(file)s: %(rows)d rows, %(new)d new, %(changed)d changed, %(unchanged)d as before,"
            " %(rejected)d rejected, %(fields_left_out)d fields left out."
        )
        % {"file": name, **batch.counts[name]}
        for name in sorted(batch.counts)
        if name.endswith(".csv")
    ]
    checked = batch.counts["verifications"]
    return [
        *sentences,
        _("Cases: %(opened)d opened, %(updated)d updated, %(closed)d closed, %(payments)d payments noted.")
        % batch.counts["cases"],
        ngettext("%(count)d customer verified.", "%(count)d customers verified.", checked)
        % {"count": checked},
    ]
