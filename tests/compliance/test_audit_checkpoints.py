"""The signed checkpoints attacked, torn, lost and copied; the tick that writes them."""

import json
import os
import shutil
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured

from compliance.audit import verifying
from compliance.audit.checkpoint_file import NoDirectory
from compliance.audit.keys import public_key
from compliance.audit.signed_lines import parse, sign
from compliance.models import AuditEntry
from compliance.tasks import write_audit_checkpoints
from config.models import JobRun
from tests.compliance import audit_scenes as scenes
from tests.compliance.audit_scenes import HOUR, NOON, Scene, verified


@pytest.fixture
def scene(db, tmp_path):
    """With a second checkpoint an hour later: eight lines."""
    made = Scene(tmp_path)
    made.checkpoint(now=NOON + HOUR)
    return made


def bad_line(directory):
    report = verified(directory)
    bad = report.checkpoints.bad
    assert report.ok == (bad is None)
    assert not [it for it in report.chains.values() if it.bad]
    return (bad.number, str(bad.what)) if bad else None


def test_a_line_says_the_head_of_its_chain(scene):
    first, *_others, last = (json.loads(line) for line in scene.lines)

    assert first.keys() == {"at", "chain", "count", "hash", "number", "previous", "seq", "signature"}
    assert (first["chain"], first["seq"], first["count"]) == ("DECISIONS", 4, 4)
    assert first["at"] == "2026-11-23T04:00:00.000000+00:00"
    assert (last["chain"], last["number"], last["seq"]) == ("EVIDENCE", 8, 1)
    policy = json.loads(scene.lines[6])
    assert (policy["chain"], policy["seq"], policy["count"]) == ("POLICY", 8, 8)
    assert policy["hash"] == AuditEntry.objects.get(chain="POLICY", seq=8).hash


def test_the_file_is_for_its_owner_only(scene):
    assert scene.file.stat().st_mode & 0o777 == 0o600


def test_the_count_goes_on_from_the_checkpoint_before(scene, django_assert_max_num_queries):
    with django_assert_max_num_queries(4 * 3 + 3):
        scene.checkpoint(now=NOON + 2 * HOUR)

    assert [json.loads(line)["count"] for line in scene.lines[-4:]] == [4, 1, 8, 2]


def replaced(line, **changes):
    return json.dumps(json.loads(line) | changes, sort_keys=True, separators=(",", ":"))


def resigned(line):
    """Rightly formed and linked, and signed with a key of the attacker's own."""
    read = parse(line)
    return sign(read.seen, after=None, key=Ed25519PrivateKey.generate()).text


