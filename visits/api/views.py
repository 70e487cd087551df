"""The agents' own visits. Another team's visit is not forbidden, it is not there (404)."""

from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.asking import asking
from accounts.models import User
from visits import life
from visits.api.inputs import AbortInput, CheckInInput, PlacedReportInput, RecordInput, ReportInput
from visits.api.outputs import PlacedReceiptOutput, ProblemOutput, ReceiptOutput, VisitOutput
from visits.devices import IsFieldStaff, phone_of
from visits.models import Visit
from visits.models.visits import VisitQuerySet

PROBLEMS: dict[int, Any] = {401: ProblemOutput, 403: ProblemOutput, 404: ProblemOutput, 409: ProblemOutput}


Form = TypeVar("Form", bound=ReportInput)


def own(user: User) -> VisitQuerySet:
    visits: VisitQuerySet = Visit.objects.visible_to(user)
    return visits


def local_times(user: User) -> timezone.override:
    """Times are written with the offset of the user's branch."""
    return timezone.override(user.branch.time_zone if user.branch else None)


def read(form: type[Form], request: Request) -> Form:
    said = form(data=request.data)
    said.is_valid(raise_exception=True)
    return said


class TodayView(APIView):
    permission_classes = [IsFieldStaff]

    @extend_schema(operation_id="visits_today", responses={200: VisitOutput(many=True), 401: ProblemOutput})
    def get(self, request: Request) -> Response:
        """My team's visits of my branch's local today, in the order they are to be made."""
        user = asking(request)
        today = timezone.now().astimezone(ZoneInfo(user.branch.time_zone)).date() if user.branch else None
        visits = own(user).of_day(today).whole().order_by("planned_start", "pk") if today else ()
        with local_times(user):
            return Response(VisitOutput(visits, many=True).data)


class VisitView(APIView):
    permission_classes = [IsFieldStaff]

    @extend_schema(
        operation_id="visits_one", responses={200: VisitOutput, 401: ProblemOutput, 404: ProblemOutput}
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """One visit of my team, of whatever day."""
        user = asking(request)
        with local_times(user):
            return Response(VisitOutput(get_object_or_404(own(user).whole(), pk=pk)).data)


class ReportView(APIView):
    """Base of the reports from the door: read the form, find the own visit, one use case, a receipt."""

    permission_classes = [IsFieldStaff]

    def visit_of(self, request: Request, pk: UUID) -> Visit:
        visit: Visit = get_object_or_404(own(asking(request)), pk=pk)
        return visit

    def receipt(self, request: Request, receipt: serializers.BaseSerializer[Any]) -> Response:
        with local_times(asking(request)):
            return Response(receipt.data, status=status.HTTP_201_CREATED)


class CheckInView(ReportView):
    @extend_schema(
        operation_id="visits_check_in", request=CheckInInput, responses={201: PlacedReceiptOutput, **PROBLEMS}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """We stand at the door. 403 `refused`: the compliance gate said no, with reasons; 409: not now, turn back."""
        visit = self.visit_of(request, pk)
        form = read(CheckInInput, request)
        arrived = life.check_in(
            visit,
            sent=form.sent(phone_of(request)),
            fix=form.fix(),
            present=form.validated_data["present"],
            by=asking(request),
            now=timezone.now(),
        )
        return self.receipt(request, PlacedReceiptOutput(arrived))


class RecordView(ReportView):
    @extend_schema(
        operation_id="visits_record", request=RecordInput, responses={201: ReceiptOutput, **PROBLEMS}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """What we found. May be sent late."""
        visit = self.visit_of(request, pk)
        form = read(RecordInput, request)
        found = life.record(
            visit, sent=form.sent(phone_of(request)), by=asking(request), now=timezone.now(), **form.found()
        )
        return self.receipt(request, ReceiptOutput(found))


class CheckOutView(ReportView):
    @extend_schema(
        operation_id="visits_check_out",
        request=PlacedReportInput,
        responses={201: PlacedReceiptOutput, **PROBLEMS},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """We have left. The record comes before. May be sent late."""
        visit = self.visit_of(request, pk)
        form = read(PlacedReportInput, request)
        left = life.check_out(
            visit, sent=form.sent(phone_of(request)), fix=form.fix(), by=asking(request), now=timezone.now()
        )
        return self.receipt(request, PlacedReceiptOutput(left))


class AbortView(ReportView):
    @extend_schema(
        operation_id="visits_abort", request=AbortInput, responses={201: ReceiptOutput, **PROBLEMS}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """We broke off. Nobody is blamed for it. May be sent late."""
        visit = self.visit_of(request, pk)
        form = read(AbortInput, request)
        incident = life.abort(
            visit, sent=form.sent(phone_of(request)), by=asking(request), now=timezone.now(), **form.told()
        )
        return self.receipt(request, ReceiptOutput(incident))
