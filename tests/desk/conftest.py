import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.models.staff import Role
from accounts.roles import apply_role, make_role_groups
from tests.accounts.factories import BranchFactory, UserFactory
from tests.desk.scenes import NOW


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def clock(monkeypatch):
    """It is half past ten in Baotou, for whoever reads the clock."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def baotou(db):
    return BranchFactory(code="BT", name="Baotou")


@pytest.fixture
def new_york(db):
    return BranchFactory(
        code="NY", name="New York", time_zone="America/New_York", latitude="40.715100", longitude="-73.997300"
    )


@pytest.fixture
def browser_of(db):
    """`browser_of(Role.SUPERVISOR, branch=…)`: the signed-in browser of somebody new, in English."""
    make_role_groups()

    def sign_in(role, **staff):
        user = UserFactory(role=role, **staff)
        apply_role(user)
        client = Client()
        client.force_login(user)
        client.cookies["django_language"] = "en"
        client.user = user
        return client

    return sign_in


@pytest.fixture
def supervisor(browser_of, baotou):
    return browser_of(Role.SUPERVISOR, branch=baotou)


@pytest.fixture
def auditor(browser_of):
    return browser_of(Role.AUDITOR)
