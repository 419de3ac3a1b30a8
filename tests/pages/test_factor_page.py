"""The page of a factor analysis over the synthetic market in headless Chromium: every chart draws, every factor has its
row, what cannot be judged says so, and names stay text."""

import subprocess
import tempfile
from pathlib import Path

from conftest import clipped_texts, drawn_charts, fits, sample

SAMPLE = "sample_factor_page"
PAGE = "factor_analysis_sample_20d_1d_page.html"
NUM_FACTORS = 18
NUM_DRAWN = 6
STEM = "factor_analysis_sample_20d_1d"


def test_nothing_on_the_console_nothing_asked_for_nothing_sideways(shown, folder):
    assert shown.console == []
    assert shown.requests == [(folder / PAGE).resolve().as_uri()]
    assert shown.run("document.documentElement.scrollWidth <= innerWidth")


def test_every_chart_draws(shown):
    drawn = drawn_charts(shown)
    titles = [one["title"] for one in drawn]
    buckets = [title for title in titles if title.count(" ") == 0]
    assert len(buckets) == NUM_DRAWN
    assert [title for title in titles if title not in buckets] == [
        "Rank IC, mean of 63 bars",
        "Rank IC, cumulative sum",
        "Mean rank IC by horizon",
        "Top less bottom, compounded",
        "Turnover by horizon",
        "Mean rank IC by regime",
    ]
    for one in drawn:
        assert one["series"] == (2 if one["title"] in buckets else NUM_DRAWN)
        assert one["marks"] >= one["series"], one["title"]
        assert one["rows"] > 3
    assert shown.run("document.querySelectorAll('figure.heat tbody tr').length") == NUM_FACTORS


def test_no_text_is_clipped(shown):
    assert clipped_texts(shown) == []


def test_a_screenshot_is_kept(shown, request):
    path = sample(SAMPLE).parent / "screenshots" / f"factors-{request.node.callspec.id}.png"
    shown.screenshot(path)
    assert path.stat().st_size > 20_000


def test_every_factor_has_a_row_and_the_one_without_order_says_why(browser, folder):
    browser.look(1280)
    browser.open(folder / PAGE)
    rows = browser.run(
        "[...document.querySelector('section table').tBodies[0].rows].map(r => [...r.cells].map(c => c.textContent))"
    )
    assert len(rows) == NUM_FACTORS
    sizes = [abs(float(row[3].replace("\u2212", "-"))) for row in rows[:-1]]
    assert sizes == sorted(sizes, reverse=True)
    assert rows[-1][0] == "constant"
    assert rows[-1][-1] == "not available: the same value for all symbols"
    assert browser.run("!/NaN|undefined|null/.test(document.querySelector('main').innerText)")


def test_no_verdict_and_no_long_short_figure_is_cut_at_1280(browser, folder):
    browser.look(1280)
    browser.open(folder / PAGE)
    for caption in ("18 factors, the largest |t| first", "Top less bottom, a year"):
        assert fits(browser, caption)


def test_names_stay_text(browser, folder):
    browser.look(1280)
    browser.open(folder / PAGE)
    assert browser.run("document.querySelectorAll('summer').length") == 0
    assert browser.run(
        "[...document.querySelectorAll('th')].filter(cell => cell.textContent.trim() === 'spring & <summer>').length"
    ) == 2


def test_the_page_is_below_a_megabyte_and_the_same_twice(folder):
    page = folder / PAGE
    assert page.stat().st_size < 1_000_000
    with tempfile.TemporaryDirectory() as again:
        subprocess.run([sample(SAMPLE), again], check=True, timeout=120)
        for first in folder.iterdir():
            assert (Path(again) / first.name).read_bytes() == first.read_bytes(), first.name
