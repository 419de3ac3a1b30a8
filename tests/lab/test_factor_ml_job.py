"""FACTOR_ML_JOB under measurement: its steps, its files, and the same bytes whoever watches."""

import subprocess

import pytest
from measured import environment

STEPS = ["load_data", "build_factors", "build_dataset", "train_models", "evaluate", "generate_reports"]


@pytest.fixture(scope="module")
def prices(binary, tmp_path_factory):
    """Long enough for a year of warm-up before the first of five windows."""
    path = tmp_path_factory.mktemp("long") / "bars.parquet"
    command = [binary, "data", "synth", "--symbols-count", "12", "--sessions", "2000", "--out", path]
    subprocess.run(list(map(str, command)), check=True, capture_output=True, env=environment())
    return path


def outputs(run):
    assert run.code == 0, run.err
    return {name: (run.output / name).read_bytes() for name in run.record["outputs"]}


def test_steps_files_and_bytes(profile, prices):
    watched = profile("--threads", "1", job="FACTOR_ML_JOB", prices=prices, output="watched")
    alone = profile("--threads", "1", "--profiler", "none", job="FACTOR_ML_JOB", prices=prices, output="alone")
    assert outputs(watched) == outputs(alone)
    assert [step["name"] for step in watched.record["samples"][0]["steps"]] == STEPS
    assert {name.rsplit(".", 1)[1] for name in watched.record["outputs"]} == {"csv", "html", "md", "parquet"}
    assert len(watched.record["outputs"]) == 8
