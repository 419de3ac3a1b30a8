"""A run that fails is recorded as failed; one that is interrupted leaves nothing."""

import os
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest
from measured import Run, environment

PATIENCE_SEC = 60


def start(command, *arguments):
    return subprocess.Popen(
        command("--iterations", "1000", *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )


def child_of(process):
    """The process id of an iteration, as soon as there is one."""
    end = time.monotonic() + PATIENCE_SEC
    while time.monotonic() < end and process.poll() is None:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        try:
            words = children.read_text().split()
        except FileNotFoundError:
            pytest.skip("the kernel does not list children")
        if words:
            return int(words[0])
        os.sched_yield()
    pytest.fail("no iteration was started")


def has_ended(pid):
    """Gone, or dead and waiting for a parent that does not care."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_job_that_fails_is_recorded_with_its_error(profile):
    run = profile("--warmup", "1", "--iterations", "2", prices="/nonexistent/bars.csv")
    assert run.code == 3
    assert "/nonexistent/bars.csv" in run.err
    assert run.record["status"] == "failed"
    assert "/nonexistent/bars.csv" in run.record["error"]
    assert run.record["total_sec"] is None
    (line,) = run.summary
    assert line["status"] == "failed"
    for key in ("total_sec", "cpu_sec", "peak_rss_mb", "mad_sec", "top1_func"):
        assert line[key] == ""
    assert [path for path in (run.output / "perf_logs").iterdir()]


def test_a_failed_run_does_not_enter_the_document(profile, tmp_path):
    run = profile("--update-doc", "doc.md", prices="/nonexistent/bars.csv")
    assert run.code == 3
    assert not (tmp_path / "doc.md").exists()
    failed = run.record["run_id"]
    assert profile("--update-doc", "doc.md").code == 0
    text = (tmp_path / "doc.md").read_text()
    assert failed not in text
    assert text.count("| BACKTEST_MEDIUM-") == 2  # runtime and hotspots of the run that is ok


def test_a_preparation_that_fails_is_recorded_too(binary, tmp_path):
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "data").write_text("a file where the market should go")
    command = [binary, "profile", "--job", "EOD_SMALL"]
    process = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True)
    run = Run(process, tmp_path / "output")
    assert run.code == 1
    assert run.err.count("error: ") == 1 and "output/data" in run.err
    assert run.record["status"] == run.summary[0]["status"] == "failed"
    assert run.record["error"] in run.err
    assert run.record["samples"] == []


def test_a_size_limit_that_leaves_room_for_no_result_does_not_hide_the_error_of_the_job(command, tmp_path):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))

    run = subprocess.run(command(), env=environment(), capture_output=True, text=True, preexec_fn=limit)
    assert run.returncode == 1
    assert "File too large, writing" in run.stderr and "_1d.csv" in run.stderr
    assert [path for path in (tmp_path / "output").glob("perf_*/*")] == []


def test_another_header_of_the_summary_is_an_error_that_loses_nothing(profile, tmp_path):
    summary = tmp_path / "output" / "perf_profiles" / "perf_summary.csv"
    summary.parent.mkdir(parents=True)
    summary.write_text("a,b\n1,2\n")
    run = profile()
    assert run.code == 3
    assert "perf_summary.csv" in run.err and "a,b" in run.err
    assert summary.read_text() == "a,b\n1,2\n"
    assert run.records == []


@pytest.mark.parametrize("document", ["file/doc.md", "folder"])
def test_a_document_that_cannot_be_written_is_found_before_anything_is_measured(profile, tmp_path, document):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    run = profile("--update-doc", document)
    assert run.code == 1
    assert "a document must be" in run.err or "the folder of a document must be" in run.err
    assert not run.output.exists()


def test_an_output_folder_that_cannot_be_written_is_found_before_anything_is_measured(profile, tmp_path):
    (tmp_path / "output").write_text("a file")
    run = profile()
    assert run.code == 1
    assert "an output folder must be writable" in run.err
    assert (tmp_path / "output").read_text() == "a file"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_line_and_no_record(command, tmp_path, number):
    process = start(command)
    child = child_of(process)
    process.send_signal(number)
    out, _ = process.communicate(timeout=PATIENCE_SEC)
    assert process.returncode == 130
    assert out == ""
    output = tmp_path / "output"
    assert not (output / "perf_runs").exists()
    assert not (output / "perf_profiles").exists()
    assert [path for path in output.rglob(".*")] == []
    assert has_ended(child)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_job_killed_by_a_signal_fails_and_says_which(command, tmp_path, number):
    process = start(command)
    while process.poll() is None:
        try:
            os.kill(child_of(process), number)
        except ProcessLookupError:
            continue
        break
    out, err = process.communicate(timeout=PATIENCE_SEC)
    run = Run(subprocess.CompletedProcess([], process.returncode, out, err), tmp_path / "output")
    assert run.code == 1
    assert f"signal {number.value}" in run.err
    assert run.record["status"] == "failed"
    assert f"signal {number.value}" in run.record["error"]
    assert run.unfinished() == []


def test_an_iteration_ends_with_a_parent_that_was_killed(command):
    process = start(command)
    child = child_of(process)
    process.kill()
    process.communicate(timeout=PATIENCE_SEC)
    end = time.monotonic() + PATIENCE_SEC
    while not has_ended(child):
        assert time.monotonic() < end, "the iteration lived on"
        os.sched_yield()
