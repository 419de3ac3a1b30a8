"""Strategies as text files: a user writes, runs, changes and breaks one without a compiler."""

import pytest

SMALL = """\
name: small
define: |
  # the average of two prices
  middle = (high + low) / 2
long:  middle > ema(middle, n)  # above its mean
score: middle / ema(middle, n) - 1
params: {n: 3}
weights: score
top_n: 1
"""


@pytest.fixture
def strategy(tmp_path):
    def write(text=SMALL, name="small.yaml"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def backtest(tickwerk, market, *arguments):
    result = tickwerk("backtest", "--prices", market(), *arguments)
    assert result.code == 0, result.err
    return result


def test_a_file_runs_and_the_report_tells_its_text(tickwerk, market, strategy, tmp_path):
    strategy()
    backtest(tickwerk, market, "--strategy", "small.yaml", "--param", "n=4")
    report = (tmp_path / "output" / "performance_report_1d.md").read_text()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in report.splitlines() if "|" in line]
    assert ["name", "small"] in cells
    assert ["long", "middle > ema(middle, n)"] in cells
    assert ["score", "middle / ema(middle, n) - 1"] in cells
    assert ["n", "4"] in cells and ["param.n", "4"] in cells
    assert ["top_n", "1"] in cells and ["weights", "score"] in cells
    assert "    # the average of two prices\n    middle = (high + low) / 2\n" in report
    assert str(tmp_path) not in report


