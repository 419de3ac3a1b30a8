"""Where settings come from: flag, then --set, then --config, then environment, then default."""

import pytest


def shown(tickwerk, *arguments, **options):
    result = tickwerk("backtest", *arguments, "--show-config", "--format", "json", **options)
    assert result.code == 0, result.err
    return result.json()


def test_default_is_the_weakest(tickwerk):
    assert shown(tickwerk)["top_n"] == {"value": "0", "source": "default"}


def test_each_source_beats_the_weaker_ones(tickwerk, tmp_path):
    (tmp_path / "run.yaml").write_text("# of the desk\ntop_n: 2\n")
    environment = {"TICKWERK_TOP_N": "1"}
    top_n = shown(tickwerk, env=environment)["top_n"]
    assert top_n == {"value": "1", "source": "environment", "place": "TICKWERK_TOP_N"}
    top_n = shown(tickwerk, "--config", "run.yaml", env=environment)["top_n"]
    assert top_n == {"value": "2", "source": "config", "place": "run.yaml, line 2"}
    top_n = shown(tickwerk, "--config", "run.yaml", "--set", "top_n=3", env=environment)["top_n"]
    assert top_n == {"value": "3", "source": "set", "place": "--set top_n"}
    top_n = shown(tickwerk, "--top-n", "4", "--config", "run.yaml", "--set", "top_n=3", env=environment)["top_n"]
    assert top_n == {"value": "4", "source": "flag", "place": "--top-n"}


def test_last_value_of_one_source_counts(tickwerk):
    assert shown(tickwerk, "--top-n", "1", "--top-n", "2")["top_n"]["value"] == "2"


def test_parameters_of_all_sources_add_up(tickwerk, tmp_path):
    (tmp_path / "run.yaml").write_text("param: {fast: 5, slow: 9}\n")
    assert shown(tickwerk, "--config", "run.yaml")["param"]["value"] == "fast=5,slow=9"
    assert shown(tickwerk, "--config", "run.yaml", "--param", "slow=40")["param"]["value"] == "fast=5,slow=40"
    assert shown(tickwerk, "--param", "fast=3", "--param", "slow=4")["param"]["value"] == "fast=3,slow=4"


def test_lists_of_the_file_are_symbols(tickwerk, tmp_path):
    (tmp_path / "run.yaml").write_text("symbols: [BBB, AAA]\n")
    assert shown(tickwerk, "--config", "run.yaml")["symbols"]["value"] == "AAA,BBB"


def test_keys_may_be_written_like_flags(tickwerk, tmp_path):
    (tmp_path / "run.yaml").write_text("start-capital: 5e3\n")
    assert shown(tickwerk, "--config", "run.yaml")["start_capital"]["value"] == "5000"


def test_switches_take_yes_and_no(tickwerk, tmp_path):
    (tmp_path / "run.yaml").write_text("no_trades: yes\n")
    assert shown(tickwerk, "--config", "run.yaml")["no_trades"]["value"] == "true"
    assert shown(tickwerk, "--config", "run.yaml", "--no-trades=false")["no_trades"]["value"] == "false"


def test_strategy_brings_its_own_defaults(tickwerk):
    settings = shown(tickwerk, "--strategy", "ema_trend", "--top-n", "7")
    assert settings["param"] == {"value": "fast=20,slow=50", "source": "default"}
    assert settings["weights"]["value"] == "score"
    assert settings["top_n"] == {"value": "7", "source": "flag", "place": "--top-n"}


def test_no_costs_shows_as_zero_costs(tickwerk):
    settings = shown(tickwerk, "--no-costs")
    assert [settings[k]["value"] for k in ("commission_bps", "spread_w", "impact_w")] == ["0", "0", "0"]


def test_symbols_may_stand_in_a_file(tickwerk, tmp_path):
    (tmp_path / "members.txt").write_text("# ours\nCCC\nAAA  # first\n\nBBB,2020-01-01\n")
    assert shown(tickwerk, "--symbols", "@members.txt")["symbols"]["value"] == "AAA,BBB,CCC"


