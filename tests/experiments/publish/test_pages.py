"""The documentation builds without a warning, needs no other host, and each fault that it may have is refused."""

import re
import shutil
from pathlib import Path

import pytest

import citysafety
from experiments.publish import pages

ROOT = Path(__file__).parents[3]
SOURCES = ("citysafety", "experiments", "sim", "scenarios", "examples")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The pages, built from the files here but into another folder."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copy(ROOT / pages.SETTINGS, folder)
    for source in SOURCES:
        (folder / source).symlink_to(ROOT / source)
    return pages.build(folder)


def test_every_document_becomes_a_page_with_the_search_beside_it(built):
    documents = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")}
    assert documents <= {path.relative_to(built) for path in built.rglob("*.html")}
    assert (built / "search.js").is_file()
    assert (built / "assets" / "iframe-worker.js").is_file()


def test_every_page_is_in_the_menu(built):
    menu = set(re.findall(r'= "([\w/]+\.md)"', (ROOT / pages.SETTINGS).read_text("utf-8")))
    assert menu == {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}


def test_every_public_name_is_described_once():
    described = [
        name
        for path in sorted((ROOT / "docs" / "reference").glob("*.md"))
        for name in re.findall(r"^::: citysafety\.(\w+)$", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert sorted(described) == sorted(citysafety.__all__)


def test_the_reference_has_what_the_docstrings_say(built):
    page = (built / "reference" / "comparison.html").read_text("utf-8")
    assert 'id="citysafety.compare"' in page
    assert "Run every policy and the reference over the same futures." in page


def small_project(folder, text, module='"""A module."""\n'):
    """A project of one page and one module, with the settings of this one but for what names its files."""
    settings = (ROOT / pages.SETTINGS).read_text("utf-8")
    settings = re.sub(r"^nav = \[\n.*?^\]\n", "", settings, flags=re.DOTALL | re.MULTILINE)
    settings = re.sub(r"^preload_modules = .*\n", "", settings, flags=re.MULTILINE)
    (folder / pages.SETTINGS).write_text(settings, "utf-8")
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text(text, "utf-8")
    shutil.copytree(ROOT / "docs" / "assets", folder / "docs" / "assets")
    (folder / "planted.py").write_text(module, "utf-8")
    return folder


def test_a_page_without_faults_builds(tmp_path):
    site = pages.build(small_project(tmp_path, "# A page\n\n::: planted\n"))
    assert "A module." in (site / "index.html").read_text("utf-8")


UNKNOWN_PARAMETER = '''"""A module."""


def ask(city: str) -> None:
    """Ask.

    Parameters
    ----------
    town
        No parameter of that name.
    """
'''


@pytest.mark.parametrize(
    ("text", "module", "said"),
    [
        ("# A page\n\n[elsewhere](nowhere.md)\n", "", "page does not exist"),
        ("# A page\n\n[below](#nothing)\n", "", "anchor does not exist"),
        ("# A page\n\n::: planted.missing\n", "", "planted.missing"),
        ("# A page\n\n::: planted.ask\n", UNKNOWN_PARAMETER, "'town' does not appear"),
        ("# A page\n\n![a picture](https://elsewhere.example/a.png)\n", "", "index.html: https://elsewhere.example/a.png"),
        ("# A page\n\n<script src='//elsewhere.example/a.js'></script>\n", "", "index.html: //elsewhere.example/a.js"),
    ],
)
def test_a_fault_stops_the_build_and_is_named(tmp_path, text, module, said):
    with pytest.raises(pages.PagesError, match=re.escape(said)):
        pages.build(small_project(tmp_path, text, module))


@pytest.mark.parametrize(
    "text",
    [
        '<link rel="stylesheet" href="https://elsewhere.example/a.css">',
        '<img srcset="small.png 1x, https://elsewhere.example/b.png 2x">',
        '<p style="background: url(https://elsewhere.example/c.png)">',
        "<style>@import 'https://elsewhere.example/d.css';</style>",
    ],
)
def test_what_a_page_fetches_from_another_host_is_found(tmp_path, text):
    (tmp_path / "page.html").write_text(text, "utf-8")
    (tmp_path / "style.css").write_text("@font-face { src: url(//elsewhere.example/e.woff2) }", "utf-8")
    found = list(pages.foreign_requests(tmp_path))
    assert len(found) == 2
    assert all("elsewhere.example/" in each for each in found)
    assert found[1] == "style.css: //elsewhere.example/e.woff2"


def test_a_link_that_a_reader_may_follow_is_no_request(tmp_path):
    text = '<a href="https://elsewhere.example/">a</a><link rel="canonical" href="https://elsewhere.example/">'
    (tmp_path / "page.html").write_text(text, "utf-8")
    assert list(pages.foreign_requests(tmp_path)) == []
