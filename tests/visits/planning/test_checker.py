from dataclasses import replace

import pytest

from tests.visits.planning.problems import OFFICER, crew, on_a_line, stop
from visits.planning.checker import Fault, Flawed, Violation, examine
from visits.planning.problem import Call, Route, Routing, Window

TEN_MINUTES = 600
HALF_AN_HOUR = 1800

PROBLEM = on_a_line(
    [stop(), stop(), stop(needs=OFFICER), stop(windows=(Window(0, 3600), Window(7200, 9000)))],
    [crew(skills=OFFICER), crew(max_visits=1), crew(ends=3600)],
)


def call(number, begins, *, legs=1):
    return Call(number, begins, legs * TEN_MINUTES, legs * 5000)


def route(*calls, of=0):
    return Route(of, calls)


def faults(*routes):
    return {violation.fault for violation in examine(PROBLEM, Routing(routes))}


def test_a_plan_that_can_be_walked_has_no_faults():
    first = call(0, TEN_MINUTES)
    second = call(1, TEN_MINUTES + HALF_AN_HOUR + TEN_MINUTES)
    third = call(2, second.begins + HALF_AN_HOUR + TEN_MINUTES)
    last = call(3, third.begins + HALF_AN_HOUR + TEN_MINUTES)

    assert examine(PROBLEM, Routing((route(first, second, third, last),))) == []


def test_no_routes_are_a_plan():
    assert examine(PROBLEM, Routing(())) == []


FAULTY = [
    (Fault.UNKNOWN_CREW, [route(call(0, TEN_MINUTES), of=9)]),
    (Fault.UNKNOWN_CREW, [route(call(0, TEN_MINUTES), of=-1)]),
    (Fault.UNKNOWN_STOP, [route(call(9, TEN_MINUTES))]),
    (Fault.UNKNOWN_STOP, [route(call(-1, TEN_MINUTES))]),
    (Fault.EMPTY_ROUTE, [route()]),
    (Fault.CREW_TWICE, [route(call(0, TEN_MINUTES)), route(call(1, 2 * TEN_MINUTES, legs=2))]),
    (Fault.STOP_TWICE, [route(call(0, TEN_MINUTES)), route(call(0, TEN_MINUTES), of=2)]),
    (Fault.STOP_TWICE, [route(call(0, TEN_MINUTES), Call(0, TEN_MINUTES + HALF_AN_HOUR, 0, 0))]),
    (Fault.TOO_MANY_VISITS, [route(call(0, TEN_MINUTES), call(1, 3000), of=1)]),
    (Fault.SKILL_MISSING, [route(call(2, 3 * TEN_MINUTES, legs=3), of=1)]),
    (Fault.OUTSIDE_WINDOW, [route(call(3, 3601, legs=4))]),
    (Fault.OUTSIDE_WINDOW, [route(call(3, 9001, legs=4))]),
    (Fault.NOT_THERE_YET, [route(call(0, TEN_MINUTES - 1))]),
    (Fault.NOT_THERE_YET, [route(call(0, TEN_MINUTES), call(1, TEN_MINUTES + HALF_AN_HOUR + 599))]),
    (Fault.BACK_TOO_LATE, [route(call(0, 3600 - HALF_AN_HOUR - TEN_MINUTES + 1), of=2)]),
    (Fault.WRONG_TRAVEL, [route(Call(0, TEN_MINUTES, TEN_MINUTES + 1, 5000))]),
    (Fault.WRONG_TRAVEL, [route(Call(0, TEN_MINUTES, TEN_MINUTES, 4999))]),
]


def test_there_is_an_example_of_every_fault():
    assert {fault for fault, _ in FAULTY} == set(Fault)


@pytest.mark.parametrize(("fault", "routes"), FAULTY)
def test_each_fault_is_found_and_nothing_else(fault, routes):
    assert faults(*routes) == {fault}


@pytest.mark.parametrize("begins", [3600, 7200, 9000])
def test_the_ends_of_a_window_belong_to_it(begins):
    assert faults(route(call(3, begins, legs=4))) == set()


def test_coming_back_at_the_last_second_is_in_time():
    assert faults(route(call(0, 3600 - HALF_AN_HOUR - TEN_MINUTES), of=2)) == set()


def test_a_flawed_plan_says_where():
    flawed = Flawed([Violation(Fault.SKILL_MISSING, 1, 2)])

    assert "SKILL_MISSING crew 1 stop 2" in str(flawed)


def test_the_value_of_a_plan_counts_the_way_home():
    plan = Routing((route(call(0, TEN_MINUTES)),))

    assert plan.metres(PROBLEM) == 10_000
    assert plan.value(PROBLEM) == 30_000 - 2000
    assert replace(plan, routes=()).value(PROBLEM) == 0
