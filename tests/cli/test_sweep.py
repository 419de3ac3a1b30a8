"""Sweeps, trials on record and stress, as a user runs them."""

import csv
import math

import pytest
from conftest import sessions

SYMBOLS = ("AAA", "BBB", "CCC")


@pytest.fixture
def waves(market):
    """Three symbols that swing with a drift, so that trends begin and end."""
    rows = []
    for number, day in enumerate(sessions(320)):
        for offset, symbol in enumerate(SYMBOLS):
            price = 100 * math.exp(0.001 * number + 0.08 * math.sin(number / (9 + 4 * offset)))
            cells = [price, price * 1.01, price * 0.99, price * 1.002, 1e6]
            rows.append([day.isoformat(), symbol, *(round(cell, 4) for cell in cells)])
    return market(rows, name="waves.csv")


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def trials(folder):
    (path,) = (folder / "output" / "trials").iterdir()
    return [row for row in table(path) if not row["settings"].startswith("#")]


SWEEP = ["--sweep", "fast=2:4:1", "slow=8,12"]


def test_a_sweep_writes_its_files_and_says_the_best(tickwerk, waves, tmp_path):
    result = tickwerk("backtest", "--prices", waves, *SWEEP, "--metric", "cagr", "--top", "2")
    assert result.code == 0, result.err
    rows = table(tmp_path / "output" / "sweep_1d.csv")
    assert [(row["fast"], row["slow"]) for row in rows] == [
        (f, s) for f in ("2", "3", "4") for s in ("8", "12")
    ]
    assert all(row["failure"] == "" and row["deflated_sharpe"] != "" for row in rows)
    best = max(rows, key=lambda row: float(row["cagr"]))
    assert f"fast={best['fast']} slow={best['slow']}" in result.out.split("\n\n")[1].splitlines()[1]
    assert "6 trials on record" in result.out
    heat = table(tmp_path / "output" / "sweep_heatmap_cagr.csv")
    assert list(heat[0]) == ["fast\\slow", "8", "12"]
    assert heat[0]["12"] == rows[1]["cagr"]
    report = (tmp_path / "output" / "sweep_report_1d.md").read_text()
    for heading in ("## Best 2", "## Worst 2", "## Heat map: cagr", "## How sure", "## Configuration"):
        assert heading in report
    assert not (tmp_path / "output" / "metrics.json").exists()


def test_each_row_is_the_backtest_of_its_parameters(tickwerk, waves, tmp_path):
    assert tickwerk("backtest", "--prices", waves, *SWEEP).code == 0
    for row in table(tmp_path / "output" / "sweep_1d.csv")[:3]:
        single = tickwerk("backtest", "--prices", waves, "--param", f"fast={row['fast']}", "--param",
                          f"slow={row['slow']}", "--output", "alone", "--format", "json").json()
        for metric in ("sharpe", "cagr", "max_drawdown_pct", "turnover", "total_cost", "volatility"):
            assert single["metrics"].get(metric, single["metrics"].get("net", {}).get(metric)) == float(row[metric])


def test_the_same_sweep_again_finds_all_on_record_and_changes_no_byte(tickwerk, waves, tmp_path):
    tickwerk("backtest", "--prices", waves, *SWEEP)
    before = {p: p.read_bytes() for p in (tmp_path / "output").rglob("*") if p.is_file()}
    again = tickwerk("backtest", "--prices", waves, *SWEEP, "--threads", "1", "--format", "json").json()
    assert again["num_on_record"] == 6
    assert {p: p.read_bytes() for p in (tmp_path / "output").rglob("*") if p.is_file()} == before
    anew = tickwerk("backtest", "--prices", waves, *SWEEP, "--no-resume", "--format", "json").json()
    assert anew["num_on_record"] == 0
    assert {p: p.read_bytes() for p in (tmp_path / "output").rglob("*") if p.is_file()} == before


