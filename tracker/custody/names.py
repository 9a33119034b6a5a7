"""The documents that can be lodged, as letters and lists call them in both languages."""

from tracker.rules.model import Words

LODGED = {
    "passport": Words("护照", "Passport"),
    "residence_permit": Words("居留许可", "Residence permit"),
    "work_permit": Words("工作许可证", "Work permit"),
    "visa": Words("签证", "Visa"),
    "stay_certificate": Words("停留证件", "Stay certificate"),
    "hmt_travel_permit": Words("港澳台居民通行证", "Travel permit (HK, Macau, Taiwan)"),
    "hmt_residence_card": Words("港澳台居民居住证", "Residence card (HK, Macau, Taiwan)"),
    "permanent_residence_card": Words("永久居留身份证", "Permanent residence card"),
}


def named(kind: str) -> Words:
    """Return what a kind of document is called; its own name if we have none."""
    return LODGED.get(kind) or Words(kind, kind)
