"""What a telephone does on a bad line."""

import json
from datetime import datetime

import httpx
import pytest

from config.play import phone as phones
from config.play.phone import Log, NobodyAnswers, NotLoggedIn, Phone

CREATED = {"visit": "v", "reference": "r"}


@pytest.fixture
def phone_to(monkeypatch):
    """`phone_to(answer)`: a phone whose requests are answered by `answer(request)`."""
    opened = []

    def make(answer, *, patience=5.0):
        phone = Phone("http://branch", "wang", "secret", Log(), tell=lambda line: None, patience=patience)
        phone._client.close()
        phone._client = httpx.Client(base_url="http://branch/api/v1", transport=httpx.MockTransport(answer))
        opened.append(phone)
        return phone

    monkeypatch.setattr(phones, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(phones, "LONGEST_PAUSE", 0.002)
    yield make
    for phone in opened:
        phone.close()


def after_troubles(*troubles):
    """Answers with each trouble in turn, then takes the report. Keeps what it was sent."""
    left, sent = list(troubles), []

    def answer(request):
        sent.append(json.loads(request.content))
        if not left:
            return httpx.Response(201, json=CREATED)
        trouble = left.pop(0)
        if isinstance(trouble, int):
            return httpx.Response(trouble, text="<h1>Server Error</h1>")
        raise trouble

    answer.sent = sent
    return answer


@pytest.mark.parametrize(
    "trouble", [httpx.ConnectError("refused"), httpx.ReadTimeout("lost"), 500, 502, 503], ids=repr
)
def test_what_was_not_acknowledged_is_sent_again_word_for_word(phone_to, trouble):
    answer = after_troubles(trouble, trouble)
    phone = phone_to(answer)

    said = phone.report("v", "record", {"notes": "门锁着"})

    assert said.taken
    assert len(answer.sent) == 3
    assert answer.sent[0] == answer.sent[1] == answer.sent[2]
    assert phone.log.counts["retried"] == 2
    assert [(deed.kind, deed.visit, deed.reference) for deed in phone.log.deeds] == [
        ("record", "v", answer.sent[0]["reference"])
    ]


def test_every_try_tells_the_phones_clock_anew(phone_to):
    times = []

    def answer(request):
        times.append(datetime.fromisoformat(request.headers["Device-Time"]))
        return httpx.Response(503 if len(times) < 3 else 201, json=CREATED)

    phone_to(answer).report("v", "check-in", {})

    assert len(set(times)) == 3
    assert all(time.utcoffset() is not None for time in times)


def test_every_report_has_a_reference_of_its_own(phone_to):
    answer = after_troubles()
    phone = phone_to(answer)

    phone.report("v", "record", {})
    phone.report("v", "check-out", {})

    assert answer.sent[0]["reference"] != answer.sent[1]["reference"]


def test_an_answer_that_says_no_is_not_asked_again_and_no_deed(phone_to):
    asked = []

    def refuse(request):
        asked.append(request)
        return httpx.Response(403, json={"type": "refused", "detail": "night"})

    phone = phone_to(refuse)

    said = phone.report("v", "check-in", {})

    assert said.refused
    assert not said.taken
    assert len(asked) == 1
    assert phone.log.deeds == []


def test_a_report_sent_twice_is_one_deed(phone_to):
    answer = after_troubles()
    phone = phone_to(answer)

    phone.report("v", "check-in", {}, twice=True)

    assert answer.sent[0] == answer.sent[1]
    assert len(phone.log.deeds) == 1
    assert phone.log.counts["repeated"] == 1


def test_patience_has_an_end(phone_to):
    phone = phone_to(after_troubles(*[503] * 10_000), patience=0.05)

    with pytest.raises(NobodyAnswers):
        phone.report("v", "record", {})


def test_a_wrong_password_is_told(phone_to):
    phone = phone_to(lambda request: httpx.Response(401, json={"detail": "wrong"}))

    with pytest.raises(NotLoggedIn, match="wang: wrong"):
        phone.log_in()


def test_the_password_is_not_shown():
    phone = Phone("http://branch", "wang", "secret", Log(), tell=print)

    assert "secret" not in repr(phone)
    phone.close()
