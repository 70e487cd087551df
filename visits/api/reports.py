"""The reports from the door. Each may be sent again and again under its reference; the first one counts."""

from typing import Any, TypeVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.asking import asking
from visits import life
from visits.api.answers import PlacedReceiptOutput, ProblemOutput, ReceiptOutput
from visits.api.clock import DEVICE_TIME, device_time
from visits.api.inputs import (
    AbortInput,
    CheckInInput,
    ConsentInput,
    IdentityInput,
    PlacedReportInput,
    RecordInput,
    ReportInput,
)
from visits.api.views import local_times, own
from visits.devices import IsFieldStaff, phone_of
from visits.life import Sent
from visits.models import Visit

PROBLEMS: dict[int, Any] = {
    400: ProblemOutput,
    401: ProblemOutput,
    403: ProblemOutput,
    404: ProblemOutput,
    409: ProblemOutput,
}

Form = TypeVar("Form", bound=ReportInput)


def read(form: type[Form], request: Request) -> Form:
    said = form(data=request.data)
    said.is_valid(raise_exception=True)
    return said


class ReportView(APIView):
    """Base of the reports from the door: read the form, find the own visit, one use case, a receipt."""

    permission_classes = [IsFieldStaff]

    def sent(self, request: Request, form: ReportInput) -> Sent:
        return form.sent(phone_of(request), device_at=device_time(request))

    def visit_of(self, request: Request, pk: UUID) -> Visit:
        visit: Visit = get_object_or_404(own(asking(request)), pk=pk)
        return visit

    def receipt(self, request: Request, receipt: serializers.BaseSerializer[Any]) -> Response:
        with local_times(asking(request)):
            return Response(receipt.data, status=status.HTTP_201_CREATED)


class CheckInView(ReportView):
    @extend_schema(
        operation_id="visits_check_in",
        parameters=[DEVICE_TIME],
        request=CheckInInput,
        responses={201: PlacedReceiptOutput, **PROBLEMS},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """We stand at the door. 403 `refused`: the compliance gate said no, with reasons; 409: not now, turn back."""
        visit = self.visit_of(request, pk)
        form = read(CheckInInput, request)
        arrived = life.check_in(
            visit,
            sent=self.sent(request, form),
            fix=form.fix(),
            present=form.validated_data["present"],
            by=asking(request),
            now=timezone.now(),
        )
        return self.receipt(request, PlacedReceiptOutput(arrived))


class ConfirmIdentityView(ReportView):
    @extend_schema(
        operation_id="visits_confirm_identity",
        parameters=[DEVICE_TIME],
        request=IdentityInput,
        responses={201: ReceiptOutput, **PROBLEMS},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """We made sure whom we speak to. Then fetch the visit anew: it shows what may be talked of."""
        visit = self.visit_of(request, pk)
        form = read(IdentityInput, request)
        confirmed = life.confirm_identity(
            visit, sent=self.sent(request, form), by=asking(request), now=timezone.now(), **form.told()
        )
        return self.receipt(request, ReceiptOutput(confirmed))


class ConsentsView(ReportView):
    @extend_schema(
        operation_id="visits_consents",
        parameters=[DEVICE_TIME],
        request=ConsentInput,
        responses={201: ReceiptOutput, **PROBLEMS},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Somebody at the door let us in or did not, let us record or did not; or we announced the recording."""
        visit = self.visit_of(request, pk)
        form = read(ConsentInput, request)
        consent = life.note_consent(
            visit, sent=self.sent(request, form), by=asking(request), now=timezone.now(), **form.told()
        )
        return self.receipt(request, ReceiptOutput(consent))


class RecordView(ReportView):
    @extend_schema(
        operation_id="visits_record",
        parameters=[DEVICE_TIME],
        request=RecordInput,
        responses={201: ReceiptOutput, **PROBLEMS},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """What we found; before the check-out or up to 24 hours after the end. May be sent late.

        409: of a talk about the debt before whoever owes was confirmed; of a home entered without a consent.
        """
        visit = self.visit_of(request, pk)
        form = read(RecordInput, request)
        found = life.record(
            visit, sent=self.sent(request, form), by=asking(request), now=timezone.now(), **form.found()
        )
        return self.receipt(request, ReceiptOutput(found))


class CheckOutView(ReportView):
    @extend_schema(
        operation_id="visits_check_out",
        parameters=[DEVICE_TIME],
        request=PlacedReportInput,
        responses={201: PlacedReceiptOutput, **PROBLEMS},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """We have left. The record may follow within 24 hours. May be sent late, also after 21:00."""
        visit = self.visit_of(request, pk)
        form = read(PlacedReportInput, request)
        left = life.check_out(
            visit, sent=self.sent(request, form), fix=form.fix(), by=asking(request), now=timezone.now()
        )
        return self.receipt(request, PlacedReceiptOutput(left))


class AbortView(ReportView):
    @extend_schema(
        operation_id="visits_abort",
        parameters=[DEVICE_TIME],
        request=AbortInput,
        responses={201: ReceiptOutput, **PROBLEMS},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """We broke off. Nobody is blamed for it. May be sent late."""
        visit = self.visit_of(request, pk)
        form = read(AbortInput, request)
        incident = life.abort(
            visit, sent=self.sent(request, form), by=asking(request), now=timezone.now(), **form.told()
        )
        return self.receipt(request, ReceiptOutput(incident))
