"""Promises to pay, recorded by the agents on their own visits. Mounted by `config.api`."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.asking import asking
from followups.models import Promise
from followups.promises import BadPromise, promise
from visits.api.answers import ProblemOutput
from visits.devices import IsFieldStaff
from visits.identity import ensure_may_talk_of_the_debt
from visits.models import Visit

PROBLEMS: dict[int, Any] = {401: ProblemOutput, 403: ProblemOutput, 404: ProblemOutput, 409: ProblemOutput}


class PromiseInput(serializers.Serializer[Any]):
    """`reference` is a UUID the phone makes once for a promise and keeps for every retry."""

    reference = serializers.UUIDField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    due_on = serializers.DateField()


class PromiseOutput(serializers.ModelSerializer[Promise]):
    visit = serializers.UUIDField(source="visit_id")
    recorded_at = serializers.DateTimeField(source="made_at")

    class Meta:
        model = Promise
        fields = [
            "id",
            "reference",
            "visit",
            "amount",
            "currency",
            "due_on",
            "grace_days",
            "status",
            "paid_amount",
            "recorded_at",
        ]


class PromisesView(APIView):
    permission_classes = [IsFieldStaff]

    def visit_of(self, request: Request, pk: UUID) -> Visit:
        visits = Visit.objects.visible_to(asking(request)).select_related("case")
        visit: Visit = get_object_or_404(visits, pk=pk)
        return visit

    @extend_schema(operation_id="promises_of_visit", responses={200: PromiseOutput(many=True), **PROBLEMS})
    def get(self, request: Request, pk: UUID) -> Response:
        """What was promised on this visit, in the order it was recorded. 409 while others are present or were met."""
        visit = self.visit_of(request, pk)
        promises = list(visit.promises.order_by("made_at", "pk"))
        if promises:
            ensure_may_talk_of_the_debt(visit)
        return Response(PromiseOutput(promises, many=True).data)

    @extend_schema(
        operation_id="promises_record",
        request=PromiseInput,
        responses={201: PromiseOutput, 400: ProblemOutput, **PROBLEMS},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """The customer promises to pay. Sent again, it gives the same promise."""
        visit = self.visit_of(request, pk)
        form = PromiseInput(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            made = promise(
                case=visit.case, visit=visit, by=asking(request), now=timezone.now(), **form.validated_data
            )
        except BadPromise as bad:
            raise serializers.ValidationError({bad.field: [str(bad)]}) from bad
        return Response(PromiseOutput(made).data, status=status.HTTP_201_CREATED)


urlpatterns = [path("visits/<uuid:pk>/promises/", PromisesView.as_view(), name="promises")]
