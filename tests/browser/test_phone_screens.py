"""What holds on every screen of the page for phones; how soon a form of 56 items can be used."""

import pytest

from tests.browser import ledgers
from tests.browser.conftest import sign_in
from tests.browser.rounds import SHOT
from tests.browser.served import served
from tests.browser.test_pages import sideways, violations
from tests.files.pictures import with_traces

pytestmark = pytest.mark.browser
#: Times the processor is slowed, and how soon a form is to be usable on it, in milliseconds.
SLOWER, SOON = 4, 1000
#: Lets the inspection under way ask all its items in one place.
ALL_IN_ONE = """async () => {
  const db = await new Promise((done) => {
    const opening = indexedDB.open('tracker-phone');
    opening.onsuccess = () => done(opening.result);
  });
  const store = db.transaction('inspections', 'readwrite').objectStore('inspections');
  const [mine] = await new Promise((done) => {
    const all = store.getAll();
    all.onsuccess = () => done(all.result);
  });
  for (const item of mine.template.items) Object.assign(item, { place: 'both', applies: {} });
  await new Promise((done) => { store.put(mine).onsuccess = done; });
  db.close();
}"""
#: Returns the milliseconds from a tap, or from opening the page, until all items are drawn.
UNTIL_DRAWN = """async ([to, count]) => {
  const since = to ? performance.now() : 0;
  if (to) location.hash = to;
  const drawn = () => document.querySelectorAll('.item').length === count;
  await new Promise((done) => {
    const look = () => {
      if (drawn()) requestAnimationFrame(() => setTimeout(done));
      else setTimeout(look, 5);
    };
    look();
  });
  return performance.now() - since;
}"""
#: Returns of the photos that wait how large they are, and whether they tell more than a picture.
WAITING_PHOTOS = """async () => {
  const db = await new Promise((done) => {
    const opening = indexedDB.open('tracker-phone');
    opening.onsuccess = () => done(opening.result);
  });
  const bytes = await new Promise((done) => {
    const all = db.transaction('bytes').objectStore('bytes').getAll();
    all.onsuccess = () => done(all.result);
  });
  db.close();
  return Promise.all(bytes.map(async (each) => {
    const { width, height } = await createImageBitmap(new Blob([each]));
    const text = new TextDecoder('latin1').decode(each);
    return [width, height, text.includes('Exif') || text.includes('30.5 N')];
  }));
}"""


@pytest.fixture
def phone(phone_office, open_page):
    """A phone on which an inspector has signed in."""
    with served(phone_office) as address:
        page = open_page(address, size="phone")
        sign_in(page, "inspector")
        page.goto("/phone/")
        page.wait_for_selector(".starts")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        yield page
        page.goto("about:blank")


def go(page, address, screen):
    page.evaluate("to => { location.hash = to; }", address)
    page.wait_for_selector(f"main[data-screen={screen}]")


def begin(page, *, kind="joint"):
    """Begin an inspection of the building; return its address."""
    go(page, "/start/1", "set-up")
    page.select_option("#kind", kind)
    page.click(".bar .main")
    page.wait_for_selector("main[data-screen=building]")
    return page.evaluate("location.hash.slice(1)")


def wrong_with(page):
    """Return what is wrong with a screen, on a phone by rules and width, on a desk by width."""
    found = [*violations(page), *sideways(page)]
    page.set_viewport_size({"width": 1280, "height": 900})
    found += sideways(page)
    page.set_viewport_size({"width": 390, "height": 844})
    return found


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
def test_screens_are_accessible(phone, language, scheme):
    phone.emulate_media(color_scheme=scheme)
    go(phone, "/queue", "queue")
    if phone.locator(f".about button[lang={language}]").count():
        phone.click(f".about button[lang={language}]")
        phone.wait_for_selector(f".about button:not([lang={language}])[lang]")
    found = {"queue": wrong_with(phone)}
    go(phone, "/", "home")
    found["home"] = wrong_with(phone)
    go(phone, "/start", "start")
    found["buildings"] = wrong_with(phone)
    inspection = begin(phone)
    found["building"] = wrong_with(phone)
    go(phone, f"{inspection}/room/1", "form")
    phone.locator(".item label.fail").first.click()
    phone.wait_for_selector(".item[data-result=fail] textarea")
    found["form"] = wrong_with(phone)
    phone.fill(".item textarea", "松动")
    go(phone, f"{inspection}/finish", "finish")
    phone.fill("#accompanied", "李阿姨")
    found["finish"] = wrong_with(phone)
    phone.click(".signer")
    phone.wait_for_selector("dialog canvas")
    found["signing"] = wrong_with(phone)
    phone.keyboard.press("Escape")
    go(phone, "/hazard/3", "hazard")
    found["hazard"] = wrong_with(phone)

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_form_of_all_items_is_usable_within_a_second_on_a_slow_phone(phone, capsys):
    inspection = begin(phone)
    phone.evaluate(ALL_IN_ONE)
    to, elsewhere = f"{inspection}/room/0", f"{inspection}/finish"
    phone.context.new_cdp_session(phone).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    opened, begun = [], []
    for _ in range(3):
        go(phone, elsewhere, "finish")
        opened.append(phone.evaluate(UNTIL_DRAWN, [to, 56]))
        phone.reload()
        begun.append(phone.evaluate(UNTIL_DRAWN, [None, 56]))

    with capsys.disabled():
        print(f"\n56 items at 1/{SLOWER} speed: {min(opened):.0f} ms after a tap, "
              f"{min(begun):.0f} ms after opening the page")  # fmt: skip
    assert min(opened) < SOON
    assert min(begun) < SOON


def test_photos_leave_the_phone_upright_small_and_without_traces(phone):
    phone.context.set_offline(True)
    go(phone, "/hazard", "hazard")
    for shot in (SHOT["buffer"], with_traces(turned=6)):
        count = phone.locator(".thumb-button").count()
        phone.locator("main input[type=file]").set_input_files(
            [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": shot}]
        )
        phone.locator(".thumb-button").nth(count).wait_for()

    assert sorted(phone.evaluate(WAITING_PHOTOS)) == [[800, 1200, False], [1600, 1200, False]]


def test_door_code_leads_to_the_form_of_its_room(phone, phone_office):
    go(phone, "/room/5", "set-up")
    assert phone.input_value("#room") == "5"

    inspection = begin(phone)
    phone.evaluate("location.hash = '/room/5'")
    phone.wait_for_selector("main[data-screen=form][data-place='5']")

    assert phone.evaluate("location.hash") == f"#{inspection}/room/5"
    phone.wait_for_selector(".waiting[data-waiting='0']")
    assert [op["type"] for op in ledgers.entries(phone_office)] == ["inspection.begin"]
