"""Five built pages in a browser that may ask no host: they show, in light and in dark, and the search finds.

The browser is Chromium, which is no Python package; where it is missing these tests fail, unless CITYSAFETY_NO_BROWSER=1.
"""

import os
import shutil
from pathlib import Path

import pytest

from experiments.publish import pages

pytestmark = pytest.mark.validate

PAGES = ("index.html", "scenarios.html", "ODD.html", "mechanisms.html", "reference/comparison.html")
NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 1280, 900


@pytest.fixture(scope="module")
def site():
    return pages.build()


@pytest.fixture(scope="module")
def browser():
    if os.environ.get("CITYSAFETY_NO_BROWSER") == "1":
        pytest.skip("CITYSAFETY_NO_BROWSER=1")
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, f"none of {', '.join(NAMES)} is installed; install Chromium, or set CITYSAFETY_NO_BROWSER=1"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=["light", "dark"])
def opened(browser, request):
    """A page of a browser in which every other host is refused; `asked` and `failed` hold what went wrong."""
    context = browser.new_context(color_scheme=request.param, viewport={"width": WIDTH, "height": HEIGHT}, offline=True)
    page = context.new_page()
    page.asked, page.failed = [], []
    page.on("request", lambda each: None if each.url.startswith(("file:", "data:")) else page.asked.append(each.url))
    page.on("requestfailed", lambda each: page.failed.append(each.url))
    page.on("pageerror", lambda each: page.failed.append(str(each)))
    yield page
    context.close()


def brightness(colour):
    """Of "rgb(r, g, b)", 0 black to 1 white."""
    return sum(map(float, colour.removeprefix("rgb(").removesuffix(")").split(",")[:3])) / 765


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_itself_and_asks_no_other_host(site, opened, name):
    opened.goto((site / name).as_uri(), wait_until="networkidle")
    assert (opened.asked, opened.failed) == ([], [])
    assert opened.locator("article h1").count() == 1
    broken = "images => images.filter(each => !each.complete || !each.naturalWidth).map(each => each.src)"
    assert opened.eval_on_selector_all("article img", broken) == []
    shown = brightness(opened.evaluate("getComputedStyle(document.body).backgroundColor"))
    dark = opened.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert shown < 0.3 if dark else shown > 0.8
    assert opened.evaluate("document.documentElement.scrollWidth") <= WIDTH


def test_the_search_finds_from_disk(site, opened):
    opened.goto((site / PAGES[0]).as_uri(), wait_until="networkidle")
    opened.keyboard.press("/")
    opened.keyboard.type("truce", delay=20)
    opened.wait_for_selector("text=/\\d+ results/")
    assert (opened.asked, opened.failed) == ([], [])


def test_a_request_to_another_host_is_seen(tmp_path, opened):
    page = Path(tmp_path / "page.html")
    page.write_text("<img src='http://elsewhere.example/a.png'>", "utf-8")
    opened.goto(page.as_uri(), wait_until="networkidle")
    assert opened.asked == ["http://elsewhere.example/a.png"]
