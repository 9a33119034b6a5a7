"""Every page there is, for pictures and for the checks that hold on all of them.

A new page needs a line here.
"""

from dataclasses import dataclass

from playwright.sync_api import Page, Response

from tests import seeds
from tracker.core import clock
from tracker.demo import rounds

ALL = ("admin", "officer", "head", "auditor", "unit_secretary", "inspector", "expert")
OFFICE = ("officer",)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the seeded installation: its name in file names, its address, whose it is."""

    name: str
    path: str
    roles: tuple[str, ...] = OFFICE
    status: int = 200
    #: A link on that page, by its selector, that leads to the page meant.
    link: str = ""

    @property
    def seeded(self) -> bool:
        """Tell whether it is about somebody or something of the seeded office."""
        path = self.path.partition("?")[0]
        return bool(self.link) or any(part.isdecimal() for part in path.split("/"))


def visit(page: Page, entry: Entry) -> Response:
    """Open a page of the seeded installation."""
    answer = page.goto(entry.path)
    if entry.link:
        answer = page.goto(page.locator(entry.link).first.get_attribute("href") or "")
    assert answer is not None
    return answer


#: Opened signed in, in an office of invented staff (tests/seeds.py).
PAGES = (
    Entry("board", "/", ALL),
    Entry("overdue", "/?part=overdue"),
    Entry("week", "/?week=2026-12-01"),
    Entry("conflicts", "/?conflicts=act", ("officer", "unit_secretary")),
    Entry("people", "/people", ("officer", "unit_secretary")),
    Entry("people-filtered", "/people?nationality=DEU&status=all&sort=-next"),
    Entry("nobody", "/people?q=nobodyatall"),
    Entry("accounts", "/accounts", ("admin",)),
    Entry("new-account", "/accounts/new?role=unit_secretary", ("admin",)),
    Entry("account", "/accounts/2", ("admin",)),
    Entry("audit", "/audit", ("admin", "auditor")),
    Entry("own-password", "/account/password", ("officer", "expert")),
    Entry("person", "/people/4"),
    Entry("new-person", "/people/new"),
    Entry("kinds", "/people/4/record"),
    Entry("renewal", "/people/4/record/residence_permit"),
    Entry("lodging", "/people/4/record/accommodation"),
    Entry("correction", "/people/4/documents/passport/1"),
    Entry("particulars", "/people/4/edit"),
    Entry("departure", "/people/4/depart"),
    Entry("settle", "/people/4", link="a[href*='/settle']"),
    Entry("filed", "/people/4", link="a[href*='/filed']"),
    Entry("as-at", "/people/8?on=2026-01-01"),
    Entry("my-papers", "/people/1", ("expert",)),
    Entry("projects", "/projects", ("officer", "unit_secretary")),
    Entry("project", "/projects", link="td.what a[href^='/projects/']"),
    Entry("project-new", "/projects/new"),
    Entry("honours", "/projects/honours"),
    Entry("notice-desk", "/notices/desk", ("officer", "head")),
    Entry("notice-sent", "/notices/desk/1", ("officer", "auditor")),
    Entry("notice-draft", "/notices/desk/3"),
    Entry("notice-form", "/notices/desk/2/edit"),
    Entry("notices", "/notices", ("officer", "expert")),
    Entry("notice", "/notices/1"),
    Entry("happened", "/people/4/happened"),
    Entry("leaving-form", "/people/4/happened/leaving"),
    Entry("arrived-form", "/people/15/happened/arrived"),
    Entry("arriving", "/arriving", ("officer", "unit_secretary")),
    Entry("leaving", "/leaving", ("officer", "head")),
    Entry("closing", "/closing", ("officer", "auditor")),
    Entry("erase", "/closing", ("admin",), link="a[href$='/closing'].btn"),
    Entry("cases", "/cases", ("officer", "head", "unit_secretary")),
    Entry("cases-planning", "/cases?state=planning"),
    Entry("cases-closed", "/cases?closed=1"),
    Entry("case", "/cases/1", ("officer", "head")),
    Entry("case-accepted", "/cases/5"),
    Entry("case-slips", "/cases/2?step=RENEW-RP-FILE&to=2027-03-01"),
    Entry("case-move", "/cases/1/move?to=submitted"),
    Entry("case-portal", "/cases/1/portal"),
    Entry("case-new", "/people/4/cases/new"),
    Entry("cases-open", "/cases/open?month=2027-01"),
    Entry("buildings", "/buildings", ("officer", "inspector", "head")),
    Entry("building", "/buildings/1", ("officer", "inspector", "head")),
    Entry("building-new", "/buildings/new?name=东院外专楼"),
    Entry("building-edit", "/buildings/1/edit"),
    Entry("rooms-add", "/buildings/1/rooms/add"),
    Entry("rooms-import", "/buildings/1/rooms/import"),
    Entry("room", "/rooms/1", ("officer", "inspector")),
    Entry("inspections", "/inspections", ("officer", "inspector", "head")),
    Entry("inspection", f"/inspections/{rounds.named('joint')}", ("inspector", "head")),
    Entry("inspection-plans", "/inspections/plans", ("officer", "head")),
    Entry("inspection-template", "/inspections/template", ("officer",)),
    Entry("inspection-template-edit", "/inspections/template/edit"),
    Entry("residents", "/residents", ("officer", "head")),
    Entry("residents-of", "/buildings/1/residents?state=registered"),
    Entry("emergency", "/buildings/1/emergency"),
    Entry("move", "/people/4/move?building=1"),
    Entry("move-out", "/people/1/move-out"),
    Entry("move-floor", "/buildings/1/move?level=2"),
    Entry("hazards", "/hazards", ("officer", "auditor", "inspector", "unit_secretary")),
    Entry("hazards-none", "/hazards?kind=R&state=done"),
    Entry("hazards-figures", "/hazards/figures"),
    Entry("hazard-new", "/hazards/new", ("officer", "inspector")),
    Entry("hazard", "/hazards/25", ("officer", "head")),
    Entry("hazard-done", "/hazards/27"),
    Entry("hazard-major", "/hazards/31"),
    Entry("hazard-letters", "/hazards/25/letters?to=owner"),
    Entry("answers", "/answers"),
    Entry("answers-done", "/answers?done=yes"),
    Entry("answer", "/answers/1"),
    Entry("answer-leaving", "/answers/3"),
    Entry("calendar", "/calendar", ("officer", "unit_secretary", "expert")),
    Entry("calendar-list", "/calendar?view=list&kind=due"),
    Entry("calendar-provisional", "/calendar?month=2028-01"),
    Entry("calendar-day", f"/calendar/{clock.today()}"),
    Entry("years", "/calendar/years", ("officer", "auditor")),
    Entry("year-running", "/calendar/years/3"),
    Entry("year-check", "/calendar/years/4"),
    Entry("feeds", "/calendar/feeds", ("officer", "unit_secretary", "expert")),
    Entry("health", "/health", ("officer", "head")),
    Entry("health-schedule", "/health/1", ("officer", "head")),
    Entry("health-over", "/health/2?round=19"),
    Entry("health-form", "/health/1/edit"),
    Entry("health-results", "/health/1/rounds/0/results"),
    Entry("health-missing", "/health/2/missing"),
    Entry("health-person", "/people/1/health"),
    Entry("my-health", "/my/health", ("expert",)),
    Entry("health-unit", "/health/unit", ("unit_secretary",)),
    Entry("imports", "/imports", ("officer", "admin")),
    Entry("import-running", "/imports/2"),
    Entry("import-mistakes", "/imports/1"),
    Entry("import-changed", "/imports/1?list=updated"),
    Entry("import-new", "/imports/1?list=created"),
    Entry("import-batch", "/imports/batches/2"),
    Entry("reminders", "/reminders", ("officer", "auditor")),
    Entry("coming-letter", "/reminders", link="a[href*='/reminders/letter?']"),
    Entry("import-decision", "/reminders/imports/2"),
    Entry("why-search", "/reminders/why?q=a", ("officer", "auditor")),
    Entry("why", "/reminders/why/4", ("officer", "auditor")),
    Entry("letters-texts", "/reminders/letters", ("officer", "auditor")),
    Entry("letter-text", "/reminders/letters/expert.en"),
    Entry("ladder", "/reminders/ladder", ("officer", "auditor")),
    Entry("delivery", "/delivery", ("officer", "auditor")),
    Entry("letter", "/delivery/1"),
    Entry("trips", "/whereabouts", ("officer", "head", "unit_secretary")),
    Entry("trips-late", "/whereabouts?view=late"),
    Entry("trips-coming", "/whereabouts?view=coming"),
    Entry("trip", "/whereabouts?view=coming", link="td.what a[href*='/whereabouts/trips/']"),
    Entry("trip-form", "/people/4/trips/new"),
    Entry("trip-form-own", "/people/1/trips/new", ("expert",)),
    Entry("who-is-where", "/whereabouts/today", ("officer", "inspector")),
    Entry("who-is-where-all", "/whereabouts/today?place=all"),
    Entry("custody", "/custody", ("officer", "auditor")),
    Entry("custody-out", "/custody?view=out"),
    Entry("custody-late", "/custody?view=late"),
    Entry("custody-authority", "/custody?view=authority"),
    Entry("custody-item", "/custody?view=late", link="td.what a[href*='/custody/items/']"),
    Entry("custody-unknown", "/custody/unknown"),
    Entry("custody-lodge", "/people/4/lodge"),
    Entry("stock", "/custody/stock"),
    Entry("stock-take", "/custody/stock/2"),
    Entry("cabinets", "/custody/cabinets"),
    Entry("tokens", "/account/tokens", ("officer", "expert")),
    Entry("interface", "/api/docs"),
    Entry("missing", "/nothing-here", ("officer",), status=404),
)
#: Opened by somebody who has not signed in.
OUTSIDE = (
    Entry("sign-in", "/sign-in", ()),
    Entry("phone", "/phone/", ()),
    Entry("answer-choose", f"/answer/{seeds.OPEN_TOKEN}", ()),
    Entry("answer-filed", f"/answer/{seeds.OPEN_TOKEN}/filed", ()),
    Entry("answer-permit", f"/answer/{seeds.OPEN_TOKEN}/permit", ()),
    Entry("answer-paper", f"/answer/{seeds.OPEN_TOKEN}/paper", ()),
    Entry("answer-not-me", f"/answer/{seeds.OPEN_TOKEN}/not_me", ()),
    Entry("answer-thanks", f"/answer/{0:043}/thanks/{'a' * 32}", ()),
    Entry("answer-gone", "/answer/nothing", (), status=404),
    Entry("away", f"/away/{seeds.TRIP_TOKEN}", ()),
    Entry("away-form", f"/away/{seeds.TRIP_TOKEN}/new", ()),
    Entry("away-gone", "/away/nothing", (), status=404),
    Entry("notices-outside", "/notices", ()),
    Entry("notice-one-language", "/notices/2", ()),
    Entry("notice-gone", "/notices/mine/nothing", (), status=404),
    Entry("link-gone", "/password/nothing", (), status=404),
)
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
