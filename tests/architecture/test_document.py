"""The files that docs/architecture.md names are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = re.compile(r"x(_test|_bench)?\.cpp")
PLACES = (ROOT, ROOT / "src", ROOT / "src" / "tickwerk", ROOT / "src" / "cli")
NAMED = re.findall(r"`((?:[\w.-]+/)*[\w.-]+\.(?:h|cpp|md|cmake))`",
                   (ROOT / "docs" / "architecture.md").read_text())


FILES = sorted(name for name in set(NAMED) if not EXAMPLES.fullmatch(name))


@pytest.mark.parametrize("name", FILES)
def test_the_named_file_exists(name):
    assert any((place / name).is_file() for place in PLACES)


def test_the_document_names_files():
    assert "job/backtest_job.h" in NAMED
