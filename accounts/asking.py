"""Who is asking: the member of staff behind a request of the admin or the API."""

from django.http import HttpRequest

from accounts.models import User


class NobodyAsks(Exception):
    """The request carries no member of staff; its view forgot to require one."""


def asking(request: HttpRequest) -> User:
    """The signed-in member of staff. Raises NobodyAsks for an anonymous request."""
    if isinstance(request.user, User):
        return request.user
    raise NobodyAsks(request.path)
