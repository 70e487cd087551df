"""From teams and candidates to the routing problem of a day, and back from routes to instants."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Branch
from risk.models import SafetyBand
from visits.models import Team
from visits.planning.candidates import Candidate
from visits.planning.prize import costs_in
from visits.planning.problem import SECURITY_OFFICER, Crew, Problem, Stop, Window
from visits.planning.travel import Place, TravelTimes
from visits.planning.windows import DAYLIGHT, LAWFUL, Interval, lawful_starts

MOST_VISITS_A_DAY = 14
# More candidates than this for each place in the day cost time and change no plan.
POOL_PER_PLACE = 4


@dataclass(frozen=True)
class Day:
    """The working day of some teams: nobody leaves before `opens`, which lies ahead when the day has begun."""

    branch: Branch
    teams: tuple[Team, ...]
    opens: datetime
    closes: datetime

    @classmethod
    def of(cls, branch: Branch, teams: Sequence[Team], *, not_before: datetime) -> "Day":
        able = tuple(team for team in teams if team.ends_at > not_before)
        opens = max(min((team.starts_at for team in able), default=not_before), not_before)
        return cls(branch, able, opens, max((team.ends_at for team in able), default=opens))

    @property
    def places(self) -> int:
        return MOST_VISITS_A_DAY * len(self.teams)

    def seconds(self, instant: datetime) -> int:
        return int((instant - self.opens).total_seconds())

    def instant(self, seconds: int) -> datetime:
        return self.opens + timedelta(seconds=seconds)


@dataclass(frozen=True)
class Choice:
    """A candidate with the intervals in which the visit may begin on the day."""

    candidate: Candidate
    starts: tuple[Interval, ...]

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.candidate.service_minutes)

    @property
    def needs_officer(self) -> bool:
        return self.candidate.safety_band == SafetyBand.ESCORT


def choices_of(candidates: Sequence[Candidate], day: Day) -> tuple[list[Choice], Counter[str]]:
    """The best candidates that can be met on this day, as many as are worth routing; and how many fell out and why."""
    chosen: list[Choice] = []
    left_out: Counter[str] = Counter()
    officer_on_duty = any(team.has_security_officer for team in day.teams)
    for candidate in candidates:
        choice = Choice(candidate, starts_of(candidate, day))
        if not choice.starts:
            left_out["NO_LAWFUL_HOUR"] += 1
        elif choice.needs_officer and not officer_on_duty:
            left_out["NO_SECURITY_OFFICER"] += 1
        elif len(chosen) == POOL_PER_PLACE * day.places:
            left_out["LESS_URGENT"] += 1
        else:
            chosen.append(choice)
    return chosen, left_out


def starts_of(candidate: Candidate, day: Day) -> tuple[Interval, ...]:
    """Escorted visits are made by daylight."""
    escorted = candidate.safety_band == SafetyBand.ESCORT
    return tuple(
        lawful_starts(
            candidate.zones,
            service=timedelta(minutes=candidate.service_minutes),
            within=(day.opens, day.closes),
            hours=DAYLIGHT if escorted else LAWFUL,
        )
    )


def problem_of(choices: Sequence[Choice], day: Day, *, travel_times: TravelTimes) -> Problem:
    base = Place(float(day.branch.latitude), float(day.branch.longitude))
    places = [Place(one.candidate.latitude, one.candidate.longitude) for one in choices]
    zone = ZoneInfo(day.branch.time_zone)
    hours = range(day.opens.astimezone(zone).hour, day.closes.astimezone(zone).hour + 1)
    return Problem(
        stops=tuple(_stop(choice, day) for choice in choices),
        crews=tuple(_crew(team, day) for team in day.teams),
        travel=travel_times.matrix([base, *places], hours=hours),
        cost_per_km=int(costs_in(currency_of(choices)).kilometre * 100),
    )


def currency_of(choices: Sequence[Choice]) -> str:
    """The currency most of the day's cases are kept in; costs are counted in it."""
    counted = Counter(choice.candidate.currency for choice in choices)
    return counted.most_common(1)[0][0] if counted else ""


def _stop(choice: Choice, day: Day) -> Stop:
    return Stop(
        service_seconds=int(choice.length.total_seconds()),
        prize=int(choice.candidate.prize * 100),
        windows=tuple(Window(day.seconds(first), day.seconds(last)) for first, last in choice.starts),
        needs=frozenset({SECURITY_OFFICER}) if choice.needs_officer else frozenset(),
    )


def _crew(team: Team, day: Day) -> Crew:
    return Crew(
        starts=max(day.seconds(team.starts_at), 0),
        ends=day.seconds(team.ends_at),
        max_visits=MOST_VISITS_A_DAY,
        skills=frozenset({SECURITY_OFFICER}) if team.has_security_officer else frozenset(),
    )
