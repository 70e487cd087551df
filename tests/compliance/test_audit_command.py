"""`verify_audit` and `audit_key`, the admin's page of the ledger, and who may read it."""

import base64
import json
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.models.staff import Role
from accounts.roles import apply_role, make_role_groups
from compliance.audit.signed_lines import parse
from compliance.management.commands import verify_audit
from compliance.models import AuditEntry
from tests.accounts.factories import UserFactory
from tests.compliance import audit_scenes as scenes
from tests.compliance.audit_scenes import NOON, Scene


@pytest.fixture
def scene(db, tmp_path, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    return Scene(tmp_path)


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def run(*arguments):
    """What the command says on both streams, and its exit code."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return out.getvalue(), err.getvalue(), end.code
    return out.getvalue(), err.getvalue(), 0


def test_an_intact_ledger_is_told_in_json(scene):
    said, aside, code = run("--json", "--checkpoints", str(scene.directory))

    report = json.loads(said)
    assert (code, aside) == (0, "")
    assert (report["ok"], report["entries"], report["first_bad"]) == (True, 14, None)
    assert list(report["chains"]) == ["DECISIONS", "PEOPLE", "POLICY", "EVIDENCE"]
    last = AuditEntry.objects.get(chain="POLICY", seq=8)
    assert report["chains"]["POLICY"] == {"entries": 8, "seq": 8, "hash": last.hash, "bad": None}
    assert report["checkpoints"] == {
        "directory": str(scene.directory),
        "lines": 4,
        "newest_at": "2026-11-23T04:00:00.000000+00:00",
        "late": False,
        "bad": None,
    }


def test_a_bad_ledger_ends_with_code_one_and_names_the_entry(scene, english):
    scenes.cleared(scene.officer)

    said, _aside, code = run("--json", "--checkpoints", str(scene.directory))

    report = json.loads(said)
    assert (report["ok"], code) == (False, 1)
    assert report["first_bad"]["chain"] == "DECISIONS"
    assert report["first_bad"]["what"] == "ROW_WITHOUT_ENTRY"
    assert "slipped in" in report["first_bad"]["says"]


def test_bad_checkpoints_are_the_first_bad_when_the_chains_are_right(scene):
    scene.write([*scene.lines[:2], scene.lines[2].replace('"seq":6', '"seq":5'), scene.lines[3]])

    said, _aside, code = run("--json", "--checkpoints", str(scene.directory))

    bad = json.loads(said)["first_bad"]
    assert code == 1
    assert (bad["line"], bad["what"], bad["chain"], bad["seq"]) == (3, "FORGED", "POLICY", 5)


def test_people_read_it_in_words(scene, english, settings):
    settings.AUDIT_CHECKPOINTS = scene.directory
    right, _aside, _code = run()
    scene.write(scene.lines[:-1])
    wrong, _aside, code = run()

    assert "POLICY (rules, overrides, sources, templates): 8 entries. ✓" in right
    assert "The audit ledger is intact." in right
    assert "✗ Line 4 is missing or was replaced." in wrong
    assert "NOT intact" in wrong
    assert code == 1


def test_a_late_checkpoint_is_told(scene, english, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + 3 * scenes.HOUR)

    said, _aside, code = run("--checkpoints", str(scene.directory))

    assert "There should be a newer one" in said
    assert code == 0


def test_a_missing_directory_is_told(scene, english, tmp_path):
    said, _aside, code = run("--checkpoints", str(tmp_path / "nowhere"))

    assert "does not exist" in said
    assert code == 1


def test_long_chains_tell_how_far_they_are(scene, monkeypatch):
    monkeypatch.setattr(verify_audit, "TELL_EVERY", 4)

    _said, aside, _code = run("--json", "--checkpoints", str(scene.directory))

    assert "POLICY 8 / 8" in aside


def test_the_public_key_verifies_the_checkpoints(scene):
    out = StringIO()
    call_command("audit_key", stdout=out)

    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(out.getvalue().strip()))
    assert all(parse(line).is_signed_with([key]) for line in scene.lines)


# Who reads it


def browser(role):
    make_role_groups()
    user = UserFactory(role=role)
    apply_role(user)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.COMPLIANCE_OFFICER, 200), (Role.AUDITOR, 200), (Role.ADMINISTRATOR, 200), (Role.SUPERVISOR, 403)],
)
def test_who_watches_reads_it_and_who_is_watched_does_not(scene, role, status):
    listed = reverse("admin:compliance_auditentry_changelist")
    page = reverse("admin:compliance_auditentry_change", args=[AuditEntry.objects.first().pk])

    reader = browser(role)

    assert reader.get(listed).status_code == status
    assert reader.get(page).status_code == status
    in_the_list_of_records = listed in reader.get("/admin/records/").content.decode()
    assert in_the_list_of_records == (status == 200)


def test_a_supervisor_keeps_every_other_page_of_compliance(db):
    make_role_groups()
    user = UserFactory(role=Role.SUPERVISOR)
    apply_role(user)
    user = User.objects.get(pk=user.pk)

    assert user.has_perm("compliance.view_clearance")
    assert not user.has_perm("compliance.view_auditentry")
    assert not AuditEntry.objects.visible_to(user).exists()


def test_entries_are_found_by_chain_kind_day_and_subject(scene):
    reader = browser(Role.AUDITOR)
    listed = reverse("admin:compliance_auditentry_changelist")

    def found(**query):
        answer = reader.get(listed, query)
        assert answer.status_code == 200
        return answer.context["cl"].result_count

    assert found() == 14
    assert found(chain="POLICY") == 8
    assert found(kind="DISCLOSURE") == 1
    assert found(q="compliance.refusal:") == 2
    assert found(at__year="2025") == 0


def test_the_page_shows_what_was_hashed_and_changes_nothing(scene):
    entry = AuditEntry.objects.get(chain="POLICY", seq=3)
    page = reverse("admin:compliance_auditentry_change", args=[entry.pk])
    reader = browser(Role.ADMINISTRATOR)

    text = reader.get(page).content.decode()

    assert entry.hash in text
    assert "&quot;value&quot;: 3" in text
    assert reader.post(page, {"kind": "EXPORT"}).status_code == 403
    assert reader.post(reverse("admin:compliance_auditentry_add"), {}).status_code == 403


def test_a_list_of_many_takes_as_many_queries_as_a_list_of_one(scene, django_assert_max_num_queries):
    reader = browser(Role.AUDITOR)
    scenes.policies(*range(100, 160))

    with django_assert_max_num_queries(10):
        reader.get(reverse("admin:compliance_auditentry_changelist"))
