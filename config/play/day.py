"""A day at the branch: everybody logs in, the teams that may go out do, the others are told why not."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from django.utils.translation import gettext

from config.play.phone import Answer, Json, Log, Phone, Tell
from config.play.rounds import (
    Team,
    check_in_words,
    local_time,
    may_begin_now,
    next_lawful_moment,
    why_not,
)
from config.play.scenes import scene_for

FIELD_STAFF = ("FIELD_AGENT", "SECURITY_OFFICER")
LOOKS_AT_THE_CLOCK_EVERY = 30.0  # seconds
MARGIN = timedelta(seconds=2)  # between this machine's clock and the server's


@dataclass(frozen=True)
class Wishes:
    """How the day is to be played. Times in seconds."""

    seed: int = 1
    visits: int = 4
    pause: float = 2.0
    lasts: float = 1800.0
    notice_takes: float = 300.0
    waits: bool = True


@dataclass
class Day:
    base_url: str
    log_ins: Iterable[Mapping[str, str]]
    wishes: Wishes
    tell: Tell
    log: Log = field(default_factory=Log)
    _phones: dict[str, list[Phone]] = field(default_factory=lambda: defaultdict(list))
    _visits: dict[str, list[Json]] = field(default_factory=dict)  # by branch, as last seen

    def play(self) -> None:
        """Raises NotLoggedIn and NobodyAnswers."""
        try:
            self._log_everybody_in()
            teams = self._await_teams()
            if teams:
                self._go_out(teams)
        finally:
            for phones in self._phones.values():
                for phone in phones:
                    phone.close()

    def _log_everybody_in(self) -> None:
        for person in self.log_ins:
            if person["role"] in FIELD_STAFF:
                phone = Phone(self.base_url, person["username"], person["password"], self.log, self.tell)
                self._phones[person["branch"]].append(phone)
                phone.log_in()
        count = sum(map(len, self._phones.values()))
        self.tell(gettext("%(count)d members of the field staff have logged in.") % {"count": count})

    def _await_teams(self) -> list[Team]:
        """The teams of the branches at which a visit may begin now; waits for the hour when there are none."""
        shown = False
        while True:
            teams = self._look_around(show_refusals=not shown)
            shown = True
            if teams or not self._wait_for_the_hour():
                return teams

    def _look_around(self, *, show_refusals: bool) -> list[Team]:
        out = []
        for branch, phones in self._phones.items():
            of_team = self._teams_of(phones)
            self._visits[branch] = [visit for _phone, visits in of_team.values() for visit in visits]
            if any(map(may_begin_now, self._visits[branch])):
                out += [self._team(name, phone) for name, (phone, _visits) in sorted(of_team.items())]
            elif show_refusals:
                self._try_in_vain(branch, of_team)
        return out

    def _teams_of(self, phones: list[Phone]) -> dict[str, tuple[Phone, list[Json]]]:
        """The first telephone of each team that has visits today, and these visits."""
        of_team: dict[str, tuple[Phone, list[Json]]] = {}
        for phone in phones:
            if visits := phone.today():
                of_team.setdefault(visits[0]["team"]["name"], (phone, visits))
        return of_team

    def _team(self, name: str, phone: Phone) -> Team:
        return Team(name, phone, Random(f"{self.wishes.seed} {name}"), self.wishes.pause)

    def _try_in_vain(self, branch: str, of_team: dict[str, tuple[Phone, list[Json]]]) -> None:
        """At a branch where it is night somebody tries nevertheless, and is told why not and when."""
        left = [
            (phone, visit)
            for phone, visits in of_team.values()
            for visit in visits
            if visit["status"] in ("PLANNED", "NOTIFIED")
        ]
        if not left:
            self.tell(gettext("%(branch)s: no visits today.") % {"branch": branch})
            return
        phone, visit = left[0]
        answer = phone.report(visit["id"], "check-in", check_in_words(visit, Random(self.wishes.seed)))
        if answer.refused:
            self.log.count("refused")
        here = {"branch": branch, "at": local_time(datetime.now(UTC), visit)}
        self.tell(gettext("%(branch)s, %(at)s: somebody tries to begin a visit.") % here)
        for line in self._reasons(answer, visit):
            self.tell(f"    {line}")

    def _reasons(self, answer: Answer, visit: Json) -> list[str]:
        if not answer.refused:
            return [why_not(answer)]
        lines = [f"{reason['title']}: {reason['sentence']}" for reason in answer.said["reasons"]]
        next_at = answer.said["next_allowed_at"]
        if next_at:
            lines.append(gettext("Allowed again from %(at)s.") % {"at": local_time(next_at, visit)})
        return lines

    def _wait_for_the_hour(self) -> bool:
        """Sleep until a branch opens. False when there is nothing to wait for, or nobody wants to."""
        visits = [visit for seen in self._visits.values() for visit in seen]
        opens = next_lawful_moment(visits)
        if opens is None:
            self.tell(gettext("No visit is left for today at any branch."))
            return False
        at = {"at": local_time(opens, visits[0])}
        self.tell(gettext("At no branch may a visit begin now. It goes on at %(at)s.") % at)
        if not self.wishes.waits:
            return False
        while datetime.now(UTC) < opens + MARGIN:
            time.sleep(LOOKS_AT_THE_CLOCK_EVERY)
        return True

    def _go_out(self, teams: list[Team]) -> None:
        """Each team in its own thread, as in life. What it meets does not depend on who is quicker."""
        until = time.monotonic() + self.wishes.lasts
        with ThreadPoolExecutor(max_workers=len(teams), thread_name_prefix="team") as street:
            rounds = [
                street.submit(
                    team.go_round,
                    [
                        scene_for(slot=number * len(teams) + place, seed=self.wishes.seed, team=team.name)
                        for number in range(self.wishes.visits)
                    ],
                    until=until,
                    notice_takes=self.wishes.notice_takes,
                )
                for place, team in enumerate(teams)
            ]
        for one in rounds:
            one.result()
