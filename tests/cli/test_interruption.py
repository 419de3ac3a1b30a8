"""What the machine does to a run: a signal, a full disk, too little memory, a reader that leaves."""

import os
import resource
import signal
import subprocess

import pytest

from conftest import binary, files_below

LARGE = ["data", "synth", "--symbols-count", "300", "--sessions", "8817", "--out", "large.csv"]


def start(folder, *arguments, **options):
    return subprocess.Popen(
        [binary(), *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_with_130_and_takes_unfinished_files_along(tmp_path, number):
    """On a busy machine the file may be whole before the signal arrives: then once more."""
    for _ in range(20):
        process = start(tmp_path, *LARGE)
        while process.poll() is None and not files_below(tmp_path):
            os.sched_yield()
        process.send_signal(number)
        process.communicate(timeout=60)
        if files_below(tmp_path) != ["large.csv"]:
            break
        (tmp_path / "large.csv").unlink()
    assert process.returncode == 130
    assert files_below(tmp_path) == []


def test_signal_while_a_reader_is_waited_for_ends_with_130(tmp_path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    process = start(tmp_path, "data", "synth", "--out", "pipe.csv")
    reader = os.open(pipe, os.O_RDONLY)
    os.read(reader, 1)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    os.close(reader)


def test_ignored_signal_stays_ignored(tmp_path):
    process = start(tmp_path, *LARGE, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    while process.poll() is None and not files_below(tmp_path):
        os.sched_yield()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_full_disk_is_an_error_that_leaves_nothing(refused):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    refused(1, "large.csv", *LARGE, preexec_fn=limit)


def test_full_disk_during_a_backtest_leaves_no_part_of_a_file(tickwerk, market, tmp_path):
    path = market()

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))

    result = tickwerk("backtest", "--prices", path, "--output", "results", preexec_fn=limit)
    assert result.code == 1
    assert len(result.errors) == 1 and "results" in result.errors[0]
    assert [name for name in files_below(tmp_path) if name.endswith(".tmp")] == []


def test_too_little_memory_is_an_error(refused):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (400_000_000, 400_000_000))

    refused(
        1, "memory", "data", "synth", "--symbols-count", "5000", "--sessions", "8817", "--threads", "1",
        "--out", "large.csv", preexec_fn=limit,
    )  # fmt: skip


def test_reader_that_leaves_is_no_error(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run([binary(), "help"], stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert process.returncode == 0
    assert process.stderr == ""


def test_stdout_on_a_full_device_is_an_error(tmp_path):
    with open("/dev/full", "w") as full:
        process = subprocess.run([binary(), "help"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert process.returncode == 1
    assert process.stderr.startswith("tickwerk: error: stdout must take the result")
