"""Input that is odd but clear is accepted, and what was done is said once on stderr."""

import random

import pytest

from conftest import HEADER, bars, text_of

PLAIN = {"bars": 60, "num_symbols": 2, "sessions": 30, "masked_bars": 0}


def info(tickwerk, *arguments):
    result = tickwerk("data", "info", *arguments, "--format", "json")
    assert result.code == 0, result.err
    facts = result.json()
    for note in facts["notes"]:
        assert result.err.count(note) == 1
    return facts


@pytest.fixture
def plain(tickwerk, market):
    return info(tickwerk, market(name="plain.csv"))


def test_plain_market_has_its_bars_and_no_notes(plain):
    assert {key: plain[key] for key in PLAIN} == PLAIN
    assert plain["first"] == "2024-01-02" and plain["last"] == "2024-02-13"
    assert plain["notes"] == []


def test_unsorted_rows_are_the_same_bars(tickwerk, market, plain):
    rows = bars()
    random.Random(7).shuffle(rows)
    assert info(tickwerk, market(rows))["fingerprint"] == plain["fingerprint"]


def test_identical_rows_count_once_and_that_is_said(tickwerk, market, plain):
    rows = bars()
    facts = info(tickwerk, market(rows + rows[:3]))
    assert facts["fingerprint"] == plain["fingerprint"]
    assert any("3" in note for note in facts["notes"])


@pytest.mark.parametrize("which,close", [("first", 100.5), ("last", 99.75)])
def test_other_values_go_on_when_told_which(tickwerk, market, tmp_path, which, close):
    rows = bars()
    path = market(rows + [rows[0][:5] + [99.75, 1000]])
    assert tickwerk("data", "convert", path, "one.csv", "--on-duplicate", which).code == 0
    first = (tmp_path / "one.csv").read_text().splitlines()[1]
    assert first.split(",")[5] == str(close)


def test_carriage_returns_are_no_part_of_a_value(tickwerk, market, plain):
    assert info(tickwerk, market(newline="\r\n"))["fingerprint"] == plain["fingerprint"]


def test_byte_order_mark_is_no_part_of_the_header(tickwerk, market, tmp_path, plain):
    (tmp_path / "bom.csv").write_bytes(b"\xef\xbb\xbf" + text_of(bars()).encode())
    assert info(tickwerk, "bom.csv")["fingerprint"] == plain["fingerprint"]


def test_lower_case_symbols_stay_as_written(tickwerk, market):
    assert info(tickwerk, market(bars(symbols=("aaa", "BBB"))))["symbols"] == ["BBB", "aaa"]


def test_one_symbol_is_a_market(tickwerk, market):
    path = market(bars(symbols=("AAA",)))
    assert info(tickwerk, path)["num_symbols"] == 1
    assert tickwerk("backtest", "--prices", path, "--param", "fast=2", "--param", "slow=4").code == 0


def test_one_bar_gives_metrics_that_are_null(tickwerk, market):
    path = market(bars(symbols=("AAA",), count=1))
    result = tickwerk("backtest", "--prices", path, "--format", "json")
    assert result.code == 0, result.err
    result.json()


def test_late_start_gap_and_early_end_are_kept(tickwerk, market):
    rows = [
        row
        for number, row in enumerate(bars())
        if not (row[1] == "BBB" and (number < 8 or 20 <= number < 24 or number > 50))
    ]
    facts = info(tickwerk, market(rows))
    assert facts["bars"] == len(rows) and facts["sessions"] == 30


def test_bar_that_cannot_be_true_is_masked_and_said(tickwerk, market):
    rows = bars()
    rows[4][3], rows[4][4] = rows[4][4], rows[4][3]
    path = market(rows)
    facts = info(tickwerk, path)
    assert facts["masked_bars"] == 1
    assert any("mask" in note for note in facts["notes"])
    assert tickwerk("backtest", "--prices", path).code == 0


def test_close_only_bars_fill_at_the_close_and_not_at_the_open(tickwerk, market, refused):
    rows = [[row[0], row[1], row[5]] for row in bars()]
    path = market(rows, header="date,ticker,close")
    assert info(tickwerk, path)["fields"] == ["close"]
    refused(3, ["open", "same_close"], "backtest", "--prices", path)
    assert tickwerk("backtest", "--prices", path, "--fill", "same_close").code == 0


def test_one_file_for_each_symbol_is_the_same_market(tickwerk, tmp_path, plain):
    folder = tmp_path / "each"
    folder.mkdir()
    header = HEADER.replace("symbol,", "")
    for symbol in ("AAA", "BBB"):
        rows = [[row[0]] + row[2:] for row in bars() if row[1] == symbol]
        (folder / f"{symbol}.csv").write_text(text_of(rows, header=header))
    assert info(tickwerk, folder)["fingerprint"] == plain["fingerprint"]


def test_zero_costs_are_costs(tickwerk, market):
    path = market()
    both = [
        tickwerk("backtest", "--prices", path, "--format", "json", "--output", name, *flags)
        for name, flags in {
            "a": ["--no-costs"],
            "b": ["--commission-bps", "0", "--spread-w", "0", "--impact-w", "0"],
        }.items()
    ]
    assert [r.code for r in both] == [0, 0]
    assert (path.parent / "a" / "trades_1d.csv").read_bytes() == (path.parent / "b" / "trades_1d.csv").read_bytes()


def test_range_of_dates_cuts_what_is_written(tickwerk, market, tmp_path):
    result = tickwerk(
        "data", "convert", market(), "cut.csv", "--from", "2024-01-10", "--to", "2024-01-12",
        "--symbols", "BBB",
    )  # fmt: skip
    assert result.code == 0, result.err
    lines = (tmp_path / "cut.csv").read_text().splitlines()
    assert [line.split(",")[:2] for line in lines[1:]] == [
        ["2024-01-10", "BBB"],
        ["2024-01-11", "BBB"],
        ["2024-01-12", "BBB"],
    ]