def test_shown_values_given_back_change_nothing(tickwerk):
    """Every value of --show-config is one that its flag takes and that means the same."""
    arguments = [
        "--prices=p.csv", "--symbols=A,B", "--max-symbols=3", "--from=2020-01-02", "--to=2021-02-03",
        "--freq=5min", "--strict", "--on-duplicate=last", "--strategy=ema_trend", "--param=fast=3.5",
        "--weights=inverse_vol(30)", "--top-n=4", "--max-weight=0.25", "--gross=0.5", "--rebalance=every(3)",
        "--band=0.01", "--min-volume-ratio=1.5", "--start-capital=123.25", "--fill=same_close",
        "--min-trade=0.001", "--lot-size=10", "--delist-after=7", "--delist-haircut=0.3",
        "--commission-bps=1.25", "--spread-w=0", "--impact-w=2", "--no-trades", "--benchmark=A", "--rf=-0.01",
        "--date=2021-01-04", "--positions=none", "--max-orders=5", "--max-notional=1e6",
        "--max-order-weight=0.1", "--universe=u.txt", "--output=there", "--seed=7", "--threads=2",
    ]  # fmt: skip

    def values(*given):
        result = tickwerk("daily", *given, "--show-config", "--format", "json")
        assert result.code == 0, result.err
        return {key: entry["value"] for key, entry in result.json().items()}

    once = values(*arguments)
    again = values(*(f"--{key.replace('_', '-')}={value}" for key, value in once.items() if value))
    assert again == once
    for argument in arguments:
        key, _, value = argument[2:].partition("=")
        assert once[key.replace("-", "_")] in (value or "true", "fast=3.5,slow=50", "1000000", "1e+06")


@pytest.mark.parametrize(
    "text,words",
    [
        ("top_n: [1\n", ["run.yaml, line", "must be YAML"]),
        ("- top_n\n", ["run.yaml", "key: value"]),
        ("a: 1\ntop_n: x\n", ["'a'", "run.yaml, line 1"]),
        ("seed: 1\ntop_n: x\n", ["--top-n must be", "'x'", "run.yaml, line 2"]),
        ("top_n: 1\ntop-n: 2\n", ["'top_n' again", "run.yaml, line 2"]),
        ("symbols:\n", ["symbols must have a value", "run.yaml, line 1"]),
        ("symbols: [[A]]\n", ["plain value", "run.yaml, line 1"]),
        ("config: other.yaml\n", ["'config'", "run.yaml, line 1"]),
    ],
)
def test_wrong_files_name_file_and_line(refused, tmp_path, text, words):
    (tmp_path / "run.yaml").write_text(text)
    refused(2, words, "backtest", "--config", "run.yaml")


def test_empty_file_sets_nothing(tickwerk, tmp_path):
    (tmp_path / "run.yaml").write_text("")
    assert shown(tickwerk, "--config", "run.yaml") == shown(tickwerk)


def test_missing_file_is_named(refused, tmp_path):
    refused(2, "none.yaml", "backtest", "--config", "none.yaml")
    refused(2, "readable", "backtest", "--config", tmp_path)


def test_environment_is_checked_like_a_flag(refused):
    refused(2, ["--top-n must be", "TICKWERK_TOP_N"], "backtest", env={"TICKWERK_TOP_N": "many"})


def test_names_taken_in_the_environment_are_no_settings(tickwerk):
    settings = shown(tickwerk, env={"TICKWERK_DATA": "/nowhere", "TICKWERK_KILL_SWITCH": "0"})
    assert "data" not in settings and "kill_switch" not in settings


def test_table_names_value_and_source(tickwerk):
    lines = tickwerk("backtest", "--top-n", "4", "--show-config").out.splitlines()
    assert ["top_n", "4", "flag:", "--top-n"] in [line.split() for line in lines]
    assert ["fill", "next_open", "default"] in [line.split() for line in lines]
