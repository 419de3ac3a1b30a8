"""The page of a model zoo in headless Chromium: every chart draws, every model has its row, what cannot be judged says
so, and names stay text."""

from conftest import drawn_charts, fits, sample

SAMPLE = "sample_zoo_page"
MODELS = ["linear", "ridge_0.1", "ridge_1", "ridge_10", "lasso_9"]
PAGE = "ml_model_zoo_report.html"


def test_nothing_on_the_console_nothing_asked_for_nothing_sideways(shown, folder):
    assert shown.console == []
    assert shown.requests == [(folder / PAGE).resolve().as_uri()]
    assert shown.run("document.documentElement.scrollWidth <= innerWidth")


def test_every_chart_draws(shown):
    drawn = drawn_charts(shown)
    assert [one["title"] for one in drawn] == [
        "Mean rank IC by model",
        "Rank IC, cumulative sum",
        "Top fifth less bottom fifth, compounded",
        "R\u00b2 of the test by split",
        "Gap by split",
    ]
    for one in drawn:
        assert one["series"] == (1 if one["title"] == "Mean rank IC by model" else len(MODELS))
        assert one["marks"] > 0, one["title"]
    assert shown.run("document.querySelectorAll('figure.heat tbody tr').length") == 2


def test_a_screenshot_is_kept(shown, request):
    path = sample(SAMPLE).parent / "screenshots" / f"zoo-{request.node.callspec.id}.png"
    shown.screenshot(path)
    assert path.stat().st_size > 20_000


def test_every_model_has_a_row_and_the_constant_one_says_why(browser, folder):
    browser.look(1280)
    browser.open(folder / PAGE)
    rows = browser.run(
        "[...document.querySelector('section table').tBodies[0].rows].map(r => [...r.cells].map(c => c.textContent))"
    )
    assert sorted(row[0] for row in rows) == sorted(MODELS)
    assert rows[-1][0] == "lasso_9"
    assert rows[-1][-1].startswith("not available")
    assert browser.run("!/NaN|undefined|null/.test(document.querySelector('main').innerText)")
    assert browser.run("document.querySelectorAll('summer').length") == 0


def test_the_page_is_below_a_megabyte(folder):
    assert (folder / PAGE).stat().st_size < 1_000_000


def test_no_verdict_is_cut_at_1280(browser, folder):
    browser.look(1280)
    browser.open(folder / PAGE)
    assert fits(browser, "5 models, the largest t first")
