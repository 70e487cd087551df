"""The routes of the agents' phones, mounted by `config.api`."""

from django.urls import path

from visits.api.login import CurrentDeviceView, DevicesView
from visits.api.reports import (
    AbortView,
    CheckInView,
    CheckOutView,
    ConfirmIdentityView,
    ConsentsView,
    RecordView,
)
from visits.api.views import TodayView, UnreportedView, VisitView

urlpatterns = [
    path("devices/", DevicesView.as_view(), name="devices"),
    path("devices/current/", CurrentDeviceView.as_view(), name="device"),
    path("visits/today/", TodayView.as_view(), name="today"),
    path("visits/unreported/", UnreportedView.as_view(), name="unreported"),
    path("visits/<uuid:pk>/", VisitView.as_view(), name="visit"),
    path("visits/<uuid:pk>/check-in/", CheckInView.as_view(), name="check-in"),
    path("visits/<uuid:pk>/confirm-identity/", ConfirmIdentityView.as_view(), name="confirm-identity"),
    path("visits/<uuid:pk>/consents/", ConsentsView.as_view(), name="consents"),
    path("visits/<uuid:pk>/record/", RecordView.as_view(), name="record"),
    path("visits/<uuid:pk>/check-out/", CheckOutView.as_view(), name="check-out"),
    path("visits/<uuid:pk>/abort/", AbortView.as_view(), name="abort"),
]
