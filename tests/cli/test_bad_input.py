"""Bad bars end in one sentence with file, row or value in it, exit code 3 and nothing half-written."""

import gzip
import os
import random

import pytest

from conftest import HEADER, bars, files_below, text_of


def changed(row, column, value):
    """The small market with one cell changed; rows count from 0, below the header."""
    rows = bars()
    rows[row][column] = value
    return text_of(rows).encode()


def twice(difference):
    rows = bars()
    copy = list(rows[4])
    copy[5] += difference
    return text_of(rows + [copy]).encode()


def without_prices():
    return text_of([row[:2] + ["", "", "", "", 5] for row in bars()]).encode()


def rubbish():
    return random.Random(1).randbytes(4000)


# What stands in the file, and what the sentence must contain: file rows count from 1, the header's.
BAD_FILES = {
    "empty": ("bars.csv", b"", ["bars.csv"]),
    "only a header": ("bars.csv", (HEADER + "\n").encode(), ["bars.csv"]),
    "unknown columns": ("bars.csv", b"a,b,c\n1,2,3\n", ["bars.csv", "a, b, c"]),
    "text as a price": ("bars.csv", changed(4, 5, "cheap"), ["bars.csv", "row 6", "close", "'cheap'"]),
    "text as a volume": ("bars.csv", changed(2, 6, "lots"), ["bars.csv", "row 4", "volume", "'lots'"]),
    "a date that is none": ("bars.csv", changed(3, 0, "2024-02-30"), ["bars.csv", "row 5", "'2024-02-30'"]),
    "a word as a date": ("bars.csv", changed(0, 0, "today"), ["bars.csv", "row 2", "'today'"]),
    "a key with other values": ("bars.csv", twice(1), ["AAA 2024-01-04", "rows 6 and 62", "102.5 and 103.5"]),
    "no price at all": ("bars.csv", without_prices(), ["bars.csv"]),
    "a row cut short": ("bars.csv", text_of(bars())[:-15].encode(), ["bars.csv", "row 61"]),
    "a gz that is cut": ("bars.csv.gz", gzip.compress(text_of(bars()).encode())[:-40], ["bars.csv.gz"]),
    "rubbish as CSV": ("bars.csv", rubbish(), ["bars.csv"]),
    "rubbish as gz": ("bars.csv.gz", b"\x1f\x8b\x08\x00" + rubbish(), ["bars.csv.gz"]),
    "rubbish as Parquet": ("bars.parquet", rubbish(), ["bars.parquet"]),
    "an empty Parquet file": ("bars.parquet", b"", ["bars.parquet"]),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file_ends_in_a_sentence(refused, tmp_path, name):
    file, content, words = BAD_FILES[name]
    (tmp_path / file).write_bytes(content)
    refused(3, words, "data", "info", file)
    refused(3, words, "backtest", "--prices", file, "--output", "results")


def test_missing_file_is_named(refused):
    refused(3, "missing.csv", "data", "info", "missing.csv")
    refused(3, "missing.csv", "backtest", "--prices", "missing.csv")
    refused(3, "missing.csv", "daily", "--prices", "missing.csv")


def test_folder_without_data_is_named(refused, tmp_path):
    (tmp_path / "empty").mkdir()
    refused(3, "empty", "data", "info", "empty")
    (tmp_path / "empty" / "notes.txt").write_text("no bars\n")
    refused(3, "empty", "backtest", "--prices", "empty")


@pytest.mark.parametrize("kept", [100, 0.5, 0.99])
def test_cut_parquet_file_is_named(tickwerk, refused, market, tmp_path, kept):
    assert tickwerk("data", "convert", market(), "whole.parquet").code == 0
    content = (tmp_path / "whole.parquet").read_bytes()
    size = kept if kept > 1 else int(len(content) * kept)
    (tmp_path / "cut.parquet").write_bytes(content[:size])
    refused(3, "cut.parquet", "data", "info", "cut.parquet")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_file_without_permission_is_named(refused, market):
    path = market()
    path.chmod(0)
    sentence = refused(1, "bars.csv", "data", "info", "bars.csv")
    assert "ermission" in sentence


def test_duplicates_with_other_values_are_counted(refused, market):
    rows = bars()
    refused(
        3,
        ["AAA", "2024-01-02", "2 "],
        "data", "info", market(rows + [rows[0][:5] + [7.0, 1], rows[2][:5] + [7.0, 1]]),
    )  # fmt: skip


def test_unknown_symbols_offer_the_nearest(refused, market):
    refused(3, ["AAB", "AAA"], "backtest", "--prices", market(), "--symbols", "AAB")


def test_strict_ends_at_the_first_finding(refused, market):
    rows = bars()
    rows[4][3], rows[4][4] = rows[4][4], rows[4][3]
    refused(3, ["bars.csv", "AAA"], "backtest", "--prices", market(rows), "--strict")


def test_unwritable_output_is_named(refused, market, tmp_path):
    (tmp_path / "results").write_text("a file, not a folder\n")
    refused(1, "results", "backtest", "--prices", market(), "--output", "results")


def test_failed_run_leaves_older_results_alone(tickwerk, refused, market, tmp_path):
    path = market()
    assert tickwerk("backtest", "--prices", path).code == 0
    old = {name: (tmp_path / name).read_bytes() for name in files_below(tmp_path)}
    path.write_bytes(changed(4, 5, "cheap"))
    refused(3, "'cheap'", "backtest", "--prices", path)
    for name, content in old.items():
        if name != "bars.csv":
            assert (tmp_path / name).read_bytes() == content
