"""Help, version, completion and the manual page come from one description of the commands."""

import re

import pytest

NOW = [
    "profile", "backtest", "daily", "data synth", "data info", "data validate", "data convert",
    "strategies list", "strategies show", "strategies signals", "ml dataset",
]  # fmt: skip
LATER = [
    "regime", "risk", "walkforward", "playbook",
    "compare", "history", "lab", "report", "batch",
]  # fmt: skip


def test_overview_lists_every_command_with_its_line(tickwerk):
    result = tickwerk("help")
    now, later = result.out.split("Not available in this version:")
    for name in NOW:
        assert re.search(rf"^  {name}  +\w", now, re.M), name
    for name in LATER:
        assert re.search(rf"^  {name}  +\w", later, re.M), name


def test_no_arguments_show_the_overview(tickwerk):
    assert tickwerk().out == tickwerk("help").out == tickwerk("--help").out


def test_hidden_command_is_not_listed(tickwerk):
    assert "run-job" not in tickwerk("help").out


@pytest.mark.parametrize("name", NOW)
def test_help_and_its_flag_say_the_same(tickwerk, name):
    words = name.split()
    shown = tickwerk("help", *words)
    assert shown.code == 0
    assert shown.out.startswith(f"tickwerk {name}: ")
    assert tickwerk(*words, "--help").out == shown.out
    assert tickwerk(*words, "-h", "--no-such-flag").out == shown.out


def test_range_default_and_choices_stand_in_the_help(tickwerk):
    text = " ".join(tickwerk("help", "backtest").out.split())
    assert "--start-capital CASH cash on the first bar [a number above 0; default 10000]" in text
    assert "--fill next_open|same_close" in text
    assert "[default next_open]" in text
    assert "--sweep NAME=VALUES run every combination of these parameters" in text


def test_help_shows_the_defaults_of_its_command(tickwerk):
    assert "default trend_baseline" in tickwerk("help", "backtest").out
    assert "default ema_trend" in tickwerk("help", "daily").out


def test_profile_claims_no_default_that_depends_on_the_job(tickwerk):
    text = " ".join(tickwerk("help", "profile").out.split())
    assert "or a strategy file *.yaml [default that of the job]" in text
    assert "0 for all [a whole number from 0 to 1000000; default that of the job]" in text
    assert "--fill next_open|same_close" in text and "[default next_open]" in text


def test_operands_stand_behind_the_flags(tickwerk):
    assert "Usage: tickwerk profile [FLAGS] [-- COMMAND]\n" in tickwerk("help", "profile").out
    assert "Usage: tickwerk data info [FLAGS] FILE|DIR\n" in tickwerk("help", "data", "info").out


def test_lines_fit_a_hundred_columns(tickwerk):
    for name in NOW:
        assert max(map(len, tickwerk("help", *name.split()).out.splitlines())) <= 100


def test_version_is_one_line(tickwerk):
    result = tickwerk("--version")
    assert re.fullmatch(r"tickwerk \d+\.\d+\.\d+\n", result.out)
    assert result.err == ""
    assert tickwerk("backtest", "--version").out == result.out


@pytest.mark.parametrize("name", LATER)
def test_command_of_a_later_version_says_so(refused, tickwerk, name):
    refused(2, f"{name} is not available in this version", name, "--any", "thing")
    assert "Not available in this version." in tickwerk("help", name).out


def test_family_without_a_member_is_wrong_use(refused):
    refused(2, "data must be followed", "data")


def test_unknown_commands_offer_the_nearest(refused):
    refused(2, ["'backtset'", "nearest: backtest"], "backtset")
    refused(2, ["'data inf'", "nearest: data info"], "data", "inf")
    refused(2, "'dat'", "help", "dat")


def test_flag_before_the_command_is_wrong_use(refused):
    refused(2, "--quiet", "--quiet", "backtest")


def test_bash_completion_knows_commands_and_flags(tickwerk, tmp_path):
    import subprocess

    script = tickwerk("completion", "bash").out
    script += 'COMP_WORDS=(tickwerk data va); COMP_CWORD=2; _tickwerk; echo "${COMPREPLY[*]}"\n'
    script += 'COMP_WORDS=(tickwerk backtest --start); COMP_CWORD=2; _tickwerk; echo "${COMPREPLY[*]}"\n'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert done.stdout == "validate\n--start-capital\n", done.stderr


def test_manual_page_names_every_command(tickwerk):
    page = tickwerk("man").out
    assert page.startswith(".TH TICKWERK 1")
    for name in NOW:
        assert f".SS tickwerk {name}" in page
