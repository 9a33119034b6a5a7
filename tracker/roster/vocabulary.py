"""The headings an office's sheet uses, Chinese and English, and the field each one means.

A field is (kind, name) as in tracker/facts/kinds.py. Kind "sheet" is for columns that spread over
several fields: their meaning is worked out in rows.py.
"""

from collections.abc import Iterator

Path = tuple[str, str]

PERSON: dict[Path, str] = {
    ("sheet", "name"): "姓名|名字|人员姓名|专家姓名|教师姓名|外教姓名|员工姓名|name|full name|"
    "staff name",
    ("profile", "name_zh"): "中文名|中文姓名|中文名字|汉语姓名|汉语名|chinese name|"
    "name in chinese",
    ("profile", "name_en"): "英文名|英文姓名|外文名|外文姓名|外文名字|护照姓名|护照英文名|"
    "英文全名|拉丁名|english name|passport name|name in passport|name as in passport|"
    "name in english|latin name|name in latin letters",
    ("sheet", "surname"): "姓|英文姓|外文姓|surname|family name|last name",
    ("sheet", "given_names"): "名|英文名字|外文名（名）|given name|given names|first name|"
    "forename",
    ("profile", "sex"): "性别|sex|gender",
    ("profile", "born_on"): "出生日期|生日|出生年月日|出生年月|出生时间|date of birth|birth date|"
    "birthday|dob|born on|born",
    ("profile", "nationality"): "国籍|国籍地区|国家|国家地区|国别|国籍或地区|nationality|"
    "citizenship|country",
    ("profile", "identity"): "身份|人员身份|身份类别|人员类别|人员性质|identity|staff identity",
    ("profile", "category"): "专家类别|外国专家类别|外国人类别|人才类别|外专类别|工作许可类别|"
    "外国人才类别|类别|category|expert category|work permit category|talent category",
    ("profile", "language"): "语言|通知语言|沟通语言|信件语言|联系语言|提醒语言|language|"
    "letter language|language of letters|preferred language",
    ("profile", "email"): "邮箱|电子邮箱|电子邮件|邮件|邮箱地址|电邮|email|e-mail|email address|"
    "mail",
    ("profile", "phone"): "电话|手机|手机号|手机号码|联系电话|联系方式|电话号码|移动电话|phone|"
    "mobile|telephone|phone number|mobile phone|mobile number|tel|cell phone",
    ("profile", "address"): "住址|住址地址|居住地址|现住址|地址|在华住址|住所|居住地|家庭住址|"
    "境内住址|address|home address|residential address|address in china",
    ("profile", "unit"): "聘用单位|单位|学院|用人单位|所在单位|所在学院|聘用学院|部门|院系|"
    "所属单位|工作单位|二级单位|聘请单位|所属学院|unit|college|school|department|faculty|"
    "hiring unit|employer|host unit",
    ("profile", "employee_no"): "工号|职工号|教工号|人员编号|员工编号|职工编号|编号|人事编号|"
    "employee number|employee no|staff number|staff no|staff id|employee id|personnel number",
    ("profile", "status"): "状态|在职状态|人员状态|在岗状态|status|employment status",
    ("profile", "departed_on"): "离职日期|离校日期|离任日期|离岗日期|离职时间|离校时间|"
    "departure date|departed on|left on|date of departure",
    ("passport", "number"): "护照|passport",
    ("entry", "on"): "入境日期|最近入境日期|入境时间|最近一次入境日期|首次入境日期|entry date|"
    "date of entry|last entry|arrival date|entered on",
    ("sheet", "visa_type"): "签证种类|签证类型|签证类别|入境签证种类|入境签证|visa type|"
    "visa category|type of visa|visa class",
    ("entry", "stay_days"): "停留天数|停留期|停留期限|可停留天数|签证停留天数|停留时间|stay days|"
    "days of stay|duration of stay|duration of each stay",
    ("residence_permit", "purpose"): "居留事由|居留许可事由|居留许可类别|居留许可种类|"
    "居留许可类型|居留目的|residence permit purpose|residence permit type|purpose of residence",
    ("work_permit", "category"): "工作许可证类别|工作许可证类型|work permit class",
    ("contract", "post"): "职务|岗位|职务岗位|职位|聘用岗位|受聘岗位|岗位名称|工作岗位|担任职务|"
    "职称|post|position|job|job title|title|role",
    ("sheet", "contract_range"): "合同起止|合同期限|合同期|合同起止日期|合同起止时间|聘期|"
    "聘期起止|聘用期限|聘用期|聘用起止|合同起讫|聘任期限|合同有效期|聘用合同期限|聘期起止时间|"
    "聘期起止日期|contract|contract period|contract term|contract dates|term of contract|"
    "employment period",
    ("contract", "starts_on"): "合同开始|合同开始日期|合同起始日期|合同起始|合同开始时间|"
    "聘期开始|合同起|聘用开始日期|起聘日期|聘期起|到岗日期|入职日期|合同起始时间|聘期起始日期|"
    "contract start|contract start date|contract starts|contract starts on|contract from|"
    "start date",
    ("contract", "ends_on"): "合同结束|合同结束日期|合同终止日期|合同到期日|合同到期日期|合同止|"
    "聘期结束|合同结束时间|聘用结束日期|合同到期时间|合同截止日期|合同至|聘期止|聘期至|"
    "聘期结束日期|合同到期|合同终止时间|contract end|contract end date|contract ends|"
    "contract ends on|contract until|contract to|contract expiry|contract expiry date|end date",
    ("contract", "terminated_on"): "合同解除日期|解聘日期|解除合同日期|提前终止日期|提前解聘日期|"
    "contract terminated on|termination date|contract termination date",
    ("health_certificate", "issued_on"): "体检日期|体检时间|体检证明日期|健康证明日期|体检证日期|"
    "健康体检日期|最近体检日期|health check date|medical examination date|"
    "health certificate date|medical check date|health check|date of health check|"
    "health certificate issued",
    ("no_criminal_record", "issued_on"): "无犯罪记录证明日期|无犯罪证明日期|无犯罪记录日期|"
    "无犯罪记录证明签发日期|no criminal record date|police certificate date|"
    "no criminal record certificate date|no criminal record issued",
}  # fmt: skip

