"""The pages on personal data, below /admin/privacy/."""

from django.contrib import admin
from django.urls import path, re_path

from config.desk.privacy import exports, home, keeping, requests

closed = admin.site.admin_view
NUMBER = r"(?P<number>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

urlpatterns = [
    path("", closed(home.home), name="privacy"),
    path("exports/", closed(exports.exports), name="exports"),
    path("retention/", closed(keeping.keeping), name="retention"),
    path("requests/<uuid:number>/", closed(requests.show), name="data-request"),
    path("requests/<uuid:number>/package/", closed(requests.hand_over), name="data-request-package"),
    re_path(
        rf"^requests/{NUMBER}/(?P<step>{'|'.join(requests.STEPS)})/$",
        closed(requests.move),
        name="data-request-step",
    ),
]
