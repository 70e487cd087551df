"""For how long data are kept, what a purge would take now, and what went."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.asking import asking
from compliance.retention.purging import purge
from compliance.retention.reading import classes, purges, title_of
from config.desk.privacy.pages import page

SEE = "compliance.view_retentionclass"
COUNT = "compliance.export_ledgers"
SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required((SEE, COUNT), raise_exception=True)
def keeping(request: HttpRequest) -> HttpResponse:
    """GET: the classes and the last purges. POST: the same with what would go now; nothing is changed."""
    user, now = asking(request), timezone.now()
    counted = purge(dry_run=True, by=user, now=now) if request.method == "POST" else None
    would_go = {one.declared.key: one.rows for one in counted} if counted is not None else {}
    return page(
        request,
        "desk/privacy/retention.html",
        gettext("Retention"),
        classes=[(row, said, would_go.get(row.key)) for row, said in classes()],
        counted_at=now if counted is not None else None,
        purges=[(one, title_of(one)) for one in purges()[:SHOWN]],
    )
