"""The words for each choice, as sheets spell them; the first two are what an export writes."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "identity": {
        "foreigner": ("外籍", "foreigner", "外国人", "外国籍", "外籍人员", "外国专家", "外教",
                      "外籍教师", "外专", "foreign", "foreign expert"),
        "hmt": ("港澳台", "hmt", "港澳台人员", "港澳台居民", "港澳台同胞", "港澳", "台胞", "台湾",
                "香港", "澳门", "台籍", "hong kong macau taiwan", "hk macau taiwan",
                "港澳台专家", "港澳台教师"),
        "permanent_resident": ("永居", "permanent resident", "永久居留", "永久居民", "永居人员",
                               "外籍永居", "中国绿卡", "pr"),
    },
    "category": {
        "A": ("A", "A类", "高端", "外国高端人才", "外国高端人才A类", "高端人才", "A类外国高端人才",
              "category a", "class a", "type a"),
        "B": ("B", "B类", "专业", "外国专业人才", "外国专业人才B类", "专业人才",
              "B类外国专业人才", "category b", "class b", "type b"),
        "C": ("C", "C类", "其他", "其他外国人员", "其他外国人员C类", "其他人员",
              "C类其他外国人员", "category c", "class c", "type c"),
    },
    "language": {
        "zh": ("中文", "zh", "汉语", "中", "chinese", "汉", "普通话"),
        "en": ("英文", "en", "英语", "英", "english"),
        "both": ("中英文", "both", "双语", "中英双语", "中英", "中文英文", "中文和英文",
                 "chinese and english", "bilingual", "english and chinese", "中文/英文"),
    },
    "sex": {
        "F": ("女", "F", "女性", "female", "woman", "女士"),
        "M": ("男", "M", "男性", "male", "man", "先生"),
        "X": ("其他", "X", "未注明", "unspecified"),
    },
    "status": {
        "recruiting": ("招聘中", "recruiting", "拟聘", "待入职", "拟入职", "未到岗", "待报到",
                       "办理中", "prospective"),
        "active": ("在职", "active", "在岗", "在校", "在聘", "正常", "employed", "current"),
        "on_leave": ("休假", "on leave", "请假", "离岗", "停薪留职", "leave", "学术休假"),
        "departed": ("离职", "departed", "已离职", "离校", "已离校", "已离任", "离任", "解聘",
                     "合同结束", "left", "former"),
    },
}  # fmt: skip


def labels(name: str) -> list[str]:
    """Return the choices of a field as the template offers them."""
    return [words[0] for words in WORDS[name].values()]