DOCUMENTS: dict[str, str] = {
    "passport": "护照|passport",
    "visa": "签证|visa",
    "work_permit": "工作许可|工作许可证|外国人工作许可|外国人工作许可证|工作证|来华工作许可|"
    "work permit|wp",
    "residence_permit": "居留许可|居留证|居留证件|外国人居留许可|工作类居留许可|外国人居留证件|"
    "residence permit|rp",
    "stay_certificate": "停留证件|停留证|外国人停留证件|stay certificate|stay permit",
    "hmt_travel_permit": "台胞证|回乡证|台胞证/回乡证|回乡证/台胞证|通行证|来往大陆通行证|"
    "来往内地通行证|台湾居民来往大陆通行证|港澳居民来往内地通行证|港澳台通行证|港澳台居民通行证|"
    "港澳台居民来往内地通行证|港澳台居民来往内地（大陆）通行证|mainland travel permit|"
    "hmt travel permit|travel permit|home return permit",
    "hmt_residence_card": "港澳台居民居住证|港澳台居住证|居住证|港澳居民居住证|台湾居民居住证|"
    "hmt residence card|hmt residence permit|residence card",
    "permanent_residence_card": "永居证|永久居留证|永久居留身份证|外国人永久居留身份证|永久居留|"
    "永居|五星卡|外国人永久居留证|permanent residence card|permanent residence|"
    "permanent residence permit|permanent resident card|pr card",
}

FIELDS: dict[str, str] = {
    "number": "号|号码|编号|证号|证件号|证件号码|证号码|number|no|no.|num",
    "issued_on": "签发|签发日|签发日期|发证日期|起始日期|签发时间|有效期起|有效期自|有效期开始|"
    "有效期始|颁发日期|发放日期|有效期从|开始日期|issued|issued on|issue date|date of issue|"
    "issuing date|valid from|start date|issuance date",
    "expires_on": "有效期|有效期至|有效期到|有效期限|有效期止|有效期截止|有效期截至|有效日期|"
    "到期|到期日|到期日期|到期时间|截止日期|失效日期|有效期结束|有效期截止日期|有效至|有效期限至|"
    "届满日期|至|expiry|expires|expires on|expiry date|date of expiry|expiration|expiration date|"
    "valid until|valid to|valid till|validity|end date|until",
    "received_on": "领取日期|领证日期|取证日期|received|received on",
}

#: Columns every such sheet has and nobody misses: never reported.
IDLE = "序号|序|no|no.|#|s/n|sn|seq|index"


def entries() -> Iterator[tuple[Path, str]]:
    """Return every field with every heading that means it."""
    for path, headings in PERSON.items():
        for heading in headings.split("|"):
            yield path, heading
    for kind, documents in DOCUMENTS.items():
        for field, headings in FIELDS.items():
            if field == "received_on" and kind != "passport":
                continue
            for document in documents.split("|"):
                for heading in headings.split("|"):
                    yield (kind, field), f"{document} {heading}"
                    if heading.isascii():
                        yield (kind, field), f"{heading} of {document}"
