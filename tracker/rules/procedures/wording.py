"""The words steps have unless they bring their own, and the names of circumstances."""

from collections.abc import Mapping

from tracker.rules.model import Words

#: What papers and procedures may depend on (circumstances.py says what each one is).
CIRCUMSTANCES: Mapping[str, str] = {
    "category": "the category of the work permit: A, B or C",
    "age": "years of age on the filing day",
    "over_age_cap": "older than the city's limit while the new permit runs (categories B and C)",
    "first_permit": "never held what the procedure grants",
    "years_since_permit": "whole years since a work permit was last in force; 0 while it is",
    "permit_years": "whole years the new permit runs, its first day to its last",
    "passport_short": "the passport ends within six months of a permit to be renewed",
    "degree_authenticated": "the degree was authenticated before and is on file",
    "commitment": "category A promises papers instead of showing them",
    "abroad": "still outside China",
    "same_post": "the post stays the same",
    "former_employer": "comes from another employer in China",
    "language_teacher": "teaches a language",
    "by_points_or_pay": "category A by points or pay",
    "has_dependants": "family comes along",
    "asked_for_more": "the authority asked for something else",
}
#: Those that nobody can read off the documents: the office says so for a case.
TOLD = ("degree_authenticated", "commitment", "abroad", "same_post", "former_employer",
        "language_teacher", "by_points_or_pay", "has_dependants", "asked_for_more")  # fmt: skip

_TITLES = {
    "decide": Words("{}：学院续聘意见", "{}: decision of the unit"),
    "papers": Words("{}：材料交齐", "{}: complete file at the office"),
    "file": Words("{}：提交申请", "{}: filing"),
    "collect": Words("{}：领取", "{}: collection"),
}
_WHAT = {
    "decide": Words(
        "请用人学院在这一天前决定聘用并把合同交国际处。",
        "The unit decides by this day and hands the contract to the international office.",
    ),
    "papers": Words(
        "请在这一天前把清单上的材料交齐；国际处还要审核和内部审批。",
        "Hand in every paper of the checklist by this day; the office still has to check and "
        "approve the file.",
    ),
    "file": Words(
        "请在这一天前向受理机关提交申请，并把受理回执号和日期登记下来。",
        "File with the authority by this day, and record the receipt's number and date.",
    ),
    "collect": Words(
        "请领取证件，把新证件信息登记到系统，并重新办理住宿登记。",
        "Collect the document, enter it here, and register the accommodation again.",
    ),
}


def title(procedure: Words, does: str) -> Words:
    """Return what a step of a procedure is called."""
    return Words(_TITLES[does].zh.format(procedure.zh), _TITLES[does].en.format(procedure.en))


def what(_procedure: Words, does: str) -> Words:
    """Return what is to be done in a step."""
    return _WHAT[does]
