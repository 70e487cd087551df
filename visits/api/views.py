"""The agents' own visits. Another team's visit is not forbidden, it is not there (404)."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.asking import asking
from accounts.models import User
from visits.api.answers import ProblemOutput
from visits.api.clock import DEVICE_TIME
from visits.api.outputs import VisitOutput
from visits.devices import IsFieldStaff
from visits.models import Visit
from visits.models.visits import VisitQuerySet

MOST_UNREPORTED = 50


def own(user: User) -> VisitQuerySet:
    visits: VisitQuerySet = Visit.objects.visible_to(user)
    return visits


def local_times(user: User) -> timezone.override:
    """Times are written with the offset of the user's branch."""
    return timezone.override(user.branch.time_zone if user.branch else None)


class TodayView(APIView):
    permission_classes = [IsFieldStaff]

    @extend_schema(
        operation_id="visits_today",
        parameters=[DEVICE_TIME],
        responses={200: VisitOutput(many=True), 401: ProblemOutput},
    )
    def get(self, request: Request) -> Response:
        """My team's visits of my branch's local today, in the order they are to be made."""
        user, now = asking(request), timezone.now()
        today = now.astimezone(ZoneInfo(user.branch.time_zone)).date() if user.branch else None
        visits = own(user).of_day(today).whole().order_by("planned_start", "pk") if today else ()
        with local_times(user):
            return Response(VisitOutput(visits, many=True, context={"now": now}).data)


class UnreportedView(APIView):
    permission_classes = [IsFieldStaff]

    @extend_schema(
        operation_id="visits_unreported",
        parameters=[DEVICE_TIME],
        responses={200: VisitOutput(many=True), 401: ProblemOutput},
    )
    def get(self, request: Request) -> Response:
        """My teams' visits of whatever day that have ended without a record, the oldest first. See `record_due_by`:
        after it nobody who was there begins another visit.
        """
        user, now = asking(request), timezone.now()
        visits = own(user).unreported().whole().order_by("ended_at", "pk")[:MOST_UNREPORTED]
        with local_times(user):
            return Response(VisitOutput(visits, many=True, context={"now": now}).data)


class VisitView(APIView):
    permission_classes = [IsFieldStaff]

    @extend_schema(
        operation_id="visits_one",
        parameters=[DEVICE_TIME],
        responses={200: VisitOutput, 401: ProblemOutput, 404: ProblemOutput},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """One visit of my team, of whatever day."""
        user, now = asking(request), timezone.now()
        with local_times(user):
            visit = get_object_or_404(own(user).whole(), pk=pk)
            return Response(VisitOutput(visit, context={"now": now}).data)
