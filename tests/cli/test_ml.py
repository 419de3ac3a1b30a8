"""`ml dataset`: the file a user gets, its numbers against loops of this file's own, and what is refused."""

import json
import math
import os
from pathlib import Path

import pytest

from conftest import FIRST_SESSION, bars, files_below, sessions

COST = 1.25e-4  # commission 0.5, spread 0.25, impact 0.5 basis points


def dataset(tickwerk, tmp_path, *arguments):
    """Runs the command; the rows of its file as dicts, its description, its JSON."""
    parquet = pytest.importorskip("pyarrow.parquet")
    result = tickwerk("ml", "dataset", "--format", "json", "--no-store", *arguments)
    assert result.code == 0, result.err
    said = result.json()
    table = parquet.read_table(tmp_path / said["file"])
    described = json.loads(table.schema.metadata[b"tickwerk"])
    return table.to_pylist(), described, said


def wave(symbols=("AAA", "BBB"), count=300):
    """Prices that swing, each symbol at its own pace, so that a trend strategy comes and goes."""
    rows = []
    for offset, symbol in enumerate(symbols):
        before = 100.0
        for number, day in enumerate(sessions(count)):
            close = round(100 + 20 * math.sin(number / (9 + 4 * offset)) + 0.02 * number, 2)
            high, low = max(before, close) + 0.5, min(before, close) - 0.5
            rows.append([day.isoformat(), symbol, before, high, low, close, 1000 + number])
            before = close
    return sorted(rows)


# References ---------------------------------------------------------------------------------------------------------

def ema(values, span):
    """e = x on the first bar, then (1 - a) e + a x; known from bar `span` on."""
    weight = 2 / (span + 1)
    result, state = [], None
    for number, value in enumerate(values):
        state = value if state is None else (1 - weight) * state + weight * value
        result.append(state if number + 1 >= span else math.nan)
    return result


def trades(opens, closes, fast, slow, horizon, at_open=True):
    """(entry bar, exit bar, realized return) of every complete trade of one symbol without gaps."""
    quick, slower = ema(closes, fast), ema(closes, slow)
    wants = [None if math.isnan(b) else a > b for a, b in zip(quick, slower)]
    found, held, entry, left = [], False, 0, None
    for bar, want in enumerate(wants):
        if want is None or want == held:
            continue
        held = want
        if want:
            entry, left = bar, None
            found.append([entry, None])
        else:
            found[-1][1] = bar
    result = []
    shift = 1 if at_open else 0
    for entry, left in found:
        if entry + horizon >= len(closes):
            continue
        bought = opens[entry + 1] if at_open else closes[entry]
        if left is not None and left + shift <= entry + horizon:
            out, sold = left + shift, opens[left + 1] if at_open else closes[left]
        else:
            out, sold = entry + horizon, closes[entry + horizon]
        result.append((entry, out, sold * (1 - COST) / (bought * (1 + COST)) - 1))
    return result


def by_symbol(rows, symbol):
    mine = [row for row in rows if row[1] == symbol]
    return [row[0] for row in mine], [row[2] for row in mine], [row[5] for row in mine]


# What the file holds ------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("fill", "horizon"), [("next_open", 10), ("same_close", 4)])
def test_entries_are_the_strategys_own_trades(tickwerk, market, tmp_path, fill, horizon):
    written = wave()
    rows, _, said = dataset(tickwerk, tmp_path, "--prices", market(written), "--param", "fast=5", "--param", "slow=12",
                            "--fill", fill, "--horizon", horizon)
    expected = {}
    for symbol in ("AAA", "BBB"):
        days, opens, closes = by_symbol(written, symbol)
        for entry, out, gain in trades(opens, closes, 5, 12, horizon, fill == "next_open"):
            expected[days[entry], symbol] = (days[out], days[entry + horizon], gain)
    assert len(expected) > 8
    assert {(str(row["timestamp"]), row["symbol"]) for row in rows} == set(expected)
    for row in rows:
        out, end, gain = expected[str(row["timestamp"]), row["symbol"]]
        assert (str(row["exit_time"]), str(row["label_end"])) == (out, end)
        assert row["realized_return"] == pytest.approx(gain, rel=1e-12, abs=1e-15)
        assert row["label"] == (1 if row["realized_return"] >= 0.02 else 0)
    assert said["rows"] == len(expected) and said["candidates"] >= len(expected)


