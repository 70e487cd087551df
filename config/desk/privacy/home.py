"""The compliance officer's page on personal data: who looks at too much, what customers ask for, what left."""

from datetime import timedelta

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.asking import asking
from compliance.data_requests.reading import open_requests
from compliance.reading import disclosure_alerts, exports_visible_to
from config.desk.privacy.exports import EXPORT
from config.desk.privacy.pages import page

ALERTS_OF = timedelta(days=30)
SHOWN = 12


@require_safe
@permission_required(EXPORT, raise_exception=True)
def home(request: HttpRequest) -> HttpResponse:
    user, now = asking(request), timezone.now()
    return page(
        request,
        "desk/privacy/home.html",
        gettext("Personal data"),
        alerts=disclosure_alerts(user=user, since=now - ALERTS_OF)[:SHOWN],
        requests=open_requests(user)[:SHOWN],
        today=timezone.localtime(now).date(),
        exports=exports_visible_to(user)[:SHOWN],
    )