def test_every_backtest_is_a_trial_once(tickwerk, waves, tmp_path):
    for _ in range(2):
        assert tickwerk("backtest", "--prices", waves).code == 0
    assert len(trials(tmp_path)) == 1
    first = tickwerk("backtest", "--prices", waves, "--format", "json").json()
    assert first["metrics"]["num_trials"] == 1
    assert first["metrics"]["deflated_sharpe"] is None
    tickwerk("backtest", "--prices", waves, *SWEEP)
    tickwerk("backtest", "--prices", waves, "--strategy", "ema_trend")
    last = tickwerk("backtest", "--prices", waves, "--format", "json").json()
    assert last["metrics"]["num_trials"] == len(trials(tmp_path)) == 8
    assert 0 <= last["metrics"]["deflated_sharpe"] <= last["metrics"]["probabilistic_sharpe"]


def test_daily_is_no_trial(tickwerk, waves, tmp_path):
    assert tickwerk("daily", "--prices", waves).code == 0
    assert not (tmp_path / "output" / "trials").exists()


def test_a_damaged_record_is_named_and_left_alone(tickwerk, waves, tmp_path):
    tickwerk("backtest", "--prices", waves)
    (path,) = (tmp_path / "output" / "trials").iterdir()
    path.write_bytes(path.read_bytes()[:-20])
    damaged = path.read_bytes()
    for more in ([], SWEEP):
        result = tickwerk("backtest", "--prices", waves, *more)
        assert result.code == 3
        assert path.name in result.errors[0] and "move the file away" in result.errors[0]
        assert path.read_bytes() == damaged


def test_a_combination_that_is_refused_is_listed(tickwerk, waves, tmp_path):
    result = tickwerk("backtest", "--prices", waves, "--sweep", "fast=0,3", "--sweep", "slow=8", "--format", "json")
    assert result.code == 0, result.err
    said = result.json()
    assert said["num_failed"] == 1 and said["failed"][0]["params"] == "fast=0 slow=8"
    rows = table(tmp_path / "output" / "sweep_1d.csv")
    assert rows[0]["failure"] and not rows[0]["sharpe"] and rows[1]["sharpe"]


def test_a_best_at_the_edge_is_a_warning(tickwerk, waves):
    result = tickwerk("backtest", "--prices", waves, "--sweep", "fast=2,3")
    assert "stands at the edge of the grid (fast=" in result.out


def test_a_sweep_may_stand_in_the_configuration(tickwerk, waves, tmp_path):
    (tmp_path / "run.yaml").write_text("sweep:\n  fast: 2:4:1\n  slow: 8,12\n")
    result = tickwerk("backtest", "--prices", waves, "--config", "run.yaml", "--format", "json")
    assert result.code == 0, result.err
    assert result.json()["num_combinations"] == 6


@pytest.mark.parametrize(
    "text",
    [
        "sweep: [fast=2:4:1, slow=8]\n",
        "sweep:\n  - fast=2:4:1\n  - slow=8\n",
        "sweep: {fast: [2, 3, 4], slow: 8}\n",
        "sweep:\n  - fast: 2,3,4\n  - {slow: [8]}\n",
    ],
)
def test_a_configuration_may_list_what_is_swept(tickwerk, waves, tmp_path, text):
    (tmp_path / "run.yaml").write_text(text)
    result = tickwerk("backtest", "--prices", waves, "--config", "run.yaml")
    assert result.code == 0, result.err
    rows = table(tmp_path / "output" / "sweep_1d.csv")
    assert [(row["fast"], row["slow"]) for row in rows] == [("2", "8"), ("3", "8"), ("4", "8")]


def test_settings_are_swept_and_are_those_of_their_flags(tickwerk, waves, tmp_path):
    result = tickwerk("backtest", "--prices", waves, "--strategy", "ema_trend", "--sweep", "rebalance=daily,every(5)",
                      "top_n=1,2", "commission_bps=0,20", "--param", "fast=2", "--param", "slow=8")
    assert result.code == 0, result.err
    rows = table(tmp_path / "output" / "sweep_1d.csv")
    assert len(rows) == 8 and rows[0]["rebalance"] == "daily" and rows[-1]["rebalance"] == "every(5)"
    row = rows[5]
    flags = ["--rebalance", row["rebalance"], "--top-n", row["top_n"], "--commission-bps", row["commission_bps"]]
    alone = tickwerk("backtest", "--prices", waves, "--strategy", "ema_trend", *flags, "--param", "fast=2",
                     "--param", "slow=8", "--output", "alone", "--format", "json").json()
    assert alone["metrics"]["sharpe"] == float(row["sharpe"])
    assert len({row["sharpe"] for row in rows}) > 4


