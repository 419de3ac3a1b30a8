"""`tickwerk backtest` and `daily` as a user meets them: files, notes, limits, the kill switch."""

import csv

import pytest

from conftest import files_below

QUICK = ["--param", "fast=2", "--param", "slow=4"]
ORDERS = "Ticker,Side,Quantity,PriceType,Comment"


@pytest.fixture
def daily(tickwerk, market):
    path = market()

    def run(*arguments, **options):
        return tickwerk("daily", "--prices", path, *QUICK, *arguments, **options)

    return run


def test_backtest_leaves_the_files_of_its_help(tickwerk, market, tmp_path):
    result = tickwerk("backtest", "--prices", market(), *QUICK, "--output", "results")
    assert result.code == 0, result.err
    *outputs, trials = files_below(tmp_path / "results")
    assert outputs == [
        "equity_curve_1d.csv",
        "metrics.json",
        "orders_1d.csv",
        "performance_report_1d.md",
        "trades_1d.csv",
    ]
    assert trials.startswith("trials/") and trials.endswith(".csv")
    words = tickwerk("help", "backtest").out
    for name in (*outputs, "folder trials"):
        assert name in words


def test_trades_are_left_out_when_told(tickwerk, market, tmp_path):
    assert tickwerk("backtest", "--prices", market(), *QUICK, "--no-trades").code == 0
    assert "trades_1d.csv" not in files_below(tmp_path / "output")


@pytest.mark.parametrize("command", ["backtest", "daily"])
def test_json_is_one_document_and_nothing_else(tickwerk, market, command):
    result = tickwerk(command, "--prices", market(), *QUICK, "--format", "json", "--verbose")
    assert result.code == 0, result.err
    assert isinstance(result.json(), dict)
    assert all(line.startswith("tickwerk: ") for line in result.err.splitlines())


def test_without_prices_the_synthetic_market_is_said(tickwerk):
    loud = tickwerk("backtest", "--no-trades", "--to", "2016-01-01")
    assert loud.code == 0, loud.err
    assert "synthetic market of BACKTEST_MEDIUM, 200 symbols x 2520 sessions, seed 42" in loud.err
    quiet = tickwerk("backtest", "--no-trades", "--to", "2016-01-01", "--quiet")
    assert quiet.err == ""
    assert quiet.out == loud.out


def test_threads_do_not_change_a_byte(tickwerk, market, tmp_path):
    path = market()
    for threads in ("1", "2"):
        assert tickwerk("backtest", "--prices", path, *QUICK, "--threads", threads, "--output", threads).code == 0
    for name in files_below(tmp_path / "1"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_orders_carry_the_date_they_are_decided_on(daily, tmp_path):
    assert daily("--date", "2024-02-12").code == 0
    lines = (tmp_path / "output" / "orders_20240212.csv").read_text().splitlines()
    assert lines[0] == ORDERS
    assert daily().code == 0
    assert (tmp_path / "output" / "orders_20240213.csv").exists()


def test_no_holdings_means_that_everything_is_bought(daily, tmp_path):
    """Both symbols rise, so both are wanted: two buys from nothing."""
    assert daily("--positions", "none").code == 0
    with open(tmp_path / "output" / "orders_20240213.csv") as file:
        rows = list(csv.DictReader(file))
    assert [(row["Ticker"], row["Side"], row["PriceType"]) for row in rows] == [
        ("AAA", "BUY", "MOO"),
        ("BBB", "BUY", "MOO"),
    ]


def test_kill_switch_leaves_an_empty_order_file_and_says_so(daily, tmp_path):
    result = daily("--positions", "none", env={"TICKWERK_KILL_SWITCH": "1"})
    assert result.code == 0
    assert "kill switch" in result.err
    assert (tmp_path / "output" / "orders_20240213.csv").read_text().strip() == ORDERS


def test_day_without_a_session_names_the_nearest(refused, market):
    refused(2, ["2024-02-10", "2024-02-09", "2024-02-12"], "daily", "--prices", market(), "--date", "2024-02-10")


@pytest.mark.parametrize("limit", [["--max-orders", "1"], ["--max-notional", "5"], ["--max-order-weight", "0.1"]])
def test_limit_that_is_passed_is_an_error(daily, tmp_path, limit):
    result = daily("--positions", "none", *limit)
    assert result.code != 0
    assert len(result.errors) == 1
    assert limit[0][2:].replace("-", "_") in result.errors[0] and limit[1] in result.errors[0]
    assert not (tmp_path / "output" / "orders_20240213.csv").exists()


def test_missing_positions_are_named(refused, market):
    refused(3, "mine.csv", "daily", "--prices", market(), "--positions", "mine.csv")


def test_unknown_benchmark_offers_the_nearest(refused, market):
    refused(3, ["AAAA", "nearest: AAA"], "backtest", "--prices", market(), "--benchmark", "AAAA")


def test_strategy_and_parameters_out_of_range_are_refused(refused, market):
    refused(2, ["n of ema", "-1"], "backtest", "--prices", market(), "--param", "fast=-1")