ATTACKS = {
    "one line removed": (lambda lines: lines[:2] + lines[3:], (3, "LINE_MISSING")),
    "the first removed": (lambda lines: lines[1:], (1, "LINE_MISSING")),
    "the last removed": (lambda lines: lines[:-1], (8, "LINE_MISSING")),
    "the last hour removed": (lambda lines: lines[:4], (8, "LINE_MISSING")),
    "all removed": (lambda lines: [], (4, "LINE_MISSING")),
    "two exchanged": (lambda lines: [lines[1], lines[0], *lines[2:]], (1, "LINE_MISSING")),
    "one doubled": (lambda lines: [lines[0], *lines], (2, "LINE_MISSING")),
    "a number changed": (lambda lines: [*lines[:6], replaced(lines[6], seq=7), lines[7]], (7, "FORGED")),
    "a hash changed": (
        lambda lines: [*lines[:6], replaced(lines[6], hash="a" * 64), lines[7]],
        (7, "FORGED"),
    ),
    "a time changed": (lambda lines: [replaced(lines[0], at="2026-01-01"), *lines[1:]], (1, "FORGED")),
    "a signature removed": (lambda lines: [replaced(lines[0], signature=""), *lines[1:]], (1, "FORGED")),
    "another's signature": (lambda lines: [resigned(lines[0]), *lines[1:]], (1, "FORGED")),
    "not JSON": (lambda lines: [*lines[:3], "x", *lines[4:]], (4, "LINE_UNREADABLE")),
    "another order": (lambda lines: [" " + lines[0], *lines[1:]], (1, "LINE_UNREADABLE")),
    "a list": (lambda lines: [*lines[:3], "[]", *lines[4:]], (4, "LINE_UNREADABLE")),
    "no numbers": (lambda lines: [replaced(lines[0], seq=None), *lines[1:]], (1, "LINE_UNREADABLE")),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_falsified_file_is_named_by_its_line(scene, attack):
    change, expected = ATTACKS[attack]

    scene.write(change(scene.lines))

    assert bad_line(scene.directory) == expected


def test_the_file_as_it_was_is_right(scene):
    scene.write(scene.lines)

    assert bad_line(scene.directory) is None


def test_a_file_thrown_away_is_missed_even_when_a_new_one_was_begun(scene):
    scene.file.unlink()
    for hours in (2, 3):
        scene.checkpoint(now=NOON + hours * HOUR)

    assert len(scene.lines) == 8
    assert bad_line(scene.directory) == (4, "LINE_MISSING")


def test_one_bad_line_does_not_blind_the_others(scene):
    """Line 7 saw POLICY 8: that stays known when somebody spoils a line before it."""
    scene.write(["x", *scene.lines[1:]])
    anchors = verifying._checkpoints(scene.directory)[0]

    assert [line.number for line in anchors] == [2, 3, 4, 5, 6, 7, 8]


def test_chain_and_file_cut_to_the_same_past_are_seen_with_a_copy_kept_elsewhere(committed_db, tmp_path):
    (tmp_path / "here").mkdir()
    scene = Scene(tmp_path / "here")
    early = scene.lines
    scene.checkpoint(now=NOON + HOUR)
    shutil.copytree(scene.directory, tmp_path / "elsewhere")

    for chain, seq in (("POLICY", 7), ("EVIDENCE", 2)):
        scenes.as_owner((f"DELETE FROM {scenes.TABLE} WHERE chain = %s AND seq >= %s", [chain, seq]))
    scene.write(early)

    assert verified(scene.directory).ok
    assert scenes.found(verified(tmp_path / "elsewhere")) == [("POLICY", 7, "TAIL_CUT")]


# What is no attack


def test_a_line_torn_by_a_power_cut_is_no_fault_and_makes_room(scene):
    with scene.file.open("a") as file:
        file.write(scene.lines[0][:50])
    assert bad_line(scene.directory) is None

    scene.checkpoint(now=NOON + 2 * HOUR)

    assert bad_line(scene.directory) is None
    assert len(scene.lines) == 12


def test_lines_written_while_a_verification_runs_are_no_fault(scene, monkeypatch):
    as_it_was = verifying._checkpoints(scene.directory)
    scene.checkpoint(now=NOON + 2 * HOUR)
    answers = iter([as_it_was])
    look = verifying._checkpoints
    monkeypatch.setattr(verifying, "_checkpoints", lambda directory: next(answers, None) or look(directory))

    assert bad_line(scene.directory) is None


def test_a_file_longer_than_its_tail_goes_on(scene, monkeypatch):
    monkeypatch.setattr("compliance.audit.checkpoint_file.TAIL", 2000)
    for hours in range(2, 6):
        scene.checkpoint(now=NOON + hours * HOUR)

    assert bad_line(scene.directory) is None
    assert len(scene.lines) == 24


def test_a_new_signing_key_needs_the_public_half_of_the_old_one(scene, settings):
    old = public_key()
    settings.AUDIT_SIGNING_KEY = "c" * 43
    assert bad_line(scene.directory) == (1, "FORGED")

    settings.AUDIT_PUBLIC_KEYS = [old]
    scene.checkpoint(now=NOON + 2 * HOUR)

    assert public_key() != old
    assert bad_line(scene.directory) is None


def test_a_signing_key_that_is_none_is_told(settings):
    settings.AUDIT_SIGNING_KEY = "short"

    with pytest.raises(ImproperlyConfigured, match="AUDIT_SIGNING_KEY"):
        public_key()


# The directory and the tick


def test_without_a_directory_nothing_is_written_and_the_sentence_helps(db, tmp_path):
    missing = tmp_path / "volume"

    with pytest.raises(NoDirectory, match="Create it"):
        scenes.write_checkpoints(directory=missing, by=scenes.User.objects.system(), now=NOON)

    assert not AuditEntry.objects.exists()
    assert bad_line(missing) == (0, "NO_DIRECTORY")


def test_the_tick_works_once_an_hour_and_tries_again_after_a_failure(db, settings, tmp_path, monkeypatch):
    settings.AUDIT_CHECKPOINTS = tmp_path / "volume"
    clock = [NOON]
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock[0])

    with pytest.raises(NoDirectory):
        write_audit_checkpoints.apply(throw=True)
    settings.AUDIT_CHECKPOINTS.mkdir()
    for minutes in (10, 20, 59, 60):
        clock[0] = NOON + timedelta(minutes=minutes)
        write_audit_checkpoints.apply(throw=True)

    assert len((settings.AUDIT_CHECKPOINTS / "checkpoints.jsonl").read_text().splitlines()) == 8
    assert JobRun.objects.filter(name="write audit checkpoints").count() == 2
    assert verified(settings.AUDIT_CHECKPOINTS).ok


@pytest.mark.parametrize(("hours", "late"), [(3, False), (3.01, True)])
def test_a_checkpoint_that_is_overdue_is_told_and_is_no_fault(scene, hours, late):
    report = verified(scene.directory, now=NOON + hours * HOUR)

    assert report.ok
    assert report.checkpoints.late == late


@pytest.mark.parametrize(("hours", "late"), [(2, False), (2.01, True)])
def test_a_ledger_without_any_checkpoint_is_late_after_two_hours(db, tmp_path, hours, late):
    scenes.policies(1)

    assert verified(tmp_path, now=NOON + hours * HOUR).checkpoints.late == late


def test_the_embedded_environment_keeps_checkpoints_beside_the_database():
    assert configured.AUDIT_CHECKPOINTS.is_dir()
    assert os.access(configured.AUDIT_CHECKPOINTS, os.W_OK)
    assert configured.AUDIT_CHECKPOINTS.name == "checkpoints"