def test_a_copy_of_a_built_in_strategy_gives_the_same_orders(tickwerk, market, strategy, tmp_path):
    strategy("long: ema(close, fast) > ema(close, slow)\nparams: {fast: 20, slow: 60}\n", "copy.yml")
    settings = ["--param", "fast=2", "--param", "slow=5"]
    backtest(tickwerk, market, "--strategy", "trend_baseline", "--output", "a", *settings)
    backtest(tickwerk, market, "--strategy", "./copy.yml", "--output", "b", *settings)
    orders = (tmp_path / "a" / "orders_1d.csv").read_bytes()
    assert len(orders.splitlines()) > 2
    for name in ("orders_1d.csv", "trades_1d.csv", "equity_curve_1d.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_flags_replace_what_the_file_says(tickwerk, strategy):
    strategy()
    arguments = ["--strategy", "small.yaml", "--top-n", "5", "--weights", "rank", "--show-config", "--format", "json"]
    shown = tickwerk("backtest", *arguments).json()
    assert shown["strategy"]["value"] == "small.yaml"
    assert shown["param"]["value"] == "n=3"
    assert shown["top_n"]["value"] == "5" and shown["weights"]["value"] == "rank"


def test_daily_takes_a_file_too(tickwerk, market, strategy, tmp_path):
    strategy()
    result = tickwerk("daily", "--prices", market(), "--strategy", "small.yaml", "--positions", "none")
    assert result.code == 0, result.err
    orders = list((tmp_path / "output").glob("orders_2024*.csv"))
    assert len(orders) == 1 and len(orders[0].read_text().splitlines()) == 2


def test_a_strategy_sells_short(tickwerk, market, strategy, tmp_path):
    strategy("long: close > 115\nshort: close < 115\nallow_short: true\n", "both.yaml")
    backtest(tickwerk, market, "--strategy", "both.yaml")
    rows = (tmp_path / "output" / "equity_curve_1d.csv").read_text().splitlines()
    header = rows[0].split(",")
    last = dict(zip(header, rows[2].split(",")))
    assert float(last["gross_exposure"]) > 0.5 and abs(float(last["net_exposure"])) < 0.7
    text = (tmp_path / "output" / "trades_1d.csv").read_text()
    assert "SELL" in text.splitlines()[1] + text.splitlines()[2]


def test_multifactor_runs_both_ways_on_a_market_of_its_own(tickwerk, tmp_path):
    made = tickwerk("data", "synth", "--symbols-count", "20", "--sessions", "600", "--out", "m.parquet")
    assert made.code == 0, made.err
    result = tickwerk("backtest", "--prices", "m.parquet", "--strategy", "multifactor_long_short")
    assert result.code == 0, result.err
    rows = [line.split(",") for line in (tmp_path / "output" / "equity_curve_1d.csv").read_text().splitlines()]
    gross, net = rows[0].index("gross_exposure"), rows[0].index("net_exposure")
    held = [row for row in rows[1:] if float(row[gross]) > 0]
    assert len(held) > 200
    assert all(abs(float(row[net])) < 0.3 for row in held)
    result = tickwerk(
        "backtest", "--prices", "m.parquet", "--strategy", "multifactor_long_short",
        "--param", "breadth_floor=1.1", "--output", "flat",
    )  # fmt: skip
    assert result.code == 0, result.err
    assert len((tmp_path / "flat" / "orders_1d.csv").read_text().splitlines()) == 1


BROKEN = {
    "unknown key": ("long: close > 1\ntopn: 3\n", ["'topn'", "nearest: top_n", "bad.yaml:2"]),
    "wrong type": ("long: close > 1\ntop_n: many\n", ["top_n must be a number", "'many'", "bad.yaml:2"]),
    "out of range": ("long: close > 1\n\nband: 2\n", ["band must be in [0, 1)", "bad.yaml:3"]),
    "no YAML": ("long: [close\n", ["must be YAML", "bad.yaml:"]),
    "syntax": ("name: x\nlong: close > (1\n", ["bad.yaml:2:15"]),
    "unknown name": ("name: x\nlong: clsoe > 1\n", ["bad.yaml:2:7", "clsoe"]),
    "arity": ("long: ema(close) > 1\n", ["bad.yaml:1:7"]),
    "look-ahead": ("long: close[+1] > close\n", ["bad.yaml:1:7", "must not read the future"]),
    "look-ahead far away": ("define: |\n  a = close[+5]\nlong: a > 1\n", ["bad.yaml:2:"]),
    "no condition": ("long: close - 1\n", ["bad.yaml:1", "long must be a condition"]),
    "recursion": ("long: score > 0\nscore: long + 1\n", ["recursion"]),
    "no side": ("score: close\n", ["`long` or `short` must be given"]),
    "short": ("short: close < 1\n", ["allow_short: true"]),
    "weights": ("long: score > 0\nfactors: {a: {expr: close, weight: 0.9}}\n", ["add up to 1", "found 0.9"]),
    "factor": ("import: core\nlong: score > 0\nfactors:\n  returns_1mm: 1\n", ["bad.yaml:4", "returns_1mm"]),
    "missing import": ("import: croe\nlong: close > 1\n", ["croe"]),
    "itself": ("import: bad.yaml\nlong: close > 1\n", ["import must name", "'bad.yaml'"]),
    "empty": ("", ["`key: value` lines"]),
    "open quote": ("long: close > 1\nname: \"x\n", ["bad.yaml:2:7", "must end with \""]),
    "open quote over a side": ("name: 'x\nlong: close > 1\n", ["bad.yaml:1:7", "must end with '"]),
    "list": ("import: [core, nosuchset]\nlong: close > 1\n", ["bad.yaml:1:16", "must be one of", "'nosuchset'", "`import: nosuchset.expr`"]),
    "open list": ("long: close > 1\nimport: [core\n", ["bad.yaml:2:13", "must be YAML"]),
    "factor without its set": ("long: returns_1m > 0\n", ["returns_1m is in the set core: add `import: [core]`"]),
    "param": ("define: param w = close\nlong: close > 1\n", ["bad.yaml:1:19", "constant number"]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_says_where_and_what(tickwerk, market, strategy, tmp_path, case):
    text, words = BROKEN[case]
    strategy(text, "bad.yaml")
    result = tickwerk("backtest", "--prices", market(), "--strategy", "bad.yaml")
    assert result.code == (3 if case in ("missing import", "list") else 2), result.err
    assert result.out == ""
    assert len(result.errors) == 1, result.err
    for word in words:
        assert word in result.err, result.err
    assert not (tmp_path / "output").exists()


def test_carets_stand_under_texts_of_several_lines(tickwerk, market, strategy):
    strategy("name: x\nlong: close >\n    clsoe and\n    close > 1\n", "bad.yaml")
    lines = tickwerk("backtest", "--prices", market(), "--strategy", "bad.yaml").err.splitlines()
    assert "bad.yaml:3:5: " in lines[-3] and lines[-2:] == ["      clsoe and", "      ^~~~~"]


def test_a_caret_stands_under_what_is_wrong(tickwerk, market, strategy):
    strategy("name: x\nlong: close > ema(clsoe, 3)\n", "bad.yaml")
    lines = tickwerk("backtest", "--prices", market(), "--strategy", "bad.yaml").err.splitlines()
    at = next(i for i, line in enumerate(lines) if "ema(clsoe, 3)" in line)
    assert lines[at + 1].rstrip("~").endswith("^")
    assert lines[at + 1].index("^") == lines[at].index("clsoe")


def test_names_and_files_that_are_not_there(refused):
    refused(2, ["'trend_basline'", "nearest: trend_baseline"], "backtest", "--strategy", "trend_basline")
    refused(3, "none.yaml", "backtest", "--strategy", "none.yaml")


def test_built_in_strategies_are_listed_and_shown(tickwerk, tmp_path):
    listed = tickwerk("strategies", "list").out
    assert "ema_trend" in listed and "fast=20 slow=50" in listed
    assert [row["name"] for row in tickwerk("strategies", "list", "--format", "json").json()] == [
        "ema_trend", "multifactor_long_short", "trend_baseline"]  # fmt: skip
    text = tickwerk("strategies", "show", "ema_trend").out
    (tmp_path / "copy.yaml").write_text(text)
    assert tickwerk("strategies", "show", "copy.yaml").out == text
    said = tickwerk("strategies", "show", "./copy.yaml", "--format", "json").json()
    assert said["params"] == {"fast": 20, "slow": 50} and said["text"] == text


def test_a_strategy_that_cannot_be_shown_is_refused(refused, strategy):
    refused(2, ["'ema_trendd'", "nearest: ema_trend"], "strategies", "show", "ema_trendd")
    refused(3, "none.yaml", "strategies", "show", "none.yaml")
    strategy("score: close\n", "bad.yaml")
    refused(2, "`long` or `short` must be given", "strategies", "show", "bad.yaml")


def test_signals_are_what_the_conditions_say(tickwerk, market, strategy, tmp_path):
    strategy("long: close > 115\nshort: close < 115\nallow_short: true\nscore: close\n", "both.yaml")
    prices = market()
    made = tickwerk("strategies", "signals", "--prices", prices, "--strategy", "both.yaml", "--out", "signals.csv")
    assert made.code == 0, made.err
    rows = [line.split(",") for line in (tmp_path / "signals.csv").read_text().splitlines()]
    assert rows[0] == ["timestamp", "symbol", "signal"]
    closes = tickwerk("expr", "eval", "--prices", prices, "-e", "c = close", "--out", "close.csv")
    assert closes.code == 0, closes.err
    wanted = [line.split(",") for line in (tmp_path / "close.csv").read_text().splitlines()][1:]
    assert [row[:2] for row in rows[1:]] == [row[:2] for row in wanted]
    assert [float(row[2]) for row in rows[1:]] == [(float(c) > 115) - (float(c) < 115) for _, _, c in wanted]
    last = tickwerk("strategies", "signals", "--prices", prices, "--strategy", "both.yaml", "--format", "json").json()
    assert sorted(last["last"]["long"] + last["last"]["short"]) == sorted({row[1] for row in rows[1:]})


def test_signals_stand_on_deciding_bars_only(tickwerk, market, strategy, tmp_path):
    strategy("long: close > 0\nrebalance: every(2)\nscore: close\nweights: score\n", "two.yaml")
    made = tickwerk("strategies", "signals", "--prices", market(), "--strategy", "two.yaml", "--out", "signals.csv")
    assert made.code == 0, made.err
    rows = [line.split(",") for line in (tmp_path / "signals.csv").read_text().splitlines()]
    assert rows[0] == ["timestamp", "symbol", "signal", "score", "strength"]
    days = sorted({row[0] for row in rows[1:]})
    assert all((row[2] == "1") == (days.index(row[0]) % 2 == 0) for row in rows[1:])


def test_what_is_odd_about_a_strategy_is_a_warning(tickwerk, market, strategy):
    strategy("long: close > 5 and close > ts_mean(close, 5000)\n", "odd.yaml")
    for command in ("backtest", "daily"):
        said = tickwerk(command, "--prices", market(), "--strategy", "odd.yaml", "--quiet").err
        assert "warning: long depends on the level of prices" in said
        assert said.count("warning: ") == 2


def test_events_without_a_row_are_a_warning(tickwerk, market, strategy, tmp_path):
    (tmp_path / "none.csv").write_text("symbol,known_at,eps\n")
    strategy("long: asof(earnings.eps) > 0\n", "e.yaml")
    given = ["--prices", market(), "--events", "earnings=none.csv"]
    for arguments in (["backtest", "--strategy", "e.yaml"], ["expr", "eval", "-e", "x = asof(earnings.eps)"]):
        result = tickwerk(*arguments, *given, "--quiet")
        assert result.code == 0, result.err
        assert "warning: none.csv has 0 events" in result.err


def test_bars_that_end_before_they_begin_name_every_flag_that_ends_them(refused, market):
    prices = market()
    refused(2, "--as-of", "backtest", "--prices", prices, "--as-of", "1990-01-01")
    refused(2, "--date", "daily", "--prices", prices, "--date", "1990-01-02")


def test_check_takes_a_built_in_strategy_by_name(tickwerk, refused, market):
    prices = market()
    result = tickwerk("check", "ema_trend", "--prices", prices, "--param", "fast=2", "--param", "slow=3")
    assert result.code == 0, result.err
    assert "long " in result.out and "score " in result.out
    refused(2, ["'fats'", "nearest: fast"], "check", "ema_trend", "--prices", prices, "--param", "fats=2")
    refused(3, "must exist", "check", "ema_trendd", "--prices", prices)


def test_a_parameter_that_is_none_is_refused(refused, strategy):
    strategy()
    refused(2, ["'m'", "parameter of small must be one of n"], "backtest", "--strategy", "small.yaml", "--param", "m=3")
    strategy("long: close > 1\n", "plain.yaml")
    refused(2, ["plain has no parameters", "'m'"], "backtest", "--strategy", "plain.yaml", "--param", "m=3")


def test_leverage_needs_short_selling(refused):
    refused(2, ["gross must be at most 1", "allow_short", "1.5"], "backtest", "--gross", "1.5")
