"""The folders keep the rank table of docs/architecture.md, and the check that says so finds what it must."""

from pathlib import Path

import pytest

from ranks import read_ranks, violations

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def ranks():
    return read_ranks(ROOT / "docs" / "architecture.md")


def plant(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return root


def test_the_tree_keeps_the_table(ranks):
    assert violations(ROOT, ranks) == []


def test_every_folder_with_sources_is_checked(ranks):
    folders = {path.parent.name for path in (ROOT / "src" / "tickwerk").glob("*/*.h")}
    assert {"trace", "base", "panel"} <= folders <= set(ranks)


def test_lower_and_own_folder_may_be_included(tmp_path, ranks):
    text = '#include <vector>\n#include "tickwerk/backtest/run.h"\n#include "tickwerk/base/error.h"\n'
    assert violations(plant(tmp_path, "src/tickwerk/backtest/run.cpp", text), ranks) == []


def test_cli_may_include_any_folder(tmp_path, ranks):
    text = '#include "tickwerk/lab/profile.h"\n#include "cli/flags.h"\n'
    assert violations(plant(tmp_path, "src/cli/profile.cpp", text), ranks) == []


@pytest.mark.parametrize(
    "name, include, said",
    [
        ("src/tickwerk/base/x.cpp", '"tickwerk/market/load.h"', "rank 1 includes rank 4"),
        ("src/tickwerk/kernel/x.cpp", '"tickwerk/io/csv.h"', "rank 3 includes rank 3"),
        ("src/tickwerk/base/x.cpp", '  "tickwerk/lab/run.h"', "rank 1 includes rank 12"),
        ("src/tickwerk/lab/x.cpp", '"tickwerk/nowhere/x.h"', "without a rank"),
        ("src/tickwerk/lab/x.cpp", '"cli/flags.h"', "command line"),
        ("src/tickwerk/lab/x.cpp", '"../job/eod.h"', "full paths"),
        ("src/tickwerk/market/x.cpp", "<arrow/api.h>", "only io includes Arrow"),
        ("src/cli/x.cpp", "<parquet/arrow/reader.h>", "only io includes Arrow"),
        ("src/tickwerk/kernel/x.cpp", '"tickwerk/trace/zone.h"', "opens no zone"),
        ("src/tickwerk/kernel/x.cpp", "<fstream>", "no I/O"),
        ("src/tickwerk/shiny/x.cpp", "<vector>", "has no rank"),
    ],
)
def test_a_planted_wrong_include_is_found(tmp_path, ranks, name, include, said):
    found = violations(plant(tmp_path, name, f"#include {include}\n"), ranks)
    assert len(found) == 1
    assert found[0].startswith(name + ": ") and said in found[0]


def test_only_io_may_include_arrow(tmp_path, ranks):
    plant(tmp_path, "src/tickwerk/io/x.cpp", "#include <arrow/api.h>\n#include <parquet/file_reader.h>\n")
    assert violations(tmp_path, ranks) == []


@pytest.mark.parametrize("lines, good", [(0, False), (1, True), (6, True), (7, False)])
def test_a_header_opens_with_one_to_six_lines(tmp_path, ranks, lines, good):
    plant(tmp_path, "src/tickwerk/base/x.h", "// A line.\n" * lines + "#pragma once\n")
    assert (violations(tmp_path, ranks) == []) == good


def test_a_header_of_the_tests_may_draw_its_example(tmp_path, ranks):
    plant(tmp_path, "src/tickwerk/base/sample_test.h", "// A line.\n" * 12 + "#pragma once\n")
    assert violations(tmp_path, ranks) == []


def test_a_document_without_a_table_is_refused(tmp_path):
    plant(tmp_path, "architecture.md", "# Nothing here\n")
    with pytest.raises(ValueError, match="rank table"):
        read_ranks(tmp_path / "architecture.md")
