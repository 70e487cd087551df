"""A team's round: from door to door, and what is told of each."""

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from config.play.phone import Answer, Json, Phone
from config.play.scenes import Promised, Scene

ABOUT_FIFTEEN_METRES = 0.00014  # degrees
PARKED_FARTHER_OFF = 0.0009
LOOKS_AGAIN_AFTER = 3.0  # seconds
OWES = ("DEBTOR", "GUARANTOR")
CENT, ROUND, AT_ONCE = Decimal("0.01"), Decimal(100), Decimal(20_000)


@dataclass
class Team:
    """The people who are out together; one of them carries the telephone that reports."""

    name: str
    phone: Phone
    dice: Random
    pause: float
    been_to: set[str] = field(default_factory=set)

    def go_round(self, scenes: list[Scene], *, until: float, notice_takes: float) -> None:
        """One door for each scene, until `until` (of the monotonic clock) or until nothing is left to visit."""
        for scene in scenes:
            visit = self._next_door(until=min(until, time.monotonic() + notice_takes))
            if visit is None:
                self.tell(gettext("nothing more to visit for now."))
                return
            self.been_to.add(visit["id"])
            self._knock(visit, scene)

    def tell(self, what: str) -> None:
        self.phone.tell(f"{self.name} · {what}")

    def _next_door(self, *, until: float) -> Json | None:
        """The next visit whose customer has been told of it. Waits for the notices while some are still to go out."""
        told = False
        while time.monotonic() < until:
            left = [one for one in self.phone.today() if one["id"] not in self.been_to and may_begin_now(one)]
            if ready := [one for one in left if one["status"] == "NOTIFIED"]:
                return ready[0]
            if not any(is_to_be_announced(one) for one in left):
                return None
            if not told:
                self.tell(gettext("waiting: the customers are told first, by the next tick."))
            told = True
            time.sleep(LOOKS_AGAIN_AFTER)
        return None

    def _knock(self, visit: Json, scene: Scene) -> None:
        if not self._check_in(visit, twice=scene.line_breaks):
            return
        self._announce_recording(visit)
        self._wait()
        if scene.breaks_off:
            self._break_off(visit, scene)
            self._record(visit, scene)
            return
        if scene.party in OWES:
            visit = self._confirm_identity(visit, scene)
        if scene.enters:
            self._enter(visit, scene)
        self._record(visit, scene)
        if scene.promised:
            self._promise(visit, scene.promised)
        self._wait()
        self._check_out(visit)
        self._wait()

    def _check_in(self, visit: Json, *, twice: bool) -> bool:
        answer = self.phone.report(visit["id"], "check-in", check_in_words(visit, self.dice), twice=twice)
        who = f"{visit['customer']['name']}, {visit['address']['text']}"
        if answer.taken:
            metres = {"who": who, "metres": answer.said["distance_metres"]}
            self.tell(gettext("at the door of %(who)s (%(metres)s m off).") % metres)
            if twice:
                self.tell(gettext("the line broke: sent again under the same reference, still one check-in."))
        else:
            self.tell(gettext("not at %(who)s: %(why)s") % {"who": who, "why": why_not(answer)})
        return answer.taken

    def _announce_recording(self, visit: Json) -> None:
        words = consent_words("RECORDING_OUTDOORS", "ANNOUNCED", party="DEBTOR")
        self._tell_of(
            self.phone.report(visit["id"], "consents", words), gettext("the recording is announced.")
        )

    def _confirm_identity(self, visit: Json, scene: Scene) -> Json:
        """The visit as it is shown afterwards: with what may be talked of."""
        words = {"party": scene.party, "factors": ["FULL_NAME", "IDENTITY_LAST_FOUR"]}
        answer = self.phone.report(visit["id"], "confirm-identity", words)
        self._tell_of(answer, gettext("made sure whom they speak to."))
        return self.phone.visit(visit["id"])

    def _enter(self, visit: Json, scene: Scene) -> None:
        answer = self.phone.report(
            visit["id"], "consents", consent_words("ENTRY", "GIVEN", party=scene.party)
        )
        self._tell_of(answer, gettext("asked in."))

    def _record(self, visit: Json, scene: Scene) -> None:
        words = {
            "party": scene.party,
            "address_state": scene.address_state,
            "result": scene.result,
            "hardship_reason": scene.hardship_reason,
            "notes": scene.notes,
            "entered_home": scene.enters,
        }
        answer = self.phone.report(visit["id"], "record", words)
        self._tell_of(answer, gettext("recorded: %(notes)s") % {"notes": scene.notes})

    def _promise(self, visit: Json, promised: Promised) -> None:
        amount = sum_promised(Decimal(visit["case"]["overdue_amount"]), promised.share)
        due_on = local_date(visit) + timedelta(days=promised.days)
        words = {"amount": str(amount), "due_on": due_on.isoformat()}
        answer = self.phone.report(visit["id"], "promises", words)
        said = {"amount": words["amount"], "currency": visit["case"]["currency"], "day": words["due_on"]}
        self._tell_of(answer, gettext("promised: %(amount)s %(currency)s until %(day)s.") % said)

    def _check_out(self, visit: Json) -> None:
        answer = self.phone.report(visit["id"], "check-out", {"place": place_near(visit, self.dice)})
        self._tell_of(answer, gettext("left."))

    def _break_off(self, visit: Json, scene: Scene) -> None:
        words = {"kind": scene.breaks_off, "danger": scene.danger, "account": scene.notes}
        answer = self.phone.report(visit["id"], "abort", words)
        self._tell_of(answer, gettext("broke off: %(notes)s") % {"notes": scene.notes})

    def _tell_of(self, answer: Answer, well: str) -> None:
        self.tell(well if answer.taken else gettext("not taken: %(why)s") % {"why": why_not(answer)})

    def _wait(self) -> None:
        time.sleep(self.pause * self.dice.uniform(0.6, 1.4))


