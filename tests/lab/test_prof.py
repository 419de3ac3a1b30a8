"""The .prof file of a profiled job opens in Python's pstats and keeps what cProfile promises."""

import marshal
import os
import pstats
import subprocess

import pytest

JOB = "BACKTEST_MEDIUM"
ROOT = ("~", 0, f"<job:{JOB}>")
CALLS, PRIMITIVE_CALLS, OWN_SEC, CUMULATIVE_SEC = range(4)  # the order within callers


@pytest.fixture(scope="module")
def prof(tmp_path_factory):
    output = tmp_path_factory.mktemp("output")
    command = [os.environ["TICKWERK_BINARY"], "profile", "--job", JOB, "--with-cprofile"]
    run = subprocess.run([*command, "--output", str(output)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    files = list((output / "perf_profiles").glob("*.prof"))
    assert len(files) == 1, files
    return files[0]


@pytest.fixture(scope="module")
def functions(prof):
    return marshal.loads(prof.read_bytes())


def test_pstats_prints_it(prof, capsys):
    stats = pstats.Stats(str(prof))
    stats.sort_stats("cumulative").print_stats(20)
    stats.print_callers(3)
    stats.print_callees(3)
    printed = capsys.readouterr().out
    assert f"job:{JOB}" in printed
    assert "step:load_data" in printed


def test_the_job_is_the_only_root(functions):
    assert [key for key, (*_, callers) in functions.items() if not callers] == [ROOT]
    assert functions[ROOT][:2] == (1, 1)


def test_calls_by_callers_add_up_to_all_calls(functions):
    for key, (_, calls, _, _, callers) in functions.items():
        if key != ROOT:
            assert sum(caller[CALLS] for caller in callers.values()) == calls, key


def test_own_times_by_callers_add_up_to_the_own_time(functions):
    for key, (_, _, own, _, callers) in functions.items():
        if key != ROOT:
            assert sum(caller[OWN_SEC] for caller in callers.values()) == pytest.approx(own, abs=1e-9)


def test_own_times_add_up_to_the_total_of_the_root(functions):
    total = functions[ROOT][3]
    assert total > 0
    assert sum(own for _, _, own, _, _ in functions.values()) == pytest.approx(total, rel=1e-9)


def test_no_function_takes_longer_than_the_job(functions):
    total = functions[ROOT][3]
    for key, (primitive, calls, own, cumulative, callers) in functions.items():
        assert 1 <= primitive <= calls, key
        assert 0 <= own <= cumulative + 1e-9 <= total + 2e-9, key
        for caller in callers.values():
            assert 0 <= caller[PRIMITIVE_CALLS] <= caller[CALLS]
            assert caller[CUMULATIVE_SEC] <= cumulative + 1e-9


def test_steps_have_no_place_and_zones_have_one_in_the_repository(functions):
    steps = [key for key in functions if key[2].startswith("<step:")]
    zones = [key for key in functions if key != ROOT and key not in steps]
    assert ("~", 0, "<step:run_backtest>") in steps
    assert all(key[:2] == ("~", 0) for key in steps)
    assert zones
    for file, line, _ in zones:
        with open(file, encoding="utf-8") as source:
            assert 1 <= line <= len(source.readlines()), file
