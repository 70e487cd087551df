"""Where the invented customers live: neighbourhoods round real district centres, coordinates in WGS-84, by eye."""

from dataclasses import dataclass
from math import cos, radians
from random import Random

METRES_PER_DEGREE = 111_320


@dataclass(frozen=True)
class Neighbourhood:
    """`weight` is its share of the customers, `spread` the standard deviation of homes around the centre."""

    province: str
    city: str
    district: str
    district_code: str
    streets: tuple[str, ...]
    latitude: float
    longitude: float
    spread: int
    weight: int


def _baotou(district: str, code: str, *places: tuple[str, float, float, int, int]) -> list[Neighbourhood]:
    return [
        Neighbourhood(
            "内蒙古自治区", "包头市", district, code, tuple(streets.split()), north, east, spread, weight
        )
        for streets, north, east, spread, weight in places
    ]


def _new_york(
    borough: str, code: str, streets: str, north: float, east: float, spread: int, weight: int
) -> Neighbourhood:
    return Neighbourhood(
        "NY", "New York", borough, code, tuple(streets.split(", ")), north, east, spread, weight
    )


BAOTOU = [
    *_baotou(
        "昆都仑区",
        "150203",
        ("钢铁大街 阿尔丁大街 乌兰道", 40.6560, 109.8360, 1200, 16),
        ("友谊大街 林荫路 市府东路", 40.6470, 109.8560, 1000, 11),
        ("白云路 青年路 团结大街", 40.6480, 109.8120, 900, 9),
        ("昆河西路 三八路", 40.6640, 109.7960, 800, 4),
    ),
    *_baotou(
        "青山区",
        "150204",
        ("青山路 富强路 自由路", 40.6500, 109.8880, 1000, 11),
        ("文化路 幸福路 建设路", 40.6560, 109.9130, 1100, 9),
        ("呼得木林大街 民主路", 40.6680, 109.8960, 900, 6),
    ),
    *_baotou(
        "东河区",
        "150202",
        ("巴彦塔拉大街 南门外大街 环城路", 40.5860, 110.0380, 1100, 10),
        ("站北路 工业路", 40.5760, 110.0260, 900, 6),
        ("铝业大道 古城湾路", 40.5700, 110.0820, 1400, 3),
    ),
    *_baotou(
        "九原区",
        "150207",
        ("建华路 沙河街 文明路", 40.6100, 109.9650, 1000, 7),
        ("赛汗路 滨河路", 40.6020, 109.8800, 1300, 6),
    ),
    *_baotou("石拐区", "150205", ("喜桂图大街 育才路", 40.6740, 110.0610, 900, 2)),
]

NEW_YORK = [
    _new_york(
        "Manhattan", "36061", "Mott Street, Bayard Street, Division Street", 40.7158, -73.9970, 450, 40
    ),
    _new_york(
        "Queens", "36081", "Main Street, Kissena Boulevard, Sanford Avenue", 40.7570, -73.8280, 900, 30
    ),
    _new_york("Brooklyn", "36047", "8th Avenue, 7th Avenue, 60th Street", 40.6370, -74.0070, 800, 20),
    _new_york("Queens", "36081", "Broadway, Whitney Avenue, Elmhurst Avenue", 40.7400, -73.8790, 700, 10),
]


def draw_place(draw: Random, places: list[Neighbourhood]) -> tuple[Neighbourhood, float, float]:
    """A neighbourhood by weight and a home's latitude and longitude in it."""
    place = draw.choices(places, weights=[each.weight for each in places])[0]
    north, east = draw.gauss(0, place.spread), draw.gauss(0, place.spread)
    latitude = place.latitude + north / METRES_PER_DEGREE
    longitude = place.longitude + east / METRES_PER_DEGREE / cos(radians(place.latitude))
    return place, latitude, longitude
