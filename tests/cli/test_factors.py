"""`factors list` and `factors show`: the catalogue as a user sees it."""

import csv
import json

import pytest


def test_list_has_one_line_a_definition_with_reach_and_role(tickwerk):
    lines = tickwerk("factors", "list", "core").out.splitlines()
    assert lines[0].split() == ["set", "name", "role", "reach", "description"]
    assert len(lines) == 1 + 11
    momentum = next(line for line in lines if "momentum_12m_excl_1m" in line)
    assert momentum.split()[:5] == ["core", "momentum_12m_excl_1m", "factor", "[-252,", "-21]"]


def test_list_without_a_set_has_every_set(tickwerk):
    rows = tickwerk("factors", "list", "--format", "json").json()
    count = {}
    for row in rows:
        count[row["set"]] = count.get(row["set"], 0) + 1
    assert count["alpha101"] == 82 and count["alpha101_industry"] == 18 and count["alpha158"] == 158
    assert {"ta", "core", "vol_liquidity", "breadth", "labels", "free_float"} <= set(count)
    assert all(row["lookahead"] > 0 for row in rows if row["role"] == "label")
    assert all(row["lookahead"] <= 0 for row in rows if row["role"] == "factor")


def test_show_says_how_a_definition_is_written_and_what_it_reads(tickwerk):
    text = tickwerk("factors", "show", "spread_proxy").out
    assert "spread_proxy = (high - low) / close" in text
    assert "reads       close, high, low" in text
    assert "does not depend on their level" in text
    label = tickwerk("factors", "show", "fwd_trade_5", "--format", "json").json()
    assert label["role"] == "label" and label["lookahead"] == 5 and label["fields"] == ["close", "open"]


def test_show_of_a_set_is_a_file_that_works(tickwerk, tmp_path):
    mine = tmp_path / "mine.expr"
    mine.write_text(tickwerk("factors", "show", "core").out)
    tickwerk("data", "synth", "--out", "prices.csv", "--symbols-count", 3, "--sessions", 300)
    result = tickwerk("expr", "eval", "--prices", "prices.csv", "--file", mine, "--out", "values.csv")
    assert result.code == 0, result.err
    header = (tmp_path / "values.csv").read_text().splitlines()[0]
    assert header.startswith("timestamp,symbol,returns_1m,") and header.endswith(",reversal_3d")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(("list", "corr"), "core"), (("show", "reversal_4d"), "nearest: reversal_"), (("show", "cor"), "nearest: core")],
)
def test_unknown_name_offers_the_nearest(tickwerk, arguments, word):
    result = tickwerk("factors", *arguments)
    assert result.code == 3
    assert len(result.errors) == 1 and word in result.errors[0]


def test_export_has_bars_then_factors_then_labels_each_once(tickwerk, market, tmp_path):
    result = tickwerk("factors", "export", "--prices", market(), "--factors", "spread_proxy", "-e", "mine = close / open",
                      "--horizon", "3", "--out", "p.csv")
    assert result.code == 0, result.err
    lines = [line.split(",") for line in (tmp_path / "p.csv").read_text().splitlines()]
    assert lines[0] == ["timestamp", "symbol", "open", "high", "low", "close", "volume", "spread_proxy", "mine",
                        "fwd_return_3", "fwd_trade_3"]
    rows = {(row[0], row[1]): dict(zip(lines[0][2:], row[2:])) for row in lines[1:]}
    assert list(rows) == sorted(rows)
    days = sorted({day for day, _ in rows})
    for at, day in enumerate(days):
        row = rows[day, "AAA"]
        close = float(row["close"])
        assert float(row["spread_proxy"]) == pytest.approx((float(row["high"]) - float(row["low"])) / close, rel=1e-12)
        if at + 3 >= len(days):
            assert row["fwd_return_3"] == row["fwd_trade_3"] == ""
            continue
        exit_at = float(rows[days[at + 3], "AAA"]["close"])
        assert float(row["fwd_return_3"]) == pytest.approx(exit_at / close - 1, rel=1e-12)
        entry = float(rows[days[at + 1], "AAA"]["open"])
        assert float(row["fwd_trade_3"]) == pytest.approx(exit_at / entry - 1, rel=1e-12)


