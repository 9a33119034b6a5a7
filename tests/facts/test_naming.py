"""Names are found however they are written or read, and sorted as readers expect."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.facts import naming


def finds(query, name_zh=None, name_en=None) -> bool:
    """Tell whether every word of a search begins a token of the person."""
    tokens = naming.keys(name_zh, name_en).tokens
    terms = naming.terms(query)
    return bool(terms) and all(any(t.startswith(term) for t in tokens) for term in terms)


@pytest.mark.parametrize(
    ("query", "name_zh"),
    [("马爱丽", "马爱丽"), ("爱丽", "马爱丽"), ("丽", "马爱丽"), ("ma aili", "马爱丽"),
     ("MaAiLi", "马爱丽"), ("aili", "马爱丽"), ("mǎ ài lì", "马爱丽"), ("mǎàilì", "马爱丽"),
     ("ma3 ai4 li4", "马爱丽"), ("ma3ai4li4", "马爱丽"), ("mal", "马爱丽"), ("m a l", "马爱丽"),
     ("lü bu", "吕布"), ("lv bu", "吕布"), ("lyu bu", "吕布"), ("lu bu", "吕布"),
     ("lǚ", "吕布"), ("lv3bu4", "吕布"), ("shan", "单雄信"), ("dan", "单雄信"),
     ("zeng guofan", "曾国藩"), ("qiu ying", "仇英"), ("xie jin", "解缙"), ("zha", "查良镛"),
     ("piao", "朴智星"), ("ou", "区志强"), ("yuchi", "尉迟恭"), ("moqi", "万俟卨"),
     ("ouyang le", "欧阳乐"), ("ouyang yue", "欧阳乐"), ("changle", "长乐"),
     ("史密斯", "大卫·史密斯"), ("dawei shimisi", "大卫·史密斯"), ("ｍａ", "马爱丽"),
     ("田", "\U00020bb7田"), ("\U00020bb7", "\U00020bb7田")],
)  # fmt: skip
def test_chinese_name_is_found(query, name_zh):
    assert finds(query, name_zh=name_zh)


@pytest.mark.parametrize(
    ("query", "name_en"),
    [("martin", "MARTIN Alice"), ("Alice Martin", "MARTIN Alice"), ("mart, al", "MARTIN Alice"),
     ("martinalice", "MARTIN Alice"), ("jose", "JOSÉ María"), ("JOSÉ", "JOSE Maria"),
     ("Müller", "MUELLER Jan"), ("muller", "MÜLLER Jan"), ("mueller", "MÜLLER Jan"),
     ("obrien", "O'BRIEN Sean"), ("o’brien", "O'BRIEN Sean"), ("brien", "O'BRIEN Sean"),
     ("jean pierre", "DUPONT Jean-Pierre"), ("pierre", "DUPONT Jean-Pierre"),
     ("jean-pierre dupont", "DUPONT Jean-Pierre"), ("sorensen", "SØRENSEN Åse"),
     ("aase", "SØRENSEN Åse"), ("strasse", "STRAßE Uwe"), ("silva", "SILVA Ana"),
     ("иван", "ИВАНОВ Пётр"), ("zhangwei", "ZHANG Wei"), ("李", "李 LEE")],
)  # fmt: skip
def test_latin_name_is_found_in_any_order_and_without_its_marks(query, name_en):
    assert finds(query, name_en=name_en)


@pytest.mark.parametrize("query", ["artin", "martin bob", "%", "_", "", "ai li yu"])
def test_what_begins_no_part_of_a_name_finds_nobody(query):
    assert not finds(query, "马爱丽", "MARTIN Alice")


def test_names_sort_by_pinyin_and_by_letters():
    people = [("张伟", "ZHANG Wei"), ("曾敏", "CENG Min"), (None, "Öberg Åsa"), ("安娜", None)]

    by_pinyin = sorted(people, key=lambda names: naming.keys(*names).sort_zh)
    by_letters = sorted(people, key=lambda names: naming.keys(*names).sort_en)

    assert by_pinyin == [people[3], people[2], people[1], people[0]]
    assert by_letters == [people[3], people[1], people[2], people[0]]


@given(st.text(max_size=120), st.text(max_size=200))
def test_keys_of_any_text_fit_their_columns(name_zh, name_en):
    keys = naming.keys(name_zh, name_en)

    assert max(map(len, (keys.sort_zh, keys.sort_en, *keys.tokens))) <= 120
    assert "" not in keys.tokens


@given(st.text(min_size=1, max_size=40))
def test_a_name_is_found_composed_and_decomposed(name):
    composed, apart = unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)

    assert naming.terms(composed) == naming.terms(apart)
