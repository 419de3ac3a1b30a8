"""`tickwerk expr eval|plan|ops` and `tickwerk check`: from text to values, and what they say of the future."""

import csv
import io
import math

import pytest

from conftest import bars, files_below, sessions

LEVEL = "x = close - close[-1]"


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.reader(file))


def test_values_are_written_by_time_and_symbol(tickwerk, market, tmp_path):
    result = tickwerk("expr", "eval", "--prices", market(), "-e", "x = close - open", "-e", "y = x * 2", "--out", "v.csv")
    assert result.code == 0, result.err
    rows = rows_of(tmp_path / "v.csv")
    assert rows[0] == ["timestamp", "symbol", "x", "y"]
    expected = [[row[0], row[1], "0.5", "1"] for row in sorted(bars())]
    assert rows[1:] == expected


def test_a_value_that_is_not_there_is_an_empty_cell(tickwerk, market, tmp_path):
    tickwerk("expr", "eval", "--prices", market(), "-e", LEVEL, "--out", "v.csv")
    rows = rows_of(tmp_path / "v.csv")[1:]
    assert [row[2] for row in rows[:2]] == ["", ""]
    assert {row[2] for row in rows[2:]} == {"1"}


def test_from_cuts_the_output_and_not_the_history(tickwerk, market, tmp_path):
    day = sessions(30)[10].isoformat()
    tickwerk("expr", "eval", "--prices", market(), "-e", "e = ema(close, 5)", "--out", "all.csv")
    tickwerk("expr", "eval", "--prices", market(), "-e", "e = ema(close, 5)", "--from", day, "--out", "cut.csv")
    whole = rows_of(tmp_path / "all.csv")
    assert rows_of(tmp_path / "cut.csv") == [whole[0]] + [row for row in whole[1:] if row[0] >= day]


def test_one_value_a_day_is_repeated_for_every_symbol(tickwerk, market, tmp_path):
    tickwerk("expr", "eval", "--prices", market(), "-e", "m = cs_mean(close)", "--out", "v.csv")
    rows = rows_of(tmp_path / "v.csv")[1:3]
    assert [row[1:] for row in rows] == [["AAA", "105.5"], ["BBB", "105.5"]]


