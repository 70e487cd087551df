from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:  # rest_framework.views reads the settings, which name the class below
    from rest_framework.views import APIView


class Nobody(BasePermission):
    """The default of the API: a view that forgets to say who may use it serves nobody."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False
