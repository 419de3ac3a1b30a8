"""Wrong use of the command line ends in one sentence, exit code 2 and no file."""

import pytest

WHOLE = "a whole number from {} to {}"

OUT_OF_RANGE = [
    ("backtest", "--max-symbols", ["0", "-1", "1.5", "x", "1e3"], WHOLE.format(1, 1000000)),
    ("backtest", "--top-n", ["-1", "2.5", "1000001"], WHOLE.format(0, 1000000)),
    ("backtest", "--max-weight", ["0", "-0.1", "1.01", "nan"], "a number above 0 and at most 1"),
    ("backtest", "--gross", ["0", "100.5", "inf"], "a number above 0 and at most 100"),
    ("backtest", "--band", ["-0.1", "1"], "a number of at least 0 and below 1"),
    ("backtest", "--min-volume-ratio", ["-1", "inf"], "a number of at least 0"),
    ("backtest", "--start-capital", ["0", "-5", "nan", "inf", "1,000"], "a number above 0"),
    ("backtest", "--commission-bps", ["-0.1", "nan", "inf"], "a number of at least 0"),
    ("backtest", "--spread-w", ["-1"], "a number of at least 0"),
    ("backtest", "--impact-w", ["-1"], "a number of at least 0"),
    ("backtest", "--impact-coef", ["-1", "inf"], "a number of at least 0"),
    ("backtest", "--participation-cap", ["-0.1", "inf"], "a number of at least 0"),
    ("backtest", "--cash-rate", ["-1", "1.1"], "a number above -1 and at most 1"),
    ("backtest", "--borrow-fee", ["-0.1", "nan"], "a number of at least 0"),
    ("backtest", "--initial-margin", ["-0.5"], "a number of at least 0"),
    ("backtest", "--maintenance-margin", ["-0.5"], "a number of at least 0"),
    ("backtest", "--min-trade", ["-1", "2"], "a number from 0 to 1"),
    ("backtest", "--lot-size", ["-1"], "a number of at least 0"),
    ("backtest", "--delist-after", ["0", "1.5"], WHOLE.format(1, 1000000)),
    ("backtest", "--delist-haircut", ["-0.1", "1.1"], "a number from 0 to 1"),
    ("backtest", "--min-confidence", ["-0.1", "1.1"], "a number from 0 to 1"),
    ("backtest", "--rf", ["-1", "1.1", "2%"], "a number above -1 and at most 1"),
    ("backtest", "--seed", ["-1", "1.5", "9007199254740992"], WHOLE.format(0, 9007199254740991)),
    ("backtest", "--threads", ["0", "-1", "4097"], WHOLE.format(1, 4096)),
    ("backtest", "--from", ["2020-02-30", "yesterday", "20200101"], "as YYYY-MM-DD"),
    ("backtest", "--to", ["2020-13-01"], "as YYYY-MM-DD"),
    ("daily", "--date", ["2020-00-01"], "as YYYY-MM-DD"),
    ("backtest", "--top", ["0", "1.5", "1001"], WHOLE.format(1, 1000)),
    ("daily", "--max-orders", ["-1", "1.5"], WHOLE.format(0, 1000000)),
    ("daily", "--max-notional", ["-1"], "a number of at least 0"),
    ("daily", "--max-order-weight", ["-0.1"], "a number of at least 0"),
    ("data synth", "--symbols-count", ["0", "100001"], WHOLE.format(1, 100000)),
    ("data synth", "--sessions", ["0", "8818"], WHOLE.format(1, 8817)),
]


@pytest.mark.parametrize("command,flag,values,rule", OUT_OF_RANGE, ids=lambda v: str(v)[:24])
def test_value_out_of_range_names_rule_and_value(refused, command, flag, values, rule):
    for value in values:
        refused(2, [f"{flag} must be", rule, f"'{value}'"], *command.split(), f"{flag}={value}")


def test_every_number_of_every_command_has_its_range_tested(tickwerk):
    """The help is made from the flags, so a number it shows and this file lacks is a gap here."""
    import re

    tested = {flag for _, flag, _, _ in OUT_OF_RANGE}
    for command in ("backtest", "daily", "data synth", "data info"):
        text = tickwerk("help", *command.split()).out
        for entry in re.split(r"\n  (?=--)", text)[1:]:
            if re.search(r"\[a\s+(whole\s+)?number", entry):
                assert entry.split()[0] in tested, entry


