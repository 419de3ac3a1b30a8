"""The page of a meta-model that was trained on entries over the synthetic market, in headless Chromium: the verdict stands
first, every chart draws, nothing is asked of the network, and what is on the page is in the Markdown text and the JSON."""

import json
import subprocess

from conftest import clipped_texts, drawn_charts, sample

SAMPLE = "sample_ml_page"
PAGE = "ml_training_report.html"
NUM_FEATURES = 9
NUM_FOLDS = 5
CHARTS = {
    "AUC of each fold, above 0.5": 1,
    "Said and come true": 3,
    "Importance of features": 3,
    "Loss by number of trees": 3,
    "Rows by year and class": 2,
}


def test_nothing_on_the_console_nothing_asked_for_nothing_sideways(shown, folder):
    assert shown.console == []
    assert shown.requests == [(folder / PAGE).resolve().as_uri()]
    assert shown.run("document.documentElement.scrollWidth <= innerWidth")


def test_every_chart_draws(shown):
    drawn = drawn_charts(shown)
    assert {one["title"]: one["series"] for one in drawn} == CHARTS
    for one in drawn:
        assert one["marks"] >= one["series"], one["title"]


def test_every_bin_that_is_drawn_has_its_dot_and_its_whisker(shown):
    drawn = shown.run(
        """(() => {
             const figure = [...document.querySelectorAll('figure.chart')].find(one => /come true/.test(one.textContent));
             const series = JSON.parse(figure.querySelector('script').textContent).series;
             const values = one => one.values.filter(value => value !== null).length;
             return {
               dots: figure.querySelectorAll('.marks circle').length,
               whiskers: figure.querySelectorAll('.marks .whisker').length,
               known: series.filter(one => one.dots).map(values),
             };
           })()"""
    )
    assert drawn["dots"] == sum(drawn["known"])
    assert drawn["whiskers"] == drawn["known"][0]
    assert drawn["known"][0] >= 5


def test_no_text_is_clipped(shown):
    assert clipped_texts(shown) == []


def test_a_screenshot_is_kept(shown, request):
    path = sample(SAMPLE).parent / "screenshots" / f"ml-{request.node.callspec.id}.png"
    shown.screenshot(path)
    assert path.stat().st_size > 20_000


def test_the_verdict_stands_first_and_is_that_of_the_json(browser, folder):
    browser.look(1280)
    browser.open(folder / PAGE)
    metrics = json.loads((folder / "ml_training_metrics.json").read_text())
    assert browser.run("document.querySelector('section p').textContent") == metrics["verdict"]
    assert metrics["verdict"] in (folder / "ml_training_report.md").read_text()
    assert metrics["skill"] == "not_shown", "the synthetic market has nothing to learn for trend entries"
    assert len(metrics["folds"]) == NUM_FOLDS
    assert len(metrics["features"]) == NUM_FEATURES
    assert browser.run("!/NaN|undefined|null/.test(document.querySelector('main').innerText.replace('NaN, each', ''))")


def test_names_stay_text(browser, folder):
    browser.look(1280)
    browser.open(folder / PAGE)
    assert browser.run("[...document.querySelectorAll('td')].some(cell => cell.textContent === 'feature <b>rsi</b>')") or (
        browser.run("document.querySelector('main').textContent.includes('feature <b>rsi</b>')")
    )


def test_the_page_is_small_and_the_same_twice(folder, tmp_path):
    assert (folder / PAGE).stat().st_size < 100_000
    subprocess.run([sample(SAMPLE), str(tmp_path)], check=True, timeout=120)
    for first in folder.iterdir():
        assert (tmp_path / first.name).read_bytes() == first.read_bytes(), first.name
