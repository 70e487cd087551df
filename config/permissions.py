from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class Nobody(BasePermission):
    """The default of the API: a view that forgets to say who may use it serves nobody."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False