def sum_promised(overdue: Decimal, share: float) -> Decimal:
    """All that is overdue, or a share of it in round figures; never more than people have at once."""
    wanted = min(overdue * Decimal(str(share)), AT_ONCE)
    if wanted < overdue and wanted >= ROUND:
        wanted = wanted // ROUND * ROUND
    return max(wanted.quantize(CENT), CENT)


def consent_words(kind: str, answer: str, *, party: str) -> dict[str, Json]:
    given_at = datetime.now(UTC).isoformat()
    name = gettext("at the door")
    return {
        "kind": kind,
        "answer": answer,
        "party": party,
        "name": name,
        "how": "SPOKEN",
        "given_at": given_at,
    }


def check_in_words(visit: Json, dice: Random) -> dict[str, Json]:
    present = [member["id"] for member in visit["team"]["members"]]
    return {"present": present, "place": place_near(visit, dice)}


def place_near(visit: Json, dice: Random) -> dict[str, Json]:
    """Mostly at the door, now and then where the car could be parked."""
    spread = ABOUT_FIFTEEN_METRES if dice.random() < 0.85 else PARKED_FARTHER_OFF
    address = visit["address"]
    return {
        "latitude": f"{float(address['latitude']) + dice.uniform(-spread, spread):.6f}",
        "longitude": f"{float(address['longitude']) + dice.uniform(-spread, spread):.6f}",
        "datum": address["datum"],
        "accuracy_metres": dice.randrange(4, 25),
    }


def may_begin_now(visit: Json) -> bool:
    now = datetime.now(UTC)
    return any(first <= now <= last for first, last in lawful_intervals(visit))


def is_to_be_announced(visit: Json) -> bool:
    """A visit whose hour has passed is not announced any more."""
    return visit["status"] == "PLANNED" and datetime.fromisoformat(visit["planned_start"]) > datetime.now(UTC)


def next_lawful_moment(visits: list[Json]) -> datetime | None:
    """The first moment from now on at which one of `visits` may begin on its day."""
    now = datetime.now(UTC)
    to_come = [first for visit in visits for first, _last in lawful_intervals(visit) if first > now]
    return min(to_come, default=None)


def lawful_intervals(visit: Json) -> list[tuple[datetime, datetime]]:
    return [
        (datetime.fromisoformat(one["first"]), datetime.fromisoformat(one["last"]))
        for one in visit["may_begin"]
    ]


def local_date(visit: Json) -> date:
    """The customer's date of the visit."""
    start = datetime.fromisoformat(visit["planned_start"])
    return start.astimezone(ZoneInfo(visit["customer"]["time_zones"][0])).date()


def local_time(at: str | datetime, visit: Json) -> str:
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    zone = visit["customer"]["time_zones"][0]
    return f"{instant.astimezone(ZoneInfo(zone)):%m-%d %H:%M} {zone}"


def why_not(answer: Answer) -> str:
    return str(answer.said.get("detail") or answer.status)