def test_entries_on_real_prices(tickwerk, tmp_path):
    csv = Path(os.environ.get("TICKWERK_DATA", "../shared/data")).absolute() / "sample_20x3y.csv"
    if not csv.exists():
        pytest.skip(f"no real prices at {csv}")
    rows, _, said = dataset(tickwerk, tmp_path, "--prices", csv)
    lines = [line.split(",") for line in csv.read_text().splitlines()]
    at = {name: number for number, name in enumerate(lines[0])}
    series = {}
    for line in lines[1:]:
        days, opens, closes = series.setdefault(line[at["symbol"]], ([], [], []))
        days.append(line[at["timestamp"]][:10])
        opens.append(float(line[at["open"]]))
        closes.append(float(line[at["close"]]))
    expected = {}
    for symbol, (days, opens, closes) in series.items():
        for entry, out, gain in trades(opens, closes, 20, 60, 10):
            expected[days[entry], symbol] = (days[out], gain)
    assert len(expected) > 100 and len(rows) == len(expected) == said["rows"]
    for row in rows:
        out, gain = expected[str(row["timestamp"]), row["symbol"]]
        assert str(row["exit_time"]) == out
        assert row["realized_return"] == pytest.approx(gain, rel=1e-10, abs=1e-14)


@pytest.mark.parametrize(("fill", "label"), [("next_open", "fwd_trade_7"), ("same_close", "fwd_return_7")])
def test_every_bar_has_the_labels_and_factors_of_an_export(tickwerk, market, tmp_path, fill, label):
    parquet = pytest.importorskip("pyarrow.parquet")
    prices = market(wave(count=120))
    rows, _, said = dataset(tickwerk, tmp_path, "--prices", prices, "--every-bar", "--label-kind", "return", "--fill", fill,
                            "--horizon", "7", "--features", "ta+spread_proxy")
    assert Path(said["file"]).name.startswith(f"dataset_{label}_1d_")
    tickwerk("factors", "export", "--prices", prices, "--factors", "ta+spread_proxy", "--horizon", "7", "--out", "p.parquet")
    panel = [row for row in parquet.read_table(tmp_path / "p.parquet").to_pylist() if not math.isnan(row[label])]
    assert len(panel) == len(rows) == 2 * (120 - 7)
    days = sorted({row["timestamp"] for row in parquet.read_table(tmp_path / "p.parquet").to_pylist()})
    for ours, theirs in zip(rows, panel):
        assert ours["label"] == ours["realized_return"] == theirs[label]
        assert ours["label_end"] == days[days.index(ours["timestamp"]) + 7]
        for name, value in ours.items():
            if name in theirs:
                assert value == theirs[name] or (math.isnan(value) and math.isnan(theirs[name]))