def test_export_says_in_the_file_what_each_column_is(tickwerk, market, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    result = tickwerk("factors", "export", "--prices", market(), "--factors", "core", "--out", "p.parquet", "--format", "json")
    assert result.code == 0, result.err
    schema = parquet.read_schema(tmp_path / "p.parquet")
    described = json.loads(schema.metadata[b"tickwerk"])
    columns = {column["name"]: column for column in described["columns"]}
    assert ["timestamp", "symbol", *columns] == schema.names
    assert columns["close"] == {"name": "close", "role": "field"}
    momentum = columns["momentum_12m_excl_1m"]
    assert (momentum["role"], momentum["lookback"], momentum["lookahead"]) == ("factor", 252, -21)
    label = columns["fwd_trade_20"]
    assert (label["role"], label["lookahead"]) == ("label", 20)
    assert len(described["catalogue_fingerprint"]) == 32 and len(described["data_fingerprint"]) == 32
    assert {key: value for key, value in result.json().items() if key not in ("file", "rows")} == described


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, ["--factors", "found none"]),
        (("--factors", "core+"), 2, ["sets or names with + between"]),
        (("--factors", "nosuch"), 3, ["nosuch"]),
        (("--factors", "core", "--horizon", "0"), 2, ["at least 1"]),
        (("--factors", "core", "--horizon", "5,5"), 2, ["5 twice"]),
        (("--factors", "core", "--horizon", "five"), 2, ["--horizon", "five"]),
        (("--factors", "core", "--out", "p.xlsx"), 2, [".csv or .parquet"]),
        (("-e", "x = close[+1]",), 2, ["x = close[+1]", "label"]),
    ],
)
def test_export_refuses(tickwerk, market, tmp_path, arguments, code, words):
    result = tickwerk("factors", "export", "--prices", market(), *arguments)
    assert result.code == code, result.err
    for word in words:
        assert word in result.err
    assert not list(tmp_path.glob("p*.parquet")) + list(tmp_path.glob("panel*"))


def test_export_reads_from_the_store_the_second_time_and_says_so(tickwerk, market, tmp_path):
    export = ("factors", "export", "--prices", market(), "-e", "mine = close / open", "--out", "p.csv")
    first = tickwerk(*export)
    assert "store: 0 of 1 columns of a year read, 1 evaluated: nothing is stored" in first.err
    text = (tmp_path / "p.csv").read_bytes()
    second = tickwerk(*export)
    assert "store: 1 of 1 columns of a year read" in second.err
    assert (tmp_path / "p.csv").read_bytes() == text
    assert "asked for" in tickwerk(*export, "--rebuild").err
    without = tickwerk(*export, "--no-store")
    assert "store" not in without.err
    assert (tmp_path / "p.csv").read_bytes() == text


@pytest.fixture
def analysis(tickwerk, tmp_path):
    tickwerk("data", "synth", "--out", "prices.parquet", "--symbols-count", 30, "--sessions", 300)

    def run(*arguments):
        return tickwerk("factors", "analyze", "--prices", "prices.parquet", *arguments)

    return run


