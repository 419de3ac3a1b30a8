"""Measuring changes nothing: a job writes the same bytes with every profiler and any number of threads."""

import pytest


def outputs(run):
    assert run.code == 0, run.err
    return {name: (run.output / name).read_bytes() for name in run.record["outputs"]}


@pytest.mark.parametrize("job", ["EOD_SMALL", "BACKTEST_MEDIUM"])
def test_profiler_and_threads_leave_no_trace_in_the_outputs(profile, job):
    runs = [
        profile("--profiler", profiler, "--threads", threads, job=job, output=f"{profiler}{threads}")
        for profiler in ("zones", "none")
        for threads in ("1", "2")
    ]
    assert outputs(runs[0])
    for run in runs[1:]:
        assert outputs(run) == outputs(runs[0])
        assert run.record["output_digest"] == runs[0].record["output_digest"]
        assert run.record["configuration"] == runs[0].record["configuration"]


def test_the_digest_sees_a_change(profile):
    before = profile(output="before").record
    after = profile("--start-capital", "10001", output="after").record
    assert before["output_digest"] != after["output_digest"]
    assert before["data_fingerprint"] == after["data_fingerprint"]
