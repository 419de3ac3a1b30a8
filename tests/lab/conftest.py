"""The built program under measurement: a small market, a profiled run and what it left."""

import csv
import json
import os
import subprocess
from pathlib import Path

import pytest

COLUMNS = (
    "timestamp,job_name,total_sec,top1_func,top1_cumtime,top2_func,top2_cumtime,top3_func,top3_cumtime,"
    "phase,cpu_sec,peak_rss_mb,iterations,mad_sec,git_commit,machine_id,run_id,status"
)


class Run:
    """A finished `tickwerk profile` and its output folder."""

    def __init__(self, process, output):
        self.code = process.returncode
        self.out = process.stdout
        self.err = process.stderr
        self.output = Path(output)

    @property
    def records(self):
        files = sorted((self.output / "perf_runs").glob("*.json"))
        return [json.loads(file.read_text()) for file in files]

    @property
    def record(self):
        (record,) = self.records
        return record

    @property
    def summary(self):
        with open(self.output / "perf_profiles" / "perf_summary.csv", newline="") as file:
            return list(csv.DictReader(file))

    def unfinished(self):
        return [path for path in self.output.rglob(".*") if path.is_file()]


def environment():
    return {key: value for key, value in os.environ.items() if not key.startswith("TICKWERK_")}


@pytest.fixture(scope="session")
def binary():
    path = os.environ.get("TICKWERK_BINARY")
    if not path:
        pytest.skip("TICKWERK_BINARY names no program")
    return path


@pytest.fixture(scope="session")
def market(binary, tmp_path_factory):
    """Bars of 12 symbols over 300 sessions."""
    path = tmp_path_factory.mktemp("market") / "bars.parquet"
    command = [binary, "data", "synth", "--symbols-count", "12", "--sessions", "300", "--out", path]
    subprocess.run(list(map(str, command)), check=True, capture_output=True, env=environment())
    return path


@pytest.fixture
def command(binary, market, tmp_path):
    """The command line of a run over the small market, into a folder of the test's own."""

    def make(*arguments, job="BACKTEST_MEDIUM", output="output", prices=None):
        fixed = ["--job", job, "--prices", prices or market, "--output", tmp_path / output]
        return [str(word) for word in [binary, "profile", *fixed, *arguments]]

    return make


@pytest.fixture
def profile(command, tmp_path):
    def run(*arguments, output="output", **options):
        process = subprocess.run(
            command(*arguments, output=output, **options),
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment(),
            timeout=120,
        )
        return Run(process, tmp_path / output)

    return run
