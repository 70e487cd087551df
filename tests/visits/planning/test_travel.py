import numpy as np
import pytest

from tests.visits.planning.problems import BAOTOU
from visits.planning.travel import HaversineDetour, Place, straight_line_metres

EAST = Place(BAOTOU.latitude, BAOTOU.longitude + 0.1)


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres():
    assert straight_line_metres(Place(40, 110), Place(41, 110)) == pytest.approx(111_195, abs=1)


def test_a_point_is_no_distance_from_itself():
    assert straight_line_metres(BAOTOU, BAOTOU) == 0


def test_the_way_around_the_date_line_is_short():
    assert straight_line_metres(Place(0, 179.9), Place(0, -179.9)) == pytest.approx(22_239, abs=1)


def test_roads_are_longer_than_the_straight_line_and_more_so_on_short_ways():
    near = Place(BAOTOU.latitude, BAOTOU.longitude + 0.01)

    metres = HaversineDetour().matrix([BAOTOU, near, EAST], hours=[12]).metres
    short = metres[0, 1] / straight_line_metres(BAOTOU, near)
    long = metres[0, 2] / straight_line_metres(BAOTOU, EAST)

    assert 1.3 < long < 1.35 < short < 1.5


def test_rush_hours_take_longer():
    travel = HaversineDetour()

    rush, noon = (travel.matrix([BAOTOU, EAST], hours=[hour]).seconds[0, 1] for hour in (8, 12))
    day = travel.matrix([BAOTOU, EAST], hours=range(8, 19)).seconds[0, 1]

    assert noon < day < rush


def test_every_leg_costs_its_minutes_and_is_told_in_whole_ones():
    next_door = Place(BAOTOU.latitude, BAOTOU.longitude + 0.000001)

    seconds = HaversineDetour(minutes_per_leg=4).matrix([BAOTOU, next_door, EAST], hours=[12]).seconds

    assert seconds[0, 1] in (240, 300)
    assert (seconds % 60 == 0).all()


def test_ways_are_the_same_there_and_back_and_nothing_to_stay():
    matrix = HaversineDetour().matrix([BAOTOU, EAST, Place(40.7, 109.9)], hours=range(8, 21))

    for table in (matrix.seconds, matrix.metres):
        assert (table == table.T).all()
        assert (np.diag(table) == 0).all()