def test_the_file_says_what_knows_the_future(tickwerk, market, tmp_path):
    _, described, said = dataset(tickwerk, tmp_path, "--prices", market(wave()), "--param", "fast=5", "--param", "slow=12")
    columns = {column["name"]: column for column in described["columns"]}
    assert [name for name, column in columns.items() if column["role"] == "label"] == [
        "label", "realized_return", "label_end", "exit_time"]
    assert all(column["lookahead"] == 10 for column in columns.values() if column["role"] == "label")
    assert columns["vol_20"] == {"name": "vol_20", "role": "factor", "expression": "ts_std(log_ret(close), 20)",
                                 "lookback": 20, "lookahead": 0, "all_history": False}
    assert described["format"] == "tickwerk dataset 1"
    assert described["label"] == {"name": "success_10", "kind": "binary", "reach": 10, "classes": ["no success", "success"]}
    config = described["config"]
    assert config["strategy"]["texts"]["long"] == "ema(close, fast) > ema(close, slow)"
    assert config["strategy"]["params"] == {"fast": 5, "slow": 12}
    assert config["costs_bps"] == {"commission": 0.5, "spread": 0.25, "impact": 0.5}
    assert (config["success_threshold"], config["horizon"], config["fill"]) == (0.02, 10, "next_open")
    assert said["fingerprint"] == described["fingerprint"] and said["fingerprint"][:12] in said["file"]
    assert described["symbols"] == ["AAA", "BBB"]
    days = [described["bars"]["first"]]
    for step in described["bars"]["steps"]:
        days.append(days[-1] + step)
    assert described["bars"]["unit_ns"] == 86_400_000_000_000 and len(days) == 300
    assert days[0] == (FIRST_SESSION - FIRST_SESSION.fromtimestamp(0)).days


def test_from_cuts_rows_and_changes_none(tickwerk, market, tmp_path):
    prices = market(wave())
    flags = ("--prices", prices, "--param", "fast=5", "--param", "slow=12", "--label-kind", "return")
    every, _, _ = dataset(tickwerk, tmp_path, *flags)
    cut = sessions(300)[100]
    late, _, _ = dataset(tickwerk, tmp_path, *flags, "--from", cut.isoformat())
    assert late == [row for row in every if row["timestamp"] >= cut]


def test_threads_and_store_change_no_byte(tickwerk, market, tmp_path):
    prices = market(wave())
    flags = ("ml", "dataset", "--prices", prices, "--every-bar", "--format", "json")
    written = []
    for number, more in enumerate([("--threads", 1, "--no-store"), ("--threads", 2), ("--threads", 2)]):
        result = tickwerk(*flags, *more, "--output", f"o{number}", env={})
        assert result.code == 0, result.err
        written.append((tmp_path / result.json()["file"]).read_bytes())
    assert written[0] == written[1] == written[2]


def test_every_kind_of_label(tickwerk, market, tmp_path):
    flags = ("--prices", market(wave()), "--param", "fast=5", "--param", "slow=12")
    own, _, _ = dataset(tickwerk, tmp_path, *flags, "--label-kind", "return")
    gains = [row["realized_return"] for row in own]
    classes, described, _ = dataset(tickwerk, tmp_path, *flags, "--label-kind", "classes", "--success-threshold", 0.1)
    assert [row["label"] for row in classes] == [0 if r < 0 else 1 if r < 0.1 else 2 for r in gains]
    assert described["label"]["classes"] == ["loss", "small", "success"]
    barriers, _, _ = dataset(tickwerk, tmp_path, *flags, "--label-kind", "triple_barrier", "--barrier-up", 0.08,
                             "--barrier-down", 0.03)
    assert {row["label"] for row in barriers} <= {0, 1, 2}
    assert all(row["realized_return"] > 0.07 for row in barriers if row["label"] == 2)
    assert all(row["realized_return"] < -0.029 for row in barriers if row["label"] == 0)
    against, _, _ = dataset(tickwerk, tmp_path, *flags, "--label-kind", "outperformance", "--benchmark", "BBB")
    assert len(against) == len(own)
    highest, described, _ = dataset(tickwerk, tmp_path, *flags, "--label-kind", "return", "--label", "best",
                                    "-e", "label best = ts_max(high, 4)[+4] / close - 1", "--features", "ta")
    assert described["label"]["reach"] == 4 and described["label"]["name"] == "best"
    assert len(highest) >= len(own)


