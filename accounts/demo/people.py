"""Invented people for real debts: names, identity numbers that pass their checks, telephone numbers, homes.

Telephone numbers are of ranges chosen to look invented: Chinese mobiles 13x 0000 xxxx, American ones of the
fictional 555-01xx. American identity numbers start with 8, which was issued to nobody born before 2006. Nothing
is ever sent to any of them: the demonstration's gateway only writes to a table.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum.cn import ric

from accounts.demo.places import BAOTOU, NEW_YORK, draw_place
from accounts.models.customers import Access, AreaRisk, Hardship, IncomeKind

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华建国文志海玉兰春秀红梅金凤雪琴云飞宇浩然子涵欣怡佳慧"
    "俊峰鹏程晓东立新永胜振宇家豪思远若曦雨桐一凡博文天佑"
)
PINYIN = "Wei Ming Jing Li Hua Jun Yan Ping Xin Hao Mei Lan Feng Qiang Na Bo Ying Tao Lin Yu"
ENGLISH = "David Amy Kevin Susan Jason Nancy Peter Grace Michael Helen Daniel Vivian Tony Cindy Eric Joyce"
FAMILY = "Chen Wong Lee Lin Zhang Liu Huang Ng Chan Wu Yang Lam Cheung Zheng Tang Rivera Morales Kim"
AREA_CODES = ("212", "332", "646", "917", "718", "347", "929")

BORN_FROM = date(1955, 1, 1)
BORN_UNTIL = date(2004, 12, 31)
THOUSANDS = 30  # customer numbers of the data set end at 30,000

DEFECTS = 0.003
DEFECT_KINDS = ("checksum", "house_number", "phone", "coordinates")


@dataclass(frozen=True)
class Debtor:
    """What the people below need to know of the real customer. `overseas`: the place among those of New York."""

    number: int
    credit_limit: int
    overseas: int | None

    @property
    def country(self) -> str:
        return "CN" if self.overseas is None else "US"


def invent_customer(draw: Random, debtor: Debtor) -> dict[str, str]:
    """One row of customers.csv. About three in a thousand carry a defect that verification has to find."""
    invent_person = _invent_chinese if debtor.overseas is None else _invent_american
    row = {
        "customer_number": f"{debtor.country}{debtor.number:08}",
        "country": debtor.country,
        **_invent_home(draw, debtor.country),
        **invent_person(draw, debtor),
        **_invent_circumstances(draw, debtor),
    }
    if draw.random() < DEFECTS:
        _spoil(row, draw.choice(DEFECT_KINDS))
    return row


def _invent_birth_date(draw: Random, number: int) -> date:
    """Customers whose numbers end alike are born on different days, so that no two identity numbers are equal."""
    steps = (BORN_UNTIL - BORN_FROM).days // THOUSANDS
    return BORN_FROM + timedelta(days=draw.randrange(steps) * THOUSANDS + number // 1000)


def _invent_chinese(draw: Random, debtor: Debtor) -> dict[str, str]:
    born = _invent_birth_date(draw, debtor.number)
    county = draw.choice(("150202", "150203", "150203", "150204", "150204", "150205", "150207"))
    number = f"{county}{born:%Y%m%d}{debtor.number % 1000:03}"
    subscriber = debtor.number * 7919 % 100_000
    given = "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2, 2))))
    return {
        "branch_code": "BT",
        "name": draw.choice(SURNAMES) + given,
        "identity_number": number + ric.calc_check_digit(number + "0"),
        "mobile_phone": f"13{subscriber // 10_000}0000{subscriber % 10_000:04}",
        "home_phone": f"0472-510{draw.randrange(10_000):04}" if draw.random() < 0.15 else "",
    }


def _invent_american(draw: Random, debtor: Debtor) -> dict[str, str]:
    given = draw.choice((PINYIN if draw.random() < 0.5 else ENGLISH).split())
    serial, place = debtor.number, debtor.overseas or 0
    return {
        "branch_code": "NY",
        "name": f"{given} {draw.choice(FAMILY.split())}",
        "identity_number": f"8{serial // 1000:02}-{draw.randrange(1, 100):02}-{serial % 1000 * 9 + 1:04}",
        "birth_date": _invent_birth_date(draw, debtor.number).isoformat(),
        "language": draw.choice(("en", "zh-hans")),
        "mobile_phone": f"({AREA_CODES[place // 100]}) 555-01{place % 100:02}",
    }


def _invent_home(draw: Random, country: str) -> dict[str, str]:
    place, latitude, longitude = draw_place(draw, BAOTOU if country == "CN" else NEW_YORK)
    street, number = draw.choice(place.streets), f"{draw.randrange(1, 180)}"
    if country == "CN":
        number += f"号{draw.randrange(1, 25)}栋{draw.randrange(1, 5)}单元{draw.randrange(1, 19)}0{draw.randrange(1, 4)}"
    else:
        street += f", Apt {draw.randrange(1, 9)}{draw.choice('ABCDEF')}"
    return {
        "province": place.province,
        "city": place.city,
        "district": place.district,
        "district_code": place.district_code,
        "street": street,
        "house_number": number,
        "latitude": f"{latitude:.6f}",
        "longitude": f"{longitude:.6f}",
        "datum": "WGS84",
        "area_risk": _among(
            draw.random(), (0.015, AreaRisk.HIGH), (0.055, AreaRisk.MEDIUM), (0.3, AreaRisk.LOW)
        ),
        "access": _among(draw.random(), (0.02, Access.ISOLATED), (0.1, Access.POOR), (0.3, Access.EASY)),
    }


def _invent_circumstances(draw: Random, debtor: Debtor) -> dict[str, str]:
    """Facts that the bank knows of some customers only. Income is of the order of the credit limit."""
    row = {
        "income_kind": "",
        "monthly_income": "",
        "other_lenders_overdue": "",
        "has_collateral": "",
        "hardship": "",
    }
    if draw.random() < 0.3:
        kinds = [IncomeKind.SALARY, IncomeKind.SELF_EMPLOYED, IncomeKind.PENSION, IncomeKind.IRREGULAR]
        row["income_kind"] = draw.choices(kinds, weights=(60, 20, 10, 10))[0].value
        row["monthly_income"] = f"{max(2500, round(debtor.credit_limit * draw.uniform(0.04, 0.2), -2)):.2f}"
    if draw.random() < 0.25:
        row["other_lenders_overdue"] = str(draw.choices((0, 1, 2, 5), weights=(70, 18, 9, 3))[0])
    if draw.random() < 0.2:
        row["has_collateral"] = draw.choice(("yes", "no", "no", "no"))
    if draw.random() < 0.06:
        row["hardship"] = draw.choice((Hardship.TEMPORARY, Hardship.TEMPORARY, Hardship.LASTING)).value
    return row


def _among(chance: float, *steps: tuple[float, str]) -> str:
    return next((str(value) for limit, value in steps if chance < limit), "")


def _spoil(row: dict[str, str], kind: str) -> None:
    if kind == "checksum":
        last = row["identity_number"][-1]
        row["identity_number"] = row["identity_number"][:-1] + ("1" if last != "1" else "2")
    elif kind == "house_number":
        row["house_number"] = ""
    elif kind == "phone":
        row["mobile_phone"] = row["mobile_phone"][:-2]
    else:
        row["latitude"] = row["longitude"] = row["datum"] = ""