@pytest.mark.parametrize(
    "flag,value",
    [("--fill", "next_opn"), ("--freq", "2d"), ("--on-duplicate", "frist"), ("--format", "jsn"), ("--color", "alway")],
)
def test_wrong_choice_names_the_choices_and_the_nearest(refused, flag, value):
    sentence = refused(2, [f"{flag} must be one of", f"'{value}'"], "backtest", flag, value)
    if value != "2d":
        assert "nearest: " in sentence


def test_unknown_flags_offer_the_nearest(refused):
    refused(2, ["--start-captial", "nearest: --start-capital"], "backtest", "--start-captial", "5")
    refused(2, ["--topn", "--top-n"], "backtest", "--topn=3")
    refused(2, "--zzzzzzzz", "backtest", "--zzzzzzzz")


def test_unknown_keys_offer_the_nearest(refused, tmp_path):
    refused(2, ["'start_captial'", "nearest: start_capital", "--set"], "backtest", "--set", "start_captial=5")
    (tmp_path / "run.yaml").write_text("top_n: 3\nstart_captial: 5\n")
    refused(
        2,
        ["'start_captial'", "nearest: start_capital", "run.yaml, line 2"],
        "backtest", "--config", "run.yaml",
    )  # fmt: skip


def test_unknown_strategy_and_parameter_offer_the_nearest(refused):
    refused(2, ["'trend_basline'", "trend_baseline"], "backtest", "--strategy", "trend_basline")
    refused(2, ["'fsat'", "nearest: fast"], "backtest", "--param", "fsat=3")


def test_flag_without_its_value_is_refused(refused):
    refused(2, "--top-n must have a value", "backtest", "--top-n")
    refused(2, "--top-n must have a value", "backtest", "--top-n=")
    refused(2, "--set must be key=value", "backtest", "--set", "top_n")
    refused(2, "--param must be name=number", "backtest", "--param", "fast")
    refused(2, "--param must be name=number", "backtest", "--param", "fast=quick")


def test_operands_are_counted(refused):
    refused(2, "'extra'", "backtest", "extra")
    refused(2, "data info must be given FILE", "data", "info")
    refused(2, "data convert must be given IN OUT", "data", "convert", "a.csv")
    refused(2, "'c.csv'", "data", "convert", "a.csv", "b.csv", "c.csv")


def test_dates_in_the_wrong_order_are_refused(refused):
    refused(2, ["--from", "2024-02-01 > 2024-01-31"], "backtest", "--from", "2024-02-01", "--to", "2024-01-31")


def test_weights_and_rebalance_say_what_they_take(refused):
    refused(2, ["weights must be", "'inverse_vol(1)'", "--weights"], "backtest", "--weights", "inverse_vol(1)")
    refused(2, ["weights must be", "'best'", "--weights"], "backtest", "--weights", "best")
    refused(2, "every(0)", "backtest", "--rebalance", "every(0)")
    refused(2, "hourly", "backtest", "--rebalance", "hourly")


def test_symbols_must_name_one(refused, tmp_path):
    refused(2, "--symbols must name at least one symbol", "backtest", "--symbols", " , ")
    refused(3, "missing.txt", "backtest", "--symbols", "@missing.txt")
    (tmp_path / "none.txt").write_text("# nothing here\n")
    refused(2, "@none.txt", "backtest", "--symbols", "@none.txt")


def test_control_bytes_of_a_value_are_shown_not_printed(refused):
    assert "\\x1b[31m" in refused(2, "\\x0a", "backtest", "--fill", "a\n\x1b[31m")


def test_synthetic_market_has_a_largest_size(refused):
    refused(2, "at most 50000000", "data", "synth", "--symbols-count", 100000, "--sessions", 8817, "--out", "m.csv")


def test_file_ending_says_the_format(refused, market):
    refused(2, [".csv or .parquet", "'m.txt'"], "data", "synth", "--out", "m.txt")
    refused(2, [".csv or .parquet", "'m.xlsx'"], "data", "convert", market(), "m.xlsx")
    refused(2, "--out must be given", "data", "synth")