def test_parquet_holds_the_same(tickwerk, market, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    tickwerk("expr", "eval", "--prices", market(), "-e", LEVEL, "--out", "v.csv")
    tickwerk("expr", "eval", "--prices", market(), "-e", LEVEL, "--out", "v.parquet")
    table = parquet.read_table(tmp_path / "v.parquet").to_pydict()
    rows = rows_of(tmp_path / "v.csv")[1:]
    assert [str(day) for day in table["timestamp"]] == [row[0] for row in rows]
    assert ["" if math.isnan(x) else f"{x:g}" for x in table["x"]] == [row[2] for row in rows]


def test_threads_do_not_change_a_byte(tickwerk, tmp_path):
    tickwerk("data", "synth", "--out", "m.parquet", "--symbols-count", 20, "--sessions", 300)
    for threads in (1, 2):
        tickwerk("expr", "eval", "--prices", "m.parquet", "--threads", threads, "--out", f"{threads}.csv",
                 "-e", "z = cs_zscore(ema(close, 20) / ts_std(close, 20))")
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_without_a_file_there_is_a_summary(tickwerk, market):
    result = tickwerk("expr", "eval", "--prices", market(), "-e", LEVEL, "-e", "label y = close[+2] / close")
    assert result.code == 0, result.err
    lines = [line.split() for line in result.out.splitlines()]
    assert lines[1][:7] == ["x", "factor", sessions(2)[1].isoformat(), "58", "1", "1", "1"]
    assert lines[2][:4] == ["y", "label", sessions(1)[0].isoformat(), "56"]
    document = tickwerk("expr", "eval", "--prices", market(), "-e", LEVEL, "--format", "json").json()
    assert document["definitions"][0]["values"] == 58
    assert document["definitions"][0]["lookback"] == 1


def test_an_expression_without_a_name_is_named_by_its_text(tickwerk, market, tmp_path):
    tickwerk("expr", "eval", "--prices", market(), "-e", "close - open", "--out", "v.csv")
    assert rows_of(tmp_path / "v.csv")[0] == ["timestamp", "symbol", "close - open"]


def test_a_file_its_parameters_and_what_builds_on_it(tickwerk, market, tmp_path):
    (tmp_path / "my.expr").write_text("param k = 2\n_step = close - close[-1]\nx = _step * k\n")
    tickwerk("expr", "eval", "--prices", market(), "--file", "my.expr", "-e", "y = x + 1", "--param", "k=5",
             "--out", "v.csv")
    rows = rows_of(tmp_path / "v.csv")
    assert rows[0] == ["timestamp", "symbol", "x", "y"]
    assert rows[-1][2:] == ["5", "6"]


def test_mistakes_show_their_place(tickwerk, market, refused):
    path = market()
    refused(2, "emaa", "expr", "eval", "--prices", path, "-e", "x = emaa(close, 20)")
    caret = tickwerk("expr", "eval", "--prices", path, "-e", "x = emaa(close, 20)").err.splitlines()[1:3]
    assert caret == ["  x = emaa(close, 20)", "      ^~~~"]
    refused(2, "ahead", "expr", "eval", "--prices", path, "-e", "x = close[+1]")
    refused(2, "-e", "expr", "eval", "--prices", path)
    refused(2, ".parquet", "expr", "eval", "--prices", path, "-e", LEVEL, "--out", "v.txt")
    refused(2, "timestamp", "expr", "eval", "--prices", path, "-e", "timestamp = close", "--out", "v.csv")
    refused(3, "nowhere.csv", "expr", "eval", "--prices", "nowhere.csv", "-e", LEVEL)
    refused(3, "nowhere.expr", "expr", "eval", "--prices", path, "--file", "nowhere.expr")


def test_a_folder_is_no_file_of_expressions(market, refused, tmp_path):
    path = market()
    (tmp_path / "d").mkdir()
    for command in (("expr", "eval", "--file", "d"), ("check", "d"), ("expr", "plan", "-e", 'import "d"', "-e", "x = close")):
        refused(2, "an input file must be a file, found a folder", *command, "--prices", path)


def test_files_of_other_systems_are_read(tickwerk, market, tmp_path):
    path = market()
    (tmp_path / "w.expr").write_bytes(b"\xef\xbb\xbfx\t= close - open\r\n\r\n# end\r\n")
    assert tickwerk("expr", "eval", "--prices", path, "--file", "w.expr").code == 0
    (tmp_path / "bad.expr").write_bytes(b"\xef\xbb\xbfx = clos\r\n")
    error = tickwerk("expr", "eval", "--prices", path, "--file", "bad.expr").err
    assert "bad.expr:1:5: " in error and "\n      ^~~~\n" in error + "\n"
    (tmp_path / "mac.expr").write_bytes(b"x = close\ry = open\r")
    error = tickwerk("expr", "eval", "--prices", path, "--file", "mac.expr")
    assert error.code == 2 and "a carriage return alone" in error.err


def test_a_factor_of_the_catalogue_says_what_to_import(tickwerk, market):
    error = tickwerk("expr", "eval", "--prices", market(), "-e", "x = cs_rank(momentum_12m_excl_1m)").err
    assert "`import core`" in error


def test_a_missing_group_says_how_groups_are_given(tickwerk, market):
    result = tickwerk("expr", "eval", "--prices", market(), "-e", "x = cs_rank(ret(close), by=sector)")
    assert result.code == 2 and "--groups FILE" in result.err


def write(folder, name, text):
    (folder / name).write_text(text)
    return name


def test_groups_are_compared_within(tickwerk, market, tmp_path):
    path = market(bars(("AAA", "BBB", "CCC")))
    groups = write(tmp_path, "g.csv", "symbol,sector\nAAA,one\nBBB,two\nCCC,one\n")
    result = tickwerk("expr", "eval", "--prices", path, "--groups", groups, "-e", "d = cs_demean(close, by=sector)",
                      "--out", "v.csv")
    assert result.code == 0, result.err
    assert "membership is as of today" in result.err
    assert [row[2] for row in rows_of(tmp_path / "v.csv")[1:4]] == ["-10", "0", "10"]


def test_an_unknown_group_offers_the_nearest(tickwerk, market, refused, tmp_path):
    groups = write(tmp_path, "g.csv", "symbol,sector\nAAA,one\nBBB,two\n")
    error = refused(2, "sector", "expr", "eval", "--prices", market(), "--groups", groups,
                    "-e", "d = cs_demean(close, by=sectr)")
    assert "sectr" in error


def test_events_count_when_they_are_known(tickwerk, market, tmp_path):
    days = [day.isoformat() for day in sessions(30)]
    events = write(tmp_path, "e.csv", "symbol,known_at,eps\n"
                   f"AAA,{days[3]},1\nAAA,{days[6]}T21:00:00Z,2\nAAA,{days[9]}T21:00:01Z,3\n")
    result = tickwerk("expr", "eval", "--prices", market(), "--events", f"earnings={events}",
                      "-e", "x = asof(earnings.eps)", "--out", "v.csv")
    assert result.code == 0, result.err
    values = [row[2] for row in rows_of(tmp_path / "v.csv")[1:] if row[1] == "AAA"]
    # A day from the next session on; 21:00 UTC is the close of a session in winter, a second later is after it.
    assert values == [""] * 4 + ["1"] * 2 + ["2"] * 4 + ["3"] * 20


def test_as_of_reads_nothing_later(tickwerk, market, tmp_path):
    days = [day.isoformat() for day in sessions(30)]
    events = write(tmp_path, "e.csv", f"symbol,known_at,eps\nAAA,{days[3]},1\nAAA,{days[6]},2\n")
    for name, flags in {"all": [], "cut": ["--as-of", days[7]]}.items():
        tickwerk("expr", "eval", "--prices", market(), "--events", f"earnings={events}", *flags,
                 "-e", "x = asof(earnings.eps)", "--out", f"{name}.csv")
    whole = rows_of(tmp_path / "all.csv")
    assert rows_of(tmp_path / "cut.csv") == [whole[0]] + [row for row in whole[1:] if row[0] <= days[7]]


def test_bad_files_beside_the_bars_name_their_row(tickwerk, market, refused, tmp_path):
    path = market()
    evaluate = ["expr", "eval", "--prices", path, "-e", LEVEL]
    refused(3, ["e.csv, row 3", "soon"], *evaluate, "--events",
            "e=" + write(tmp_path, "e.csv", "symbol,known_at,eps\nAAA,2024-01-02,1\nAAA,soon,2\n"))
    refused(3, ["g.csv", "rows 2 and 3"], *evaluate, "--groups",
            write(tmp_path, "g.csv", "symbol,sector\nAAA,a\nAAA,b\n"))
    refused(2, "NAME=FILE", *evaluate, "--events", "e.csv")
    refused(3, "none.csv", *evaluate, "--groups", "none.csv")


def test_settings_may_stand_in_a_file(tickwerk, market, tmp_path):
    write(tmp_path, "e.csv", "symbol,known_at,eps\nAAA,2024-01-02,1\n")
    write(tmp_path, "run.yaml", f"prices: {market()}\nevents: {{earnings: e.csv}}\n"
          "expr:\n  - x = clip(asof(earnings.eps), 0, 1)\n  - y = x + 1\nout: v.csv\n")
    result = tickwerk("expr", "eval", "--config", "run.yaml")
    assert result.code == 0, result.err
    assert rows_of(tmp_path / "v.csv")[0] == ["timestamp", "symbol", "x", "y"]


def test_a_plan_names_nodes_and_after_a_run_their_time(tickwerk, market):
    plan = tickwerk("expr", "plan", "--prices", market(), "-e", "x = cs_rank(ts_mean(close, 5))")
    assert plan.code == 0, plan.err
    assert "ts_mean(close, 5" in plan.out and "cs_rank" in plan.out
    measured = tickwerk("expr", "plan", "--prices", market(), "--run", "--format", "json",
                        "-e", "x = cs_rank(ts_mean(close, 5))").json()
    assert any(node.get("measured_ns", 0) > 0 for node in measured["nodes"])


def test_operators_are_listed_and_explained(tickwerk, refused):
    listed = tickwerk("expr", "ops")
    assert listed.code == 0
    assert "ts_mean(x, n, min_count=n)" in listed.out
    assert "$" not in listed.out
    one = tickwerk("expr", "ops", "ts_mean")
    assert "parameter" in one.out and "NaN" in one.out
    document = tickwerk("expr", "ops", "--format", "json").json()
    names = [op["name"] for op in document["operators"]]
    assert names == sorted(names) and "cs_rank" in names
    assert "nearest: ts_mean" in refused(2, "ts_meen", "expr", "ops", "ts_meen")


def test_completion_knows_the_operators(tickwerk):
    assert " ts_mean " in tickwerk("completion", "bash").out


def test_check_finds_no_leak_in_what_compiles(tickwerk, market, tmp_path):
    write(tmp_path, "my.expr", "mom = close / close[-5] - 1\nsmooth = ema(close, 5) / close\n"
          "label y = close[+3] / close - 1\n")
    result = tickwerk("check", "my.expr", "--prices", market())
    assert result.code == 0, result.err
    assert result.out.count("no leak") == 3
    document = tickwerk("check", "my.expr", "--prices", market(), "--format", "json").json()
    assert document["leak"] is False
    found = {one["name"]: one for one in document["definitions"]}
    assert found["mom"]["lookback"] == 5
    assert found["smooth"]["all_history"] is True and found["smooth"]["half_life"] > 0
    assert found["y"]["lookahead"] == 3 and found["y"]["role"] == "label"
    assert all(one["values_compared"] > 0 for one in document["definitions"])


def test_check_lists_what_it_must_trust(tickwerk, market, tmp_path):
    header = "timestamp,symbol,open,high,low,close,volume,tip"
    rows = [row + [row[5] ** 2] for row in bars()]
    result = tickwerk("check", "--prices", market(rows, header=header), "-e", "x = tip / close")
    assert result.code == 0, result.err
    assert "trusted, not tested: tip (column)" in result.out
    assert "no leak from bars" in result.out
    document = tickwerk("check", "--prices", market(rows, header=header), "-e", "x = tip / close", "-e", "y = close",
                        "--format", "json").json()
    assert [one["result"] for one in document["definitions"]] == ["no leak from bars", "no leak"]
    assert [one["trusted"] for one in document["definitions"]] == [["tip"], []]


def test_check_finds_who_reads_a_column_of_tomorrow(tickwerk, tmp_path):
    closes = [100 + (7 * day % 31) for day in range(41)]
    lines = ["timestamp,symbol,close,tomorrow"]
    for day, (close, later) in enumerate(zip(closes, closes[1:])):
        lines.append(f"2024-{1 + day // 28:02}-{1 + day % 28:02},AAA,{close},{later}")
    (tmp_path / "b.csv").write_text("\n".join(lines) + "\n")
    early, shifted = "x = tomorrow / close - 1", "y = tomorrow[-1] / close - 1"
    result = tickwerk("check", "--prices", "b.csv", "-e", early, "-e", shifted)
    assert result.code == 1
    assert "LEAK x (-e:1)" in result.out and "at least 1 bar ahead" in result.out and "LEAK y" not in result.out
    assert "column tomorrow repeats the close of 1 bar ahead (on 39 of 39 bars)" in result.out
    assert tickwerk("check", "--prices", "b.csv", "-e", shifted).code == 0


def test_a_plan_of_ten_thousand_terms_is_short(tickwerk, market, tmp_path):
    (tmp_path / "long.expr").write_text("x = " + " + ".join(f"close[-{i}]" for i in range(1, 10_001)) + "\n")
    result = tickwerk("expr", "plan", "--file", "long.expr", "--prices", market(), "--format", "json")
    assert result.code == 0
    nodes = result.json()["nodes"]
    assert len(nodes) == 20_000
    assert max(len(node["text"]) for node in nodes) == 1000 and nodes[-1]["text"].endswith("...")


def test_check_is_repeatable(tickwerk, market):
    outputs = [tickwerk("check", "--prices", market(), "-e", LEVEL, "--threads", threads).out for threads in (1, 2)]
    assert outputs[0] == outputs[1]


def test_price_levels_of_adjusted_data_are_warned_of(tickwerk, market):
    result = tickwerk("expr", "eval", "--prices", market(), "-e", "x = close > 5")
    assert result.code == 0
    assert "warning: x depends on the level of prices" in result.err
    quiet = tickwerk("expr", "eval", "--prices", market(), "-e", "x = close / close[-1]")
    assert "warning" not in quiet.err


def test_windows_longer_than_the_data_are_warned_of(tickwerk, market):
    result = tickwerk("expr", "eval", "--prices", market(), "-e", "x = ts_mean(close, 100) / close")
    assert result.code == 0
    assert "warning: x reads 99 bars back, more than the 30 rows of the data allow" in result.err
    assert "(-e:1)" in result.err


def test_bare_output_is_a_table(tickwerk, market):
    text = tickwerk("expr", "eval", "--prices", market(), "-e", LEVEL).out
    assert len(list(csv.reader(io.StringIO(text)))) == 2


def test_nothing_is_left_by_a_failed_run(tickwerk, market, tmp_path):
    path = market()
    before = files_below(tmp_path)
    assert tickwerk("expr", "eval", "--prices", path, "-e", "x = close[+1]", "--out", "v.csv").code == 2
    assert files_below(tmp_path) == before


def test_members_of_the_day_are_those_of_the_universe(tickwerk, market, tmp_path):
    days = [day.isoformat() for day in sessions(30)]
    universe = write(tmp_path, "u.csv", f"AAA\nBBB,{days[2]},{days[4]}\n")
    result = tickwerk("expr", "eval", "--prices", market(), "--universe", universe, "-e", "n = cs_count(close)",
                      "--out", "v.csv")
    assert result.code == 0, result.err
    counts = [row[2] for row in rows_of(tmp_path / "v.csv")[1:] if row[1] == "AAA"]
    assert counts == ["1", "1", "2", "2", "2"] + ["1"] * 25


def test_a_strategy_is_checked_by_what_it_decides(tickwerk, market, tmp_path):
    write(tmp_path, "mine.yaml", "name: mine\nparams: {n: 5}\nlong: close > ema(close, n)\nscore: close / close[-3]\n")
    result = tickwerk("check", "mine.yaml", "--prices", market(), "--param", "n=7", "--format", "json")
    assert result.code == 0, result.err
    assert [one["name"] for one in result.json()["definitions"]] == ["long", "score"]
    assert tickwerk("check", "mine.yaml", "--prices", market(), "--param", "m=7").code == 2


def test_a_strategy_may_read_events(tickwerk, market, tmp_path):
    days = [day.isoformat() for day in sessions(30)]
    write(tmp_path, "e.csv", f"symbol,known_at,eps\nAAA,{days[3]},1\n")
    write(tmp_path, "mine.yaml", "name: mine\nlong: asof(earnings.eps) > 0\n")
    result = tickwerk("backtest", "--prices", market(), "--strategy", "mine.yaml", "--events", "earnings=e.csv")
    assert result.code == 0, result.err
    trades = rows_of(tmp_path / "output" / "trades_1d.csv")[1:]
    # Known on a day: usable at the close of the next session, bought at the open of the one after.
    assert trades[0][:2] == [days[5], "AAA"]
    assert {row[1] for row in trades} == {"AAA"}
