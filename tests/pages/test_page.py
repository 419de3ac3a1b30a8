"""A page with every kind of chart in headless Chromium: every chart draws, nothing is asked of the network,
nothing is clipped or unreadable, and what a reader does with pointer and keys has its effect."""

import os
import subprocess
from pathlib import Path

import pytest
from conftest import SHAPES


# How far two colours are apart, as WCAG 2.2 defines contrast.
CONTRAST = """
const luminance = colour => {
  const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(part => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};
const paper = getComputedStyle(document.documentElement).backgroundColor;
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    program = os.environ.get("TICKWERK_SAMPLE_PAGE")
    if not program:
        pytest.skip("TICKWERK_SAMPLE_PAGE names no program that writes the page")
    path = tmp_path_factory.mktemp("page") / "sample.html"
    subprocess.run([program, str(path)], check=True, timeout=60)
    return path


@pytest.fixture(params=SHAPES, ids=lambda shape: f"{shape[0]}-{shape[1]}")
def shown(browser, page, request):
    width, theme = request.param
    browser.look(width, theme=theme)
    browser.open(page)
    return browser


@pytest.fixture
def chart(browser, page):
    """The first chart at 1280 pixels, light, in view."""
    browser.look(1280)
    browser.open(page)
    return browser


def words(browser, script):
    return browser.run(f"(() => {{ {script} }})()")


def artefact(name):
    return Path(os.environ["TICKWERK_SAMPLE_PAGE"]).parent / "screenshots" / name


def test_one_file_that_says_nothing_on_the_console_and_asks_for_nothing(shown, page):
    assert shown.console == []
    assert shown.requests == [page.resolve().as_uri()]


def test_every_chart_draws(shown):
    drawn = words(
        shown,
        """return [...document.querySelectorAll('figure.chart')].map(figure => ({
             title: figure.querySelector('b').textContent,
             text: figure.querySelector('.plot > svg').textContent,
             marks: [...figure.querySelectorAll('.marks > *')].filter(mark => {
               const box = mark.getBBox();
               return box.width + box.height > 1;
             }).length,
             series: JSON.parse(figure.querySelector('script').textContent).series.length,
           }));""",
    )
    assert len(drawn) == 12
    for one in drawn:
        if one["title"] == "Nothing known":
            assert one["text"] == "No value to draw"
        else:
            assert one["marks"] >= one["series"], one["title"]
    assert shown.run("document.querySelectorAll('figure.heat').length") == 3
    assert shown.run("document.querySelectorAll('figure.heat td[class]').length") == 10 * 12 - 4 + 81 + 100


def test_nothing_scrolls_sideways_or_is_clipped(shown):
    assert shown.run("document.documentElement.scrollWidth <= innerWidth")
    clipped = words(
        shown,
        """return [...document.querySelectorAll('.plot text')].filter(text => {
             const own = text.getBoundingClientRect(), plot = text.closest('svg').getBoundingClientRect();
             return own.left < plot.left - 1 || own.right > plot.right + 1 || own.top < plot.top - 1 ||
                    own.bottom > plot.bottom + 1;
           }).map(text => text.textContent);""",
    )
    assert clipped == []


def test_labels_of_an_axis_do_not_overlap(shown):
    pairs = words(
        shown,
        """const pairs = [];
           for (const svg of document.querySelectorAll('.plot > svg')) {
             const texts = [...svg.querySelectorAll('text:not([transform])')];
             texts.forEach((a, i) => texts.slice(i + 1).forEach(b => {
               const p = a.getBoundingClientRect(), q = b.getBoundingClientRect();
               const apart = p.right <= q.left || q.right <= p.left || p.bottom <= q.top + 2 || q.bottom <= p.top + 2;
               if (!apart) pairs.push(a.textContent + ' / ' + b.textContent);
             }));
           }
           return pairs;""",
    )
    assert pairs == []


def test_text_and_marks_stand_out_from_their_ground(shown):
    texts = words(
        shown,
        CONTRAST
        + """return [...document.querySelectorAll('h1, h2, p, b, figcaption span, dt, dd, small, a, summary, th, td')]
             .map(node => {
               const style = getComputedStyle(node), own = style.backgroundColor;
               const ground = own === 'rgba(0, 0, 0, 0)' ? paper : own;
               return [node.textContent.slice(0, 30), contrast(style.color, ground)];
             }).filter(pair => pair[1] < 4.5);""",
    )
    assert texts == []
    marks = words(
        shown,
        CONTRAST
        + """return [...document.querySelectorAll('.marks .line')].map(node => contrast(getComputedStyle(node).stroke, paper))
             .concat([...document.querySelectorAll('.marks rect')].map(node => contrast(getComputedStyle(node).fill, paper)))
             .filter(value => value < 3);""",
    )
    assert marks == []


def test_a_screenshot_is_kept(shown, request):
    name = request.node.callspec.id
    path = artefact(f"page-{name}.png")
    shown.screenshot(path)
    assert path.stat().st_size > 20_000


def test_print_is_light_and_keeps_every_chart_within_the_sheet(browser, page):
    browser.look(1280, theme="dark")
    browser.open(page)
    browser.look(700, theme="dark", media="print")
    browser.settle()
    assert words(browser, CONTRAST + "return luminance(paper)") > 0.9
    assert browser.run("document.documentElement.scrollWidth") <= 700
    assert browser.run("[...document.querySelectorAll('.plot > svg')].every(s => s.clientWidth <= innerWidth)")
    assert browser.run("getComputedStyle(document.querySelector('details')).display") == "none"


def test_hostile_names_stay_text(chart):
    assert chart.run("document.title") == "Factor research & </script> sample"
    assert chart.run("document.querySelectorAll('td, th, text').length") > 300
    assert chart.run(
        "[...document.querySelectorAll('th')].filter(t => t.textContent === '<script>alert(1)</script>').length"
    ) == 3
    assert chart.run("document.querySelectorAll('script:not([type])').length") == 1


def place_of_plot(browser, index=0):
    browser.run(f"document.querySelectorAll('.plot')[{index}].scrollIntoView({{block: 'center'}})")
    browser.settle()
    return words(
        browser,
        f"""const box = document.querySelectorAll('.plot')[{index}].getBoundingClientRect();
            return [box.left, box.top, box.width, box.height];""",
    )


def told(browser, index=0):
    return browser.run(
        f"(t => t.hidden ? null : t.innerText)(document.querySelectorAll('.plot')[{index}].querySelector('.told'))"
    )


def test_the_pointer_tells_date_and_values_of_the_nearest_point(chart):
    left, top, width, height = place_of_plot(chart)
    assert told(chart) is None
    chart.mouse("mouseMoved", left + width - 4, top + height / 2)
    chart.settle()
    last = chart.run(
        "[...[...document.querySelectorAll('details table')[0].rows].at(-1).cells].map(cell => cell.textContent.trim())"
    )
    assert told(chart).split() == [last[0], "Strategy", last[1], "Benchmark,", "equally", "weighted", last[2]]
    chart.mouse("mouseMoved", left + width / 2, top + height + 200)
    chart.settle()
    assert told(chart) is None


def test_dragging_zooms_and_a_double_click_shows_the_whole(chart):
    left, top, width, height = place_of_plot(chart)
    years = "[...document.querySelectorAll('.plot')[0].querySelectorAll('text')].map(t => t.textContent).join(' ')"
    whole = chart.run(years)
    assert "2016 2017 2018" in whole
    y = top + height / 2
    chart.mouse("mousePressed", left + 200, y, button="left", clickCount=1)
    chart.mouse("mouseMoved", left + 240, y, button="left")
    chart.mouse("mouseReleased", left + 240, y, button="left", clickCount=1)
    chart.settle()
    zoomed = chart.run(years)
    assert "2016 2017 2018" not in zoomed and "2016-" in zoomed
    assert not chart.run("document.querySelector('.whole').hidden")
    for kind in ("mousePressed", "mouseReleased"):
        chart.mouse(kind, left + 300, y, button="left", clickCount=1)
    for kind in ("mousePressed", "mouseReleased"):
        chart.mouse(kind, left + 300, y, button="left", clickCount=2)
    chart.settle()
    assert chart.run(years) == whole
    assert chart.run("document.querySelector('.whole').hidden")


def test_the_keyboard_reaches_a_chart_reads_it_and_zooms(chart):
    chart.run("document.querySelector('.legend button:last-child').focus()")
    chart.key("Tab")
    if chart.run("document.activeElement.className") != "plot":
        chart.run("document.querySelector('.plot').focus()")
    chart.key("ArrowRight")
    first = chart.run("document.querySelector('[role=status]').textContent")
    assert first == "2015-01-02: Strategy 1,000,400, Benchmark, equally weighted 1,000,300"
    chart.key("End")
    assert chart.run("document.querySelector('[role=status]').textContent").startswith("2024-08-29: ")
    for _ in range(3):
        chart.key("+", "+")
    assert not chart.run("document.querySelector('.whole').hidden")
    chart.key("Escape")
    assert chart.run("document.querySelector('.whole').hidden")
    assert told(chart) is None


def test_zooming_in_for_ever_ends_at_neighbouring_points(chart):
    for index in range(chart.run("document.querySelectorAll('.plot').length")):
        chart.run(f"document.querySelectorAll('.plot')[{index}].focus()")
        for _ in range(20):
            chart.key("+", "+")
        assert chart.console == []


def test_the_legend_hides_a_series_and_says_so(chart):
    lines = "document.querySelectorAll('.plot')[0].querySelectorAll('.marks .line').length"
    button = "document.querySelectorAll('.legend')[0].querySelector('button')"
    assert chart.run(lines) == 2
    chart.run(f"{button}.click()")
    assert chart.run(lines) == 1
    assert chart.run(f"{button}.getAttribute('aria-pressed')") == "false"
    chart.run("document.querySelectorAll('.legend')[0].querySelectorAll('button')[1].click()")
    assert chart.run("document.querySelector('.plot > svg').textContent") == "No value to draw"


def test_every_chart_has_an_alternative_text_and_a_table(chart):
    figures = words(
        chart,
        """return [...document.querySelectorAll('figure')].map(figure => ({
             label: figure.querySelector('[aria-label]').getAttribute('aria-label'),
             reachable: figure.querySelector('[aria-label]').tabIndex,
             rows: figure.querySelector('table').rows.length,
           }));""",
    )
    assert len(figures) == 15
    for figure in figures:
        assert len(figure["label"]) > 20 and figure["reachable"] == 0 and figure["rows"] > 2
    assert chart.run("new Set([...document.querySelectorAll('[id]')].map(n => n.id)).size") == chart.run(
        "document.querySelectorAll('[id]').length"
    )
