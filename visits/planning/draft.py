"""A day's plan while it is being made: the problem, the routes found, and whom each stop stands for."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from visits.models import Plan, Visit
from visits.models.visits import Status
from visits.planning.day import Choice, Day, currency_of
from visits.planning.problem import BASE, Call, Problem, Route, Routing
from visits.planning.timetable import timetable


@dataclass(frozen=True)
class Draft:
    day: Day
    choices: tuple[Choice, ...]
    problem: Problem
    routing: Routing

    @property
    def starts(self) -> dict[Choice, datetime]:
        """Every planned visit with the instant it would begin."""
        return {
            self._choice(call): self._start(call) for route in self.routing.routes for call in route.calls
        }

    def only(self, kept: frozenset[Choice]) -> "Draft":
        """The same routes with only these visits; those behind a gap move up."""
        routes = []
        for route in self.routing.routes:
            order = [call.stop for call in route.calls if self._choice(call) in kept]
            if calls := timetable(self.problem, self.problem.crews[route.crew], order):
                routes.append(replace(route, calls=calls))
        return replace(self, routing=Routing(tuple(routes)))

    def summary(self, left_out: Counter[str], *, cases: int) -> dict[str, Any]:
        """Numbers for the supervisor, money in units of the currency."""
        return {
            "candidates": cases,
            "planned": len(self.routing.planned),
            "left_out": {reason: count for reason, count in sorted(left_out.items()) if count},
            "teams": len(self.problem.crews),
            "teams_out": len(self.routing.routes),
            "prize": str(sum(choice.candidate.prize for choice in self.starts)),
            "currency": currency_of(self.choices),
            "km": round(self.routing.metres(self.problem) / 1000, 1),
            "hours": round(sum(self._seconds_out(route) for route in self.routing.routes) / 3600, 1),
        }

    def visits(self, plan: Plan, *, now: datetime) -> Iterator[Visit]:
        """The rows of the plan, not yet saved."""
        for route in self.routing.routes:
            for position, call in enumerate(route.calls, start=1):
                yield self._visit(plan, route, position, call, now=now)

    def _choice(self, call: Call) -> Choice:
        return self.choices[call.stop]

    def _start(self, call: Call) -> datetime:
        return self.day.instant(call.begins)

    def _seconds_out(self, route: Route) -> int:
        first, last = route.calls[0], route.calls[-1]
        back = int(self.problem.travel.seconds[last.stop + 1, BASE])
        ends = last.begins + self.problem.stops[last.stop].service_seconds + back
        return ends - (first.begins - first.travel_seconds)

    def _visit(self, plan: Plan, route: Route, position: int, call: Call, *, now: datetime) -> Visit:
        choice, start = self._choice(call), self._start(call)
        candidate = choice.candidate
        return Visit(
            plan=plan,
            team=self.day.teams[route.crew],
            case_id=candidate.case_id,
            customer_id=candidate.customer_id,
            address_id=candidate.address_id,
            assessment_id=candidate.assessment_id,
            status=Status.PROPOSED,
            position=position,
            planned_start=start,
            planned_end=start + choice.length,
            travel_seconds=call.travel_seconds,
            travel_metres=call.travel_metres,
            prize=candidate.prize,
            strategy=candidate.strategy,
            needs_security_officer=choice.needs_officer,
            contingency=candidate.safety_band,
            why_planned={
                "tier": candidate.tier,
                "prize": str(candidate.prize),
                "reasons": list(candidate.reasons),
            },
            status_changed_at=now,
        )