def test_parameters_of_an_imported_file_are_swept(tickwerk, waves, tmp_path):
    (tmp_path / "parts.expr").write_text("param n = 9\nabove = close > ts_mean(close, n)\n")
    (tmp_path / "mine.yaml").write_text("import: parts.expr\nlong: above\n")
    result = tickwerk("backtest", "--prices", waves, "--strategy", "mine.yaml", "--sweep", "n=5,20")
    assert result.code == 0, result.err
    rows = table(tmp_path / "output" / "sweep_1d.csv")
    assert [row["n"] for row in rows] == ["5", "20"] and rows[0]["sharpe"] != rows[1]["sharpe"]
    alone = tickwerk("backtest", "--prices", waves, "--strategy", "mine.yaml", "--param", "n=20", "--output", "alone",
                     "--format", "json").json()
    assert alone["metrics"]["sharpe"] == float(rows[1]["sharpe"])


@pytest.mark.parametrize(
    "arguments,words",
    [
        (["--sweep", "fast=5:10"], "low:high:step"),
        (["--sweep", "fast=5:10:0"], "step"),
        (["--sweep", "fast=10:5:1"], "low end"),
        (["--sweep", "fast=x"], "'fast=x'"),
        (["--sweep", "fast"], "'fast'"),
        (["--sweep", "fast=1:1e9:1"], "1000000"),
        (["--sweep", "fast=1:1001:1", "slow=1:1000:1"], "1000000 combinations"),
        (["--sweep", "fast=1,2", "fast=3"], "once only"),
        (["--sweep", "fats=1,2"], "nearest: fast"),
        (["--sweep", "symbols=AAA,BBB"], "settings are weights, top_n, max_weight"),
        (["--sweep", "rebalance=dayly,weekly"], "rebalance must be daily, weekly"),
        (["--sweep", "top_n=-1,3"], "--top-n must be a whole number"),
        (["--sweep", "fast=2,3", "--metric", "sharp"], "nearest: sharpe"),
        (["--sweep", "fast=2,3", "--top", "0"], "--top must be"),
        (["--sweep", "fast=2,3", "--stress"], "--stress must stand without --sweep"),
        (["--metric", "cagr"], "--metric must come with --sweep"),
        (["--sweep"], "--sweep must have a value"),
    ],
    ids=lambda v: " ".join(v)[:40] if isinstance(v, list) else "",
)
def test_wrong_sweeps_are_refused(refused, waves, arguments, words):
    refused(2, words, "backtest", "--prices", waves, *arguments)


def test_stress_shows_where_it_breaks(tickwerk, waves, tmp_path):
    result = tickwerk("backtest", "--prices", waves, "--param", "fast=3", "--param", "slow=8", "--stress",
                      "--format", "json")
    assert result.code == 0, result.err
    said = result.json()
    rows = table(tmp_path / "output" / "stress_1d.csv")
    assert [row["value"] for row in rows if row["stress"] == "costs"] == ["0", "1", "2", "3"]
    assert [row["value"] for row in rows if row["stress"] == "delay"] == ["1", "2", "3"]
    assert len(said["stress"]["sentences"]) == 3
    base = next(row for row in rows if row["stress"] == "costs" and row["value"] == "1")
    ledger = table(tmp_path / "output" / "equity_curve_1d.csv")
    assert math.isclose(float(base["final_pf"]) * 10_000, float(ledger[-1]["equity"]), rel_tol=1e-11)
    assert len(trials(tmp_path)) == 1
    page = (tmp_path / "output" / "stress_1d.md").read_text()
    assert all(sentence in page for sentence in said["stress"]["sentences"])
