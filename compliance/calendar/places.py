"""Whose calendars there are: countries, and the parts of them that keep days of their own."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

PREFECTURE_DIGITS = 4


class Country(TextChoices):
    """The countries with a policy set, by ISO 3166-1."""

    CN = "CN", _("China")
    US = "US", _("United States")
    GB = "GB", _("United Kingdom")
    AU = "AU", _("Australia")
    IN = "IN", _("India")
    TH = "TH", _("Thailand")
    KR = "KR", _("South Korea")
    JP = "JP", _("Japan")


# ISO 3166-2 without the country; only parts whose days the package knows are loaded, the others are entered.
LOADED_SUBDIVISIONS: dict[str, tuple[str, ...]] = {
    "US": ("MA", "NY"),
    "GB": ("ENG", "NIR", "SCT", "WLS"),
    "AU": ("ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA"),
}

# The first two digits of GB/T 2260, with which every Chinese address code begins.
CHINESE_PROVINCES = {
    "11": "BJ",
    "12": "TJ",
    "13": "HE",
    "14": "SX",
    "15": "NM",
    "21": "LN",
    "22": "JL",
    "23": "HL",
    "31": "SH",
    "32": "JS",
    "33": "ZJ",
    "34": "AH",
    "35": "FJ",
    "36": "JX",
    "37": "SD",
    "41": "HA",
    "42": "HB",
    "43": "HN",
    "44": "GD",
    "45": "GX",
    "46": "HI",
    "50": "CQ",
    "51": "SC",
    "52": "GZ",
    "53": "YN",
    "54": "XZ",
    "61": "SN",
    "62": "GS",
    "63": "QH",
    "64": "NX",
    "65": "XJ",
}


def chinese_subdivisions(district_code: str) -> frozenset[str]:
    """The parts of China a GB/T 2260 code lies in: the province (`NM`) and the prefecture (`1502`).

    Festivals of minorities are set by local governments (全国年节及纪念日放假办法 art. 4), some by prefectures.
    Empty for a code that is none.
    """
    province = CHINESE_PROVINCES.get(district_code[:2])
    if province is None:
        return frozenset()
    prefecture = district_code[:PREFECTURE_DIGITS]
    return frozenset({province, prefecture} if len(prefecture) == PREFECTURE_DIGITS else {province})
