"""The columns our own sheets have: field, and headings in both languages that import knows."""

from tracker.facts import kinds
from tracker.roster.vocabulary import Path

Column = tuple[Path, str, str]

TEMPLATE: tuple[Column, ...] = (
    (("profile", "employee_no"), "工号", "staff number"),
    (("profile", "name_zh"), "中文名", "Chinese name"),
    (("profile", "name_en"), "护照姓名", "name as in passport"),
    (("profile", "sex"), "性别", "sex"),
    (("profile", "born_on"), "出生日期", "date of birth"),
    (("profile", "nationality"), "国籍", "nationality"),
    (("profile", "identity"), "人员身份", "identity"),
    (("profile", "category"), "专家类别", "expert category"),
    (("profile", "unit"), "聘用单位", "hiring unit"),
    (("profile", "status"), "状态", "status"),
    (("profile", "departed_on"), "离职日期", "departure date"),
    (("profile", "email"), "电子邮箱", "email"),
    (("profile", "phone"), "手机", "mobile phone"),
    (("profile", "language"), "通知语言", "letter language"),
    (("profile", "address"), "住址", "address in China"),
    (("passport", "number"), "护照号码", "passport number"),
    (("passport", "issued_on"), "护照签发日期", "passport issue date"),
    (("passport", "expires_on"), "护照有效期至", "passport valid until"),
    (("entry", "on"), "入境日期", "date of entry"),
    (("sheet", "visa_type"), "签证种类", "visa type"),
    (("entry", "stay_days"), "停留天数", "stay days"),
    (("work_permit", "number"), "工作许可证号", "work permit number"),
    (("work_permit", "issued_on"), "工作许可签发日期", "work permit issue date"),
    (("work_permit", "expires_on"), "工作许可有效期至", "work permit valid until"),
    (("residence_permit", "number"), "居留许可号码", "residence permit number"),
    (("residence_permit", "issued_on"), "居留许可签发日期", "residence permit issue date"),
    (("residence_permit", "expires_on"), "居留许可有效期至", "residence permit valid until"),
    (("residence_permit", "purpose"), "居留事由", "residence permit purpose"),
    (("hmt_travel_permit", "number"), "来往大陆通行证号码", "HMT travel permit number"),
    (("hmt_travel_permit", "expires_on"), "来往大陆通行证有效期至",
     "HMT travel permit valid until"),
    (("hmt_residence_card", "number"), "港澳台居民居住证号码", "HMT residence card number"),
    (("hmt_residence_card", "expires_on"), "港澳台居民居住证有效期至",
     "HMT residence card valid until"),
    (("permanent_residence_card", "number"), "永居证号码", "permanent residence card number"),
    (("permanent_residence_card", "expires_on"), "永居证有效期至",
     "permanent residence card valid until"),
    (("contract", "starts_on"), "合同开始日期", "contract start date"),
    (("contract", "ends_on"), "合同结束日期", "contract end date"),
    (("contract", "post"), "岗位", "post"),
    (("health_certificate", "issued_on"), "体检日期", "health check date"),
    (("no_criminal_record", "issued_on"), "无犯罪记录证明日期", "no criminal record date"),
)  # fmt: skip

#: What an export holds besides: rarer fields, for which the template has no room.
RARE: tuple[Column, ...] = (
    (("contract", "terminated_on"), "合同解除日期", "contract terminated on"),
    (("passport", "received_on"), "护照领取日期", "passport received on"),
    (("work_permit", "category"), "工作许可证类别", "work permit class"),
    (("visa", "number"), "签证号码", "visa number"),
    (("visa", "issued_on"), "签证签发日期", "visa issue date"),
    (("visa", "expires_on"), "签证有效期至", "visa valid until"),
    (("stay_certificate", "number"), "停留证件号码", "stay certificate number"),
    (("stay_certificate", "issued_on"), "停留证件签发日期", "stay certificate issue date"),
    (("stay_certificate", "expires_on"), "停留证件有效期至", "stay certificate valid until"),
    (("hmt_travel_permit", "issued_on"), "来往大陆通行证签发日期",
     "HMT travel permit issue date"),
    (("hmt_residence_card", "issued_on"), "港澳台居民居住证签发日期",
     "HMT residence card issue date"),
    (("permanent_residence_card", "issued_on"), "永居证签发日期",
     "permanent residence card issue date"),
)  # fmt: skip


def is_day(path: Path) -> bool:
    """Tell whether a field is a day."""
    kind, name = path
    return kind != "sheet" and kinds.KINDS[kind].fields[name].type == "date"
