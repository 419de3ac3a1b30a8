"""ML_JOB and FACTOR_ML_JOB under measurement: their steps, their files, and the same bytes whoever watches."""

import subprocess

import pytest
from measured import environment

JOBS = {
    "ML_JOB": (
        "trend_baseline",
        ["load_data", "build_factors", "build_dataset", "train_meta_model", "evaluate", "generate_reports"],
        ["html", "json", "json", "md", "parquet", "parquet", "ubj"],
    ),
    "FACTOR_ML_JOB": (
        "fwd_trade_20",
        ["load_data", "build_factors", "build_dataset", "train_models", "evaluate", "generate_reports"],
        ["csv", "csv", "csv", "csv", "html", "md", "parquet", "parquet"],
    ),
}


@pytest.fixture(scope="module")
def prices(binary, tmp_path_factory):
    """Long enough for a year of training before the first of five windows."""
    path = tmp_path_factory.mktemp("long") / "bars.parquet"
    command = [binary, "data", "synth", "--symbols-count", "200", "--sessions", "2520", "--out", path]
    subprocess.run(list(map(str, command)), check=True, capture_output=True, env=environment())
    return path


def outputs(run):
    assert run.code == 0, run.err
    return {name: (run.output / name).read_bytes() for name in run.record["outputs"]}


@pytest.mark.parametrize("job", JOBS)
def test_steps_files_and_bytes(profile, prices, job):
    learned, steps, suffixes = JOBS[job]
    more = ("--max-symbols", "12") if job == "FACTOR_ML_JOB" else ()
    watched = profile("--threads", "1", *more, job=job, prices=prices, output="watched")
    alone = profile("--threads", "2", "--profiler", "none", *more, job=job, prices=prices, output="alone")
    assert outputs(watched) == outputs(alone)
    assert [step["name"] for step in watched.record["samples"][0]["steps"]] == steps
    assert sorted(name.rsplit(".", 1)[1] for name in watched.record["outputs"]) == suffixes
    assert any(name.startswith(f"data/ml/dataset_{learned}_1d_") for name in watched.record["outputs"])


@pytest.mark.parametrize("job", JOBS)
def test_too_few_dates_are_refused_without_flags_that_profile_lacks(profile, job):
    run = profile("--no-store", job=job)
    assert run.code != 0
    assert "a split must train on at least 252 dates, found " in run.err
    assert "too few for any split" in run.err
    assert "--splits" not in run.err and "--min-train" not in run.err