def test_summary_counts_what_there_is_and_what_is_left_out(tickwerk, market):
    flags = ("--prices", market(wave()), "--param", "fast=5", "--param", "slow=12", "--no-store")
    said = tickwerk("ml", "dataset", *flags, "--format", "json").json()
    assert sum(entry["rows"] for entry in said["classes"]) == said["rows"]
    assert sum(entry["rows"] for entry in said["years"]) == said["rows"]
    assert said["candidates"] == said["rows"] + sum(said["left_out"].values())
    assert [entry["name"] for entry in said["features"]][:2] == ["ta_log_return_v1", "ta_ma_20_v1"]
    text = tickwerk("ml", "dataset", *flags).out
    for word in (said["file"], f"{said['rows']} rows of {said['candidates']} entries", "no success", "2024", "vol_20"):
        assert word in text


# What is refused ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--features", "fwd_return_5"), 2, ["a feature must not read the future", "fwd_return_5", "5 bars ahead"]),
        (("-e", "label y = close[+5] / close - 1"), 2, ["a feature must not read the future", "y is a label"]),
        (("-e", "realized_return = close / open"), 2, ["another name", "realized_return"]),
        (("-e", "five = 5"), 2, ["a value a bar", "five"]),
        (("--every-bar", "--label", "y", "-e", "label y = close[+1]"), 2, ["a dataset must have a feature"]),
        (("--features", "reversal_4d"), 3, ["nearest"]),
        (("--features", "ta", "--horizon", "60"), 2, ["shorter than the data", "60 with 60 rows"]),
        (("--features", "ta", "--horizon", "0"), 2, ["--horizon", "found '0'"]),
        (("--success-threshold", "9"), 2, ["two classes", "all 'no success'"]),
        (("--every-bar", "--success-threshold", "9"), 2, ["two classes"]),
        (("--every-bar", "--label", "adv_20"), 2, ["a label must read the future", "adv_20"]),
        (("--every-bar", "--label", "y", "-e", "label y = close[+1] * nan", "--features", "ta"), 2, ["a row with a label", "without a value"]),
        (("--label-kind", "outperformance"), 2, ["--benchmark"]),
        (("--label-kind", "outperformance", "--benchmark", "CCC"), 3, ["CCC"]),
        (("--label-kind", "good"), 2, ["--label-kind", "good"]),
        (("--label-kind", "triple_barrier", "--barrier-down", "1"), 2, ["--barrier-down"]),
        (("--label-kind", "triple_barrier", "--label", "fwd_max_5"), 2, ["barriers must be of prices"]),
        (("--strategy", "trend_basline"), 2, ["nearest"]),
        (("--expr-param", "x=1"), 2, ["x"]),
        (("--from", "2030-01-01"), 2, ["--from"]),
        (("extra",), 2, ["ml dataset"]),
    ],
)
def test_what_cannot_be_meant_is_refused_and_leaves_nothing(refused, market, arguments, code, words):
    short = ("--param", "fast=3", "--param", "slow=8")
    refused(code, words, "ml", "dataset", "--prices", market(wave(count=60)), "--no-store", *short, *arguments)


def test_a_feature_that_reads_ahead_gets_the_compilers_message(tickwerk, market, tmp_path):
    prices = market(wave(count=60))
    result = tickwerk("ml", "dataset", "--prices", prices, "-e", "mine = close[+1] / close - 1", "--no-store")
    assert result.code == 2
    assert "-e:1:8: a factor must not read the future: close[+1] reads 1 bar ahead" in result.err
    assert files_below(tmp_path) == ["bars.csv"]


def test_no_entries_are_said(refused, market):
    refused(2, ["a row with a label", "found 0 candidates"], "ml", "dataset", "--prices", market(bars(count=30)), "--no-store")


def test_a_folder_that_cannot_be_written_leaves_nothing_half(tickwerk, market, tmp_path):
    (tmp_path / "data").write_text("in the way")
    result = tickwerk("ml", "dataset", "--prices", market(wave()), "--output", ".", "--no-store", "--param", "fast=5",
                      "--param", "slow=12")
    assert result.code == 1 and len(result.errors) == 1
    assert files_below(tmp_path) == ["bars.csv", "data"]
