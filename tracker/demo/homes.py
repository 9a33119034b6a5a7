"""The buildings where the invented staff live. Flushes only."""

from tracker.accounts import service as accounts
from tracker.housing import service
from tracker.housing.models import Building


def build(*, keeper: str) -> list[Building]:
    """Put up two buildings with floors and rooms, for which the account `keeper` answers."""
    answers = accounts.get(keeper).id
    east = service.add_building(
        name_zh="东院外专楼", name_en="East Campus Experts' House", campus="东院",
        address="某市大学路299号东院外专楼", gas=True, lift=True, keeper_id=answers,
    )  # fmt: skip
    for level in range(2, 7):
        doors = [f"{level}{number:02}" for number in range(1, 13)]
        service.add_rooms(east, doors, level=level, beds=2)
        service.add_rooms(east, [f"{level}F 走廊 corridor"], level=level, use="shared")
    service.add_rooms(east, ["门厅 lobby", "1F 厨房 kitchen"], level=1, use="shared")
    service.add_rooms(east, ["配电间 switch room"], level=-1, use="plant")
    west = service.add_building(
        name_zh="西院外专楼", name_en="West Campus Experts' House", campus="西院",
        address="某市大学路129号西院外专楼", night_patrol=True,
    )  # fmt: skip
    for level in (1, 2):
        doors = [f"{level}{number:02}" for number in range(1, 9)]
        service.add_rooms(west, doors, level=level)
    return [east, west]