def test_analyze_writes_summaries_report_and_page(analysis, tmp_path):
    result = analysis("-e", "mine = close[-1] / close - 1", "--factors", "spread_proxy", "--horizon", 5)
    assert result.code == 0, result.err
    stem = "factor_analysis_spread_proxy_custom_5d_1d_"
    names = {path.name for path in (tmp_path / "output").glob("factor_analysis*")}
    assert names == {stem + end for end in ("ic_summary.csv", "rank_ic_summary.csv", "portfolio_summary.csv", "daily.csv",
                                            "correlation.csv", "report.md", "page.html")}
    with open(tmp_path / "output" / (stem + "rank_ic_summary.csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["factor"], row["horizon"]) for row in rows} == {
        (name, horizon) for name in ("spread_proxy", "mine") for horizon in ("1", "5", "10", "20", "60")}


def test_analyze_finds_what_was_put_into_the_prices(analysis, tmp_path):
    # Prices bounce between two levels: what follows a day is the opposite of what happened on it.
    rows = ["timestamp,symbol,open,high,low,close,volume"]
    for day in range(200):
        date = f"{2020 + day // 168}-{day % 168 // 14 + 1:02d}-{day % 14 + 1:02d}"
        for symbol in range(12):
            up = (day + symbol) % 2 == 0
            close = (100 + symbol) * (1.01 if up else 0.99)
            rows.append(f"{date},S{symbol:02d},{100 + symbol},{100 + symbol * 2 + 9},{90},{close},1000")
    (tmp_path / "prices.csv").write_text("\n".join(rows) + "\n")
    result = analysis("--prices", "prices.csv", "-e", "last = close / close[-1] - 1", "--horizon", 1, "--format", "json")
    assert result.code == 0, result.err
    factor = result.json()["factors"][0]
    assert factor["name"] == "last"
    assert factor["horizons"][0]["rank_ic"]["mean"] < -0.7


def test_analyze_says_what_it_leaves_out(analysis):
    result = analysis("-e", "mine = close / open", "-e", "label y = close[+5] / close - 1")
    assert result.code == 0, result.err
    assert "labels are left out" in result.err and "returns of the horizons: y\n" in result.err
    assert "left out" not in analysis("-e", "mine = close / open").err


def test_analyze_says_why_there_are_no_portfolios(analysis):
    assert "choose from" not in analysis("-e", "mine = close / open", "--quantiles", 30).err
    few = analysis("-e", "mine = close / open", "--quantiles", 31)
    assert few.code == 0, few.err
    assert "must have 31 symbols on a day to choose from, found 30" in few.err


def test_analyze_counts_its_trials(analysis):
    assert analysis("-e", "mine = close / open").code == 0
    second = analysis("-e", "other = open / close")
    assert "10 trials" in second.out


def test_a_trial_counts_once_whatever_it_is_held_against(analysis):
    expected = analysis("-e", "mine = close / open").out
    assert "5 trials" in expected
    for again in (("--label", "log"), ("--label", "log", "--no-correlation"), ()):
        assert "5 trials" in analysis("-e", "mine = close / open", *again).out
    assert "5 trials" in analysis("-e", "under_another_name = close / open").out


def test_analyze_says_which_it_leaves_out_and_why(analysis):
    result = analysis("-e", "mine = close / open", "-e", "c = 1", "--factors", "breadth_ma50")
    assert result.code == 0, result.err
    assert "c is a constant and orders no symbols: it is left out" in result.err
    assert "breadth_ma50 has one value a day and orders no symbols: it is left out" in result.err


def test_a_factor_that_is_the_same_for_all_symbols_is_not_available(analysis):
    result = analysis("-e", "same = where(close > 0, 1, 2)", "--format", "json")
    assert result.code == 0, result.err
    assert result.json()["factors"][0]["horizons"][0]["rank_ic"]["mean"] is None


def test_few_days_of_a_regime_are_warned_of_with_their_number(analysis, tmp_path):
    (tmp_path / "few.csv").write_text("timestamp,regime_label\n2024-12-30,calm\n2024-12-31,wild\n")
    result = analysis("-e", "mine = close / open", "--regime", "few.csv")
    assert result.code == 0, result.err
    assert "warning: few.csv has a regime for 2 of 300 days" in result.err


def test_a_horizon_longer_than_the_data_names_its_label_and_no_line(analysis):
    result = analysis("-e", "mine = close / open", "--horizon", 5000)
    assert "fwd_return_5000 reads" in result.err
    assert "-e:" not in result.err


def test_labels_of_a_panel_are_no_fields_of_a_factor(tickwerk, tmp_path):
    tickwerk("data", "synth", "--out", "prices.parquet", "--symbols-count", 20, "--sessions", 120)
    for panel in ("panel.parquet", "panel.csv"):
        made = tickwerk("factors", "export", "--prices", "prices.parquet", "--factors", "returns_1m", "--horizon", 20,
                        "--out", panel)
        assert made.code == 0, made.err
        for command in (("expr", "eval"), ("check",)):
            read = tickwerk(*command, "--prices", panel, "-e", "leak = fwd_return_20")
            assert read.code == 2, read.err
            assert "knows the future: fwd_return_20 is a label of " + panel in read.err
        fine = tickwerk("expr", "eval", "--prices", panel, "-e", "x = returns_1m + close")
        assert fine.code == 0, fine.err
        assert f"fwd_return_20, fwd_trade_20 of {panel} are labels, which know the future: left out" in fine.err
    pq = pytest.importorskip("pyarrow.parquet")
    table = pq.read_table(tmp_path / "panel.parquet")
    described = table.schema.metadata[b"tickwerk"].replace(b"fwd_return_20", b"Tomorrow")
    table = table.rename_columns(["Tomorrow" if name == "fwd_return_20" else name for name in table.column_names])
    pq.write_table(table.replace_schema_metadata({b"tickwerk": described}), tmp_path / "renamed.parquet")
    assert tickwerk("expr", "eval", "--prices", "renamed.parquet", "-e", "leak = tomorrow").code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, ["--factors", "found none"]),
        (("-e", "x = cs_mean(close)"), 2, ["value for each symbol", "found x has one value a day"]),
        (("-e", "c = 1", "--factors", "breadth_ma50"), 2, ["breadth_ma50 has one value a day, c is a constant"]),
        (("-e", "label x = close[+1] / close"), 2, ["found none"]),
        (("-e", "x = close", "--horizon", "5,10"), 2, ["one horizon", "found 2"]),
        (("-e", "x = close", "--quantiles", "1"), 2, ["--quantiles"]),
        (("-e", "x = close", "--decay", "0"), 2, ["--decay", "at least 1"]),
        (("-e", "x = close", "--regime", "nosuch.csv"), 3, ["nosuch.csv"]),
    ],
)
def test_analyze_refuses(analysis, tmp_path, arguments, code, words):
    result = analysis(*arguments)
    assert result.code == code, result.err
    for word in words:
        assert word in result.err
    assert not list(tmp_path.glob("output/factor_analysis*"))
