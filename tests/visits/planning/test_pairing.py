from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from visits.planning.pairing import LEAST_SHARED, Person, pair, shared_hours

MORNING = datetime(2026, 11, 20, tzinfo=UTC)


def person(number, starts=8.5, ends=18.5, *, officer=False):
    return Person(number, officer, MORNING + timedelta(hours=starts), MORNING + timedelta(hours=ends))


def ids(crews):
    return [{one.id for one in crew} for crew in crews]


def test_people_of_the_same_hours_go_together():
    people = [person(1), person(2, 10.5, 20.5), person(3), person(4, 10.5, 20.5)]

    assert ids(pair(people)) == [{1, 3}, {2, 4}]


def test_two_officers_are_no_team():
    assert pair([person(1, officer=True), person(2, officer=True)]) == []


def test_an_officer_goes_with_an_agent():
    crews = pair([person(1), person(2), person(3, officer=True), person(4, officer=True)])

    assert sorted(sum(one.is_officer for one in crew) for crew in crews) == [1, 1]


def test_an_officer_left_over_makes_a_team_of_three_if_its_hours_are_covered():
    longest, short = person(3, 8, 21, officer=True), person(4, 12, 14, officer=True)

    assert ids(pair([person(1), person(2), longest])) in ([{1, 2, 3}], [{1, 3, 2}])
    assert ids(pair([person(1), person(2), short])) == [{1, 2}]


def test_who_shares_less_than_three_hours_with_anybody_stays_behind():
    assert pair([person(1, 8, 12), person(2, 9.5, 20)]) == []


def test_nobody_and_one_alone_make_no_team():
    assert pair([]) == pair([person(1)]) == []


def test_more_people_than_can_be_paired_exactly_are_paired_all_the_same():
    crews = pair([person(number, 8 + number % 4, 18 + number % 3) for number in range(40)])

    assert len(crews) == 20


people = st.lists(
    st.tuples(st.integers(8, 14), st.integers(1, 8), st.booleans()), min_size=0, max_size=7
).map(
    lambda rows: [
        person(number, starts, starts + hours, officer=officer)
        for number, (starts, hours, officer) in enumerate(rows)
    ]
)


def teams_and_time(crews):
    spans = [shared_hours(crew[:2]) for crew in crews]
    return len(crews), sum((end - start for start, end in spans), timedelta(0))


def every_pairing(left):
    if len(left) < 2:
        yield []
        return
    first, *others = left
    yield from every_pairing(others)
    for partner in others:
        starts, ends = shared_hours((first, partner))
        if ends - starts >= LEAST_SHARED and not (first.is_officer and partner.is_officer):
            for rest in every_pairing([one for one in others if one != partner]):
                yield [(first, partner), *rest]


@settings(max_examples=150, deadline=None)
@given(people)
def test_no_other_pairing_makes_more_teams_or_gives_them_more_time(people):
    crews = pair(people)

    best = max(teams_and_time(pairing) for pairing in every_pairing(people))
    assert len(crews) == best[0]
    assert teams_and_time([crew[:2] for crew in crews]) == best


@settings(max_examples=50, deadline=None)
@given(people, st.randoms())
def test_the_order_in_which_people_are_named_changes_nothing(people, random):
    shuffled = random.sample(people, len(people))

    assert pair(shuffled) == pair(people)


@given(people)
def test_nobody_is_in_two_teams(people):
    crews = pair(people)

    assert all(not set(one) & set(other) for one, other in combinations(crews, 2))
