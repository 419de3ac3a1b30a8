"""The built program under measurement: a small market and a function that profiles a job over it."""

import os
import subprocess

import pytest
from measured import Run, environment


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
