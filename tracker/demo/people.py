"""Invented staff: names that nobody has together, addresses that reach nobody."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from tracker.demo import lives

UNITS = ("物理学院", "化学与分子科学学院", "外国语言文学学院", "测绘学院", "计算机学院",
         "经济与管理学院", "生命科学学院", "水利水电学院", "医学部", "历史学院")  # fmt: skip

#: Country, and given and family names as a passport of it prints them.
ORIGINS = (
    ("DEU", ("Anna", "Jonas", "Greta"), ("WEBER", "LINDNER", "HOLZ")),
    ("FRA", ("Claire", "Hugo", "Odile"), ("MARTIN", "LAVIGNE", "BERTIN")),
    ("JPN", ("Haruto", "Yui", "Kenta"), ("TANAKA", "MORI", "OGAWA")),
    ("PAK", ("Ayesha", "Bilal", "Zain"), ("KHAN", "MALIK", "QURESHI")),
    ("USA", ("Emily", "Jacob", "Grace"), ("CARTER", "HAYES", "NOLAN")),
    ("RUS", ("Olga", "Pavel", "Irina"), ("VOLKOVA", "SIDOROV", "ORLOV")),
    ("EGY", ("Salma", "Omar", "Layla"), ("HASSAN", "FAROUK", "NASSER")),
    ("BRA", ("Beatriz", "Caio", "Lara"), ("SOUZA", "MOREIRA", "PRADO")),
    ("NGA", ("Chidi", "Amara", "Tunde"), ("OKAFOR", "ADEYEMI", "BELLO")),
    ("KOR", ("Minjun", "Seoyeon", "Jiho"), ("KIM", "PARK", "HAN")),
)
CHINESE = ("安", "白", "文", "马", "林", "罗", "欧", "柯", "谢", "江")
CHINESE_GIVEN = ("明", "乐", "思远", "可心", "海", "雅", "一诺", "子轩", "若兰", "清")


@dataclass(frozen=True, slots=True)
class Invented:
    """A person who does not exist: the profile, and the facts in the order they were told."""

    profile: dict[str, Any]
    facts: tuple[lives.Told, ...]


def make_people(count: int, *, seed: int, today: date) -> list[Invented]:
    """Invent `count` people; every state of life is there from len(lives.LIVES) people on.

    The same arguments make the same people.
    """
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    return [_person(number, random, today) for number in range(1, count + 1)]


def _person(number: int, random: Random, today: date) -> Invented:
    live = lives.LIVES[(number - 1) % len(lives.LIVES)]
    life = live(today, random, f"{number:05}")
    nationality, given, family = random.choice(ORIGINS)
    profile = {
        "name_zh": random.choice(CHINESE) + random.choice(CHINESE_GIVEN),
        "name_en": f"{random.choice(family)} {random.choice(given)}",
        "nationality": nationality,
        "category": random.choice("ABBBC"),
        "language": random.choice(("zh", "en", "both")),
        "email": f"person{number}@example.org",
        "unit": random.choice(UNITS),
        "employee_no": f"D{number:05}",
        "phone": f"000-{number:08}",
        "sex": random.choice("FM"),
        "born_on": date(random.randint(1960, 1998), random.randint(1, 12), random.randint(1, 28)),
        "status": "active",
    }  # fmt: skip
    return Invented(profile | life.profile, life.facts)
