from hypothesis import given, settings
from hypothesis import strategies as st

from tests.visits.planning.problems import OFFICER, crew, on_a_line, stop
from visits.planning.checker import examine
from visits.planning.problem import Route, Routing, Window
from visits.planning.timetable import timetable


def test_visits_begin_as_early_as_the_way_and_the_windows_allow():
    problem = on_a_line([stop(), stop(windows=(Window(5400, 9000),)), stop()], [crew()])

    begins = [call.begins for call in timetable(problem, problem.crews[0], [0, 1, 2])]

    assert begins == [600, 5400, 5400 + 1800 + 600]


def test_what_cannot_be_served_in_its_place_is_left_out():
    problem = on_a_line([stop(), stop(needs=OFFICER), stop(windows=(Window(0, 600),)), stop()], [crew()])

    calls = timetable(problem, problem.crews[0], [0, 1, 2, 3])

    assert [call.stop for call in calls] == [0, 3]
    assert calls[1].travel_metres == 15_000


windows = st.lists(
    st.tuples(st.integers(0, 30_000), st.integers(0, 8000)).map(lambda it: Window(it[0], it[0] + it[1])),
    min_size=1,
    max_size=3,
).map(tuple)
stops = st.lists(
    st.builds(
        stop,
        windows=windows,
        service_minutes=st.integers(5, 60),
        needs=st.sampled_from([frozenset(), OFFICER]),
    ),
    min_size=1,
    max_size=8,
)
crews = st.builds(
    crew,
    starts=st.integers(0, 9000),
    ends=st.integers(9000, 36_000),
    max_visits=st.integers(1, 5),
    skills=st.sampled_from([frozenset(), OFFICER]),
)


@settings(max_examples=200, deadline=None)
@given(stops=stops, one=crews, data=st.data())
def test_every_timetable_passes_the_checker(stops, one, data):
    problem = on_a_line(stops, [one])
    order = data.draw(st.permutations(range(len(stops))))

    calls = timetable(problem, one, order)

    assert examine(problem, Routing((Route(0, calls),) if calls else ())) == []
