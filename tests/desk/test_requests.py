"""The page of one request: who may see it, who may move it on, and the package that leaves through it."""

import hashlib

import pytest
from django.urls import reverse

from accounts.models.staff import Role
from compliance.data_requests.life import receive
from compliance.data_requests.terms import ReceivedThrough, RequestKind
from compliance.models import Correction, DataRequest, Export
from tests.desk import scenes
from tests.followups.factories import system
from tests.visits import factories as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def officer(browser_of):
    return browser_of(Role.COMPLIANCE_OFFICER)


@pytest.fixture
def request_of(baotou):
    def make(kind=RequestKind.ACCESS, now=scenes.NOW):
        case = visits.case_to_visit(now=scenes.NOW, branch=baotou)
        return receive(
            customer=case.customer, kind=kind, through=ReceivedThrough.COUNTER, by=system(), now=now
        )

    return make


def page(asked):
    return reverse("data-request", args=[asked.pk])


def step(client, asked, name, **said):
    return client.post(reverse("data-request-step", args=[asked.pk, name]), said, follow=True)


def test_access_from_the_counter_to_the_answer(officer, request_of):
    asked = request_of()

    step(officer, asked, "identity", how="DOCUMENT")
    step(officer, asked, "decide", decision="GRANTED", reason="")
    file = officer.post(reverse("data-request-package", args=[asked.pk]), {"purpose": "at the counter"})
    data = file.getvalue()
    step(officer, asked, "complete", answer="handed over at the counter")

    row = DataRequest.objects.get()
    assert (row.status, row.handler, row.done_by) == ("DONE", officer.user, officer.user)
    assert Export.objects.get().sha256 == hashlib.sha256(data).hexdigest() == file["X-Content-SHA256"]
    assert "no-store" in file["Cache-Control"]
    assert "handed over at the counter" in officer.get(page(asked)).content.decode()


def test_what_is_in_the_way_is_said(officer, request_of):
    asked = request_of(RequestKind.DELETION)
    step(officer, asked, "identity", how="DOCUMENT")

    answer = step(officer, asked, "decide", decision="GRANTED", reason="")

    assert (
        answer.content.decode().count("A case is open.") == 2
    )  # the refusal, and the reason beside the form
    assert DataRequest.objects.get().status == "IDENTITY_CHECKED"


def test_a_correction_names_one_field(officer, request_of):
    asked = request_of(RequestKind.CORRECTION)
    step(officer, asked, "identity", how="DOCUMENT")
    step(officer, asked, "decide", decision="GRANTED", reason="")

    step(officer, asked, "correct", noted="ANIMAL:NONE", field="NAME", new="x")
    assert not Correction.objects.exists()
    step(officer, asked, "correct", noted="ANIMAL:NONE", field="", new="")
    step(officer, asked, "correct", noted="", field="PHONE", new="+8613900001234")

    assert list(Correction.objects.order_by("pk").values_list("outcome", flat=True)) == [
        "APPLIED",
        "FORWARDED",
    ]
    assert "13900001234" not in officer.get(page(asked)).content.decode()


def test_an_overdue_one_is_marked(officer, request_of):
    asked = request_of(now=scenes.NOW - 40 * scenes.DAY)

    assert "overdue" in officer.get(page(asked)).content.decode()
    assert "overdue" in officer.get("/admin/privacy/").content.decode()


@pytest.mark.parametrize(
    ("role", "sees", "moves"),
    [(Role.COMPLIANCE_OFFICER, 200, 302), (Role.AUDITOR, 200, 403), (Role.SUPERVISOR, 200, 403)],
)
def test_who_may_see_and_who_may_move(browser_of, baotou, request_of, role, sees, moves):
    asked = request_of()
    client = browser_of(role, **({"branch": baotou} if role == Role.SUPERVISOR else {}))

    assert client.get(page(asked)).status_code == sees
    moved = client.post(reverse("data-request-step", args=[asked.pk, "identity"]), {"how": "DOCUMENT"})
    assert moved.status_code == moves
    package = client.post(reverse("data-request-package", args=[asked.pk]), {"purpose": "x"})
    assert package.status_code == moves
    assert not Export.objects.exists()


def test_not_of_another_branch(browser_of, new_york, request_of):
    asked = request_of()
    stranger = browser_of(Role.SUPERVISOR, branch=new_york)

    assert stranger.get(page(asked)).status_code == 404


@pytest.mark.parametrize("name", ["data-request-step", "data-request-package"])
def test_moving_is_a_post(officer, request_of, name):
    asked = request_of()
    arguments = [asked.pk, "identity"] if name.endswith("step") else [asked.pk]

    assert officer.get(reverse(name, args=arguments)).status_code == 405


def test_the_home_page_is_a_constant_number_of_queries(officer, request_of, django_assert_max_num_queries):
    for _ in range(8):
        request_of()

    with django_assert_max_num_queries(14):
        assert officer.get("/admin/privacy/").status_code == 200


def test_the_retention_page_counts_on_demand_only(officer, browser_of, baotou):
    address = reverse("retention")

    assert ">would go now<" not in officer.get(address).content.decode()
    assert ">would go now<" in officer.post(address).content.decode()
    assert browser_of(Role.AUDITOR).get(address).status_code == 200
    assert browser_of(Role.SUPERVISOR, branch=baotou).get(address).status_code == 403
