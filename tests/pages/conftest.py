"""What every page test needs: a browser, and the page's folder as its sample program writes it, at two widths in
light and dark."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from browser import Browser, find

SHAPES = [(width, theme) for width in (1280, 400) for theme in ("light", "dark")]


def sample(name):
    """A program that stands beside the one of TICKWERK_SAMPLE_PAGE; skips where that is not said."""
    named = os.environ.get("TICKWERK_SAMPLE_PAGE")
    if not named:
        pytest.skip("TICKWERK_SAMPLE_PAGE names no program that writes a page")
    return Path(named).with_name(name)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    path = find()
    if not path:
        pytest.skip("there is no Chromium: `setup/packages test` installs it, TICKWERK_CHROMIUM names another")
    opened = Browser(path, tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def folder(request, tmp_path_factory):
    """Written by the program that the test file names as SAMPLE."""
    written = tmp_path_factory.mktemp("page")
    subprocess.run([sample(request.module.SAMPLE), str(written)], check=True, timeout=120)
    return written


@pytest.fixture(params=SHAPES, ids=lambda shape: f"{shape[0]}-{shape[1]}")
def shown(browser, folder, request):
    """The page that the test file names as PAGE."""
    width, theme = request.param
    browser.look(width, theme=theme)
    browser.open(folder / request.module.PAGE)
    return browser


def drawn_charts(page):
    """Of each chart its title, how many marks can be seen, how many series it has and rows of its table."""
    return page.run(
        """[...document.querySelectorAll('figure.chart')].map(figure => ({
             title: figure.querySelector('b').textContent,
             marks: [...figure.querySelectorAll('.marks > *')].filter(mark => {
               const box = mark.getBBox();
               return box.width + box.height > 1;
             }).length,
             series: JSON.parse(figure.querySelector('script').textContent).series.length,
             rows: figure.querySelector('table').rows.length,
           }))"""
    )


def clipped_texts(page):
    """Texts of charts that reach beyond their plot."""
    return page.run(
        """[...document.querySelectorAll('.plot text')].filter(text => {
             const own = text.getBoundingClientRect(), plot = text.closest('svg').getBoundingClientRect();
             return own.left < plot.left - 1 || own.right > plot.right + 1 || own.bottom > plot.bottom + 1;
           }).map(text => text.textContent)"""
    )


def fits(page, caption):
    """Whether the table of that caption is shown whole, without scrolling sideways."""
    return page.run(
        f"""(box => box.scrollWidth <= box.clientWidth + 1)(
             document.querySelector('.scroll[aria-label={json.dumps(caption)}]'))"""
    )
