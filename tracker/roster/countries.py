"""Nationalities: Chinese and English names and ISO 3166 codes to the three letters kept."""

from collections.abc import Mapping
from functools import cache

from babel import Locale

from tracker.roster.folding import compared

#: ISO 3166-1 alpha-2 and alpha-3; XKX is what Kosovo's passports are read as.
_CODES = """
AD AND AE ARE AF AFG AG ATG AI AIA AL ALB AM ARM AO AGO AQ ATA AR ARG AS ASM AT AUT AU AUS AW ABW
AX ALA AZ AZE BA BIH BB BRB BD BGD BE BEL BF BFA BG BGR BH BHR BI BDI BJ BEN BL BLM BM BMU BN BRN
BO BOL BQ BES BR BRA BS BHS BT BTN BV BVT BW BWA BY BLR BZ BLZ CA CAN CC CCK CD COD CF CAF CG COG
CH CHE CI CIV CK COK CL CHL CM CMR CN CHN CO COL CR CRI CU CUB CV CPV CW CUW CX CXR CY CYP CZ CZE
DE DEU DJ DJI DK DNK DM DMA DO DOM DZ DZA EC ECU EE EST EG EGY EH ESH ER ERI ES ESP ET ETH FI FIN
FJ FJI FK FLK FM FSM FO FRO FR FRA GA GAB GB GBR GD GRD GE GEO GF GUF GG GGY GH GHA GI GIB GL GRL
GM GMB GN GIN GP GLP GQ GNQ GR GRC GS SGS GT GTM GU GUM GW GNB GY GUY HK HKG HM HMD HN HND HR HRV
HT HTI HU HUN ID IDN IE IRL IL ISR IM IMN IN IND IO IOT IQ IRQ IR IRN IS ISL IT ITA JE JEY JM JAM
JO JOR JP JPN KE KEN KG KGZ KH KHM KI KIR KM COM KN KNA KP PRK KR KOR KW KWT KY CYM KZ KAZ LA LAO
LB LBN LC LCA LI LIE LK LKA LR LBR LS LSO LT LTU LU LUX LV LVA LY LBY MA MAR MC MCO MD MDA ME MNE
MF MAF MG MDG MH MHL MK MKD ML MLI MM MMR MN MNG MO MAC MP MNP MQ MTQ MR MRT MS MSR MT MLT MU MUS
MV MDV MW MWI MX MEX MY MYS MZ MOZ NA NAM NC NCL NE NER NF NFK NG NGA NI NIC NL NLD NO NOR NP NPL
NR NRU NU NIU NZ NZL OM OMN PA PAN PE PER PF PYF PG PNG PH PHL PK PAK PL POL PM SPM PN PCN PR PRI
PS PSE PT PRT PW PLW PY PRY QA QAT RE REU RO ROU RS SRB RU RUS RW RWA SA SAU SB SLB SC SYC SD SDN
SE SWE SG SGP SH SHN SI SVN SJ SJM SK SVK SL SLE SM SMR SN SEN SO SOM SR SUR SS SSD ST STP SV SLV
SX SXM SY SYR SZ SWZ TC TCA TD TCD TF ATF TG TGO TH THA TJ TJK TK TKL TL TLS TM TKM TN TUN TO TON
TR TUR TT TTO TV TUV TW TWN TZ TZA UA UKR UG UGA UM UMI US USA UY URY UZ UZB VA VAT VC VCT VE VEN
VG VGB VI VIR VN VNM VU VUT WF WLF WS WSM XK XKX YE YEM YT MYT ZA ZAF ZM ZMB ZW ZWE
"""
ALPHA3: Mapping[str, str] = dict(zip(_CODES.split()[::2], _CODES.split()[1::2], strict=True))
#: What else offices write. A name that stands for several (Korea, 刚果, Congo) is not here.
_ALSO = {
    "USA": "美|美籍|美利坚合众国|us|u.s.|u.s.a.|america|united states of america|american",
    "GBR": "英|英籍|大不列颠|大不列颠及北爱尔兰联合王国|uk|u.k.|great britain|britain|england|"
    "british|scotland|wales|united kingdom of great britain and northern ireland",
    "FRA": "法|法籍|法兰西|french",
    "DEU": "德|德籍|德意志|germany|german",
    "RUS": "俄|俄国|俄籍|俄罗斯联邦|russian federation|russian",
    "JPN": "日|日籍|japanese",
    "KOR": "韩|韩籍|大韩民国|南韩|republic of korea|korea, republic of|rok",
    "PRK": "朝|朝鲜民主主义人民共和国|dprk|democratic people's republic of korea",
    "CAN": "加拿大籍|canadian",
    "AUS": "澳|澳洲|澳籍|澳大利亚籍|australian",
    "ITA": "意|italian",
    "ESP": "西班牙籍|spanish",
    "IND": "印度籍|indian",
    "NLD": "holland|dutch|the netherlands",
    "VNM": "越南社会主义共和国|viet nam|vietnamese",
    "LAO": "老挝人民民主共和国|lao pdr",
    "IRN": "iran, islamic republic of|iranian",
    "SYR": "syrian arab republic",
    "CZE": "捷克共和国|czech republic|czech",
    "TUR": "turkey|turkiye|turkish",
    "MKD": "马其顿|macedonia",
    "SWZ": "斯威士兰|swaziland",
    "CIV": "科特迪瓦|象牙海岸|ivory coast",
    "COD": "刚果金|刚果民主共和国|dr congo|democratic republic of the congo|drc",
    "COG": "刚果布|刚果共和国|republic of the congo",
    "ARE": "阿联酋|uae|u.a.e.",
    "BIH": "波黑|bosnia",
    "MMR": "burma",
    "TZA": "united republic of tanzania",
    "SAU": "沙特",
    "MDA": "republic of moldova",
    "BOL": "bolivia, plurinational state of",
    "VEN": "venezuela, bolivarian republic of",
    "PSE": "巴勒斯坦|palestine",
    "UKR": "ukrainian",
    "PNG": "巴新",
    "KAZ": "哈萨克",
    "UZB": "乌兹别克",
    "KGZ": "吉尔吉斯",
    "TJK": "塔吉克",
    "TKM": "土库曼",
    "BRA": "brazilian",
    "MYS": "大马|malaysian",
    "SGP": "singaporean",
    "PHL": "the philippines|filipino",
    "POL": "polish",
    "CHE": "swiss",
    "SWE": "swedish",
    "PAK": "巴铁|pakistani",
    "EGY": "egyptian",
    "ZAF": "south african",
    "NZL": "纽西兰",
    "HKG": "香港|中国香港|香港特别行政区|香港特区|hong kong|hongkong|hong kong, china|hk|hksar",
    "MAC": "澳门|中国澳门|澳门特别行政区|澳门特区|macau|macao|macao, china|macau, china|"
    "macao sar",
    "TWN": "台湾|中国台湾|台湾地区|臺灣|台|taiwan|taiwan, china|chinese taipei",
    "CHN": "中华人民共和国|people's republic of china|prc|p.r. china|chinese",
}  # fmt: skip


def alpha3(name: str) -> str | None:
    """Return the three letters for a country's name or code; None when unknown or ambiguous."""
    return _table().get(compared(name))


def display_name(code: str, language: str) -> str:
    """Return the name of a country, as an export writes it."""
    short = next((two for two, three in ALPHA3.items() if three == code), "")
    return str(Locale(language).territories.get(short, code))


@cache
def _table() -> Mapping[str, str]:
    table: dict[str, str] = {}
    for language in ("zh", "en"):
        names = Locale(language).territories
        table |= {compared(names[two]): three for two, three in ALPHA3.items() if two in names}
    for two, three in ALPHA3.items():
        table[two.lower()] = table[three.lower()] = three
    for three, also in _ALSO.items():
        table |= {compared(name): three for name in also.split("|")}
    return table
