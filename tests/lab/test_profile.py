"""`tickwerk profile`: the files of a run, what they say, and that they agree."""

import json
import re
import statistics
import subprocess

import pytest
from measured import COLUMNS, environment

STEPS = ["load_data", "build_factors", "build_signals", "run_backtest", "generate_reports"]


def test_a_run_leaves_every_file_that_is_promised(profile):
    run = profile("--with-cprofile")
    assert run.code == 0, run.err
    time = run.record["timestamp"].replace("-", "").replace(":", "")
    profiles = run.output / "perf_profiles"
    stem = f"profile_BACKTEST_MEDIUM_{time}"
    assert {path.name for path in profiles.iterdir()} == {
        f"{stem}.prof",
        f"{stem}_stats.txt",
        f"{stem}.speedscope.json",
        f"{stem}.trace.json",
        "perf_summary.csv",
    }
    assert (profiles / f"{stem}_stats.txt").read_text().startswith("instrumented zones only\n")
    json.loads((profiles / f"{stem}.speedscope.json").read_text())
    json.loads((profiles / f"{stem}.trace.json").read_text())
    log = (run.output / "perf_logs" / f"perf_BACKTEST_MEDIUM_{time}.log").read_text()
    for file in run.record["files"] + run.record["outputs"]:
        assert (run.output / file).is_file()
        assert str(run.output / file) in log
    assert run.unfinished() == []


def test_function_statistics_are_written_on_request_only(profile):
    run = profile()
    names = [path.name for path in (run.output / "perf_profiles").iterdir()]
    assert not [name for name in names if name.endswith((".prof", "_stats.txt"))]
    assert [name for name in names if name.endswith(".speedscope.json")]


@pytest.mark.parametrize("job", ["EOD_SMALL", "BACKTEST_MEDIUM"])
def test_steps_are_parts_of_the_total(profile, job):
    record = profile(job=job).record
    steps = record["samples"][0]["steps"]
    assert [step["name"] for step in steps] == STEPS
    wall = sum(step["wall_sec"] for step in steps)
    assert 0 < wall <= 1.01 * record["total_sec"]
    peaks = [step["peak_rss_bytes"] for step in steps]
    if record["samples"][0]["memory_reset"] == "per step":
        assert record["peak_rss_mb"] * 1e6 >= max(peaks) > 0
    else:
        assert peaks == [None] * len(STEPS)


def test_the_summary_line_says_what_the_record_says(profile):
    run = profile("--phase", 'Before "P3", again', "--iterations", "3")
    text = (run.output / "perf_profiles" / "perf_summary.csv").read_text()
    assert text.splitlines()[0] == COLUMNS
    (line,) = run.summary
    record = run.record
    assert line["phase"] == 'Before "P3", again' == record["phase"]
    assert line["status"] == "ok" and line["iterations"] == "3"
    for key in ("timestamp", "job_name", "git_commit", "machine_id", "run_id"):
        assert line[key] == record[key]
    for key in ("total_sec", "cpu_sec", "peak_rss_mb", "mad_sec"):
        assert float(line[key]) == pytest.approx(record[key], abs=1e-8)
    tops = [float(line[f"top{rank}_cumtime"]) for rank in (1, 2, 3)]
    assert tops == sorted(tops, reverse=True)
    assert not any("<step:" in line[f"top{rank}_func"] for rank in (1, 2, 3))


def test_odd_iterations_give_the_middle_one(profile):
    record = profile("--iterations", "3", "--warmup", "1").record
    totals = [sample["total_sec"] for sample in record["samples"]]
    assert len(totals) == 3
    assert record["total_sec"] == statistics.median(totals)
    assert record["zones"]["main"]["total_ns"] == pytest.approx(1e9 * record["total_sec"], abs=1)


def test_even_iterations_give_the_mean_of_the_middle_two_and_the_faster_ones_profile(profile):
    record = profile("--iterations", "4").record
    totals = [sample["total_sec"] for sample in record["samples"]]
    middle = sorted(totals)[1:3]
    assert record["total_sec"] == pytest.approx(statistics.mean(middle), rel=1e-12)
    assert record["median_sample"] == totals.index(middle[0])
    assert record["zones"]["main"]["total_ns"] == pytest.approx(1e9 * middle[0], abs=1)
    distances = [abs(total - record["total_sec"]) for total in totals]
    assert record["mad_sec"] == pytest.approx(statistics.median(distances), abs=1e-12)
    sample = record["samples"][record["median_sample"]]
    assert record["cpu_sec"] == sample["process"]["user_sec"] + sample["process"]["system_sec"]
    assert record["peak_rss_mb"] == sample["peak_rss_bytes"] / 1e6


def test_without_a_profiler_there_is_a_total_and_nothing_inside_it(profile):
    run = profile("--profiler", "none")
    assert run.code == 0, run.err
    assert run.record["total_sec"] > 0
    assert run.record["samples"][0]["steps"] == []
    assert run.summary[0]["top1_func"] == "" == run.summary[0]["top1_cumtime"]
    assert [path.name for path in (run.output / "perf_profiles").iterdir()] == ["perf_summary.csv"]


def test_json_is_one_document_and_the_record(profile):
    run = profile("--format", "json")
    assert json.loads(run.out) == run.record


def test_runs_of_one_second_share_no_file(command, tmp_path):
    started = [
        subprocess.Popen(command("--with-cprofile"), stdout=subprocess.DEVNULL, env=environment())
        for _ in range(3)
    ]
    assert [process.wait(120) for process in started] == [0, 0, 0]
    output = tmp_path / "output"
    assert len(list((output / "perf_profiles").glob("*.prof"))) == 3
    assert len(list((output / "perf_logs").glob("*.log"))) == 3
    assert len((output / "perf_profiles" / "perf_summary.csv").read_text().splitlines()) == 4


def test_runs_with_different_outputs_in_one_folder_wait_for_each_other(command, tmp_path):
    started = [
        subprocess.Popen(
            command("--iterations", "5", "--start-capital", capital),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        for capital in ("100", "200", "300")
    ]
    for process in started:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    records = [json.loads(path.read_text()) for path in (tmp_path / "output" / "perf_runs").iterdir()]
    assert len({record["output_digest"] for record in records}) == 3


def test_names_of_jobs_are_read_in_any_spelling(profile):
    for number, job in enumerate(["eod_small", "Eod-Small", "EOD_SMALL"]):
        assert profile(job=job, output=str(number)).record["job_name"] == "EOD_SMALL"


def test_list_names_jobs_of_this_version_and_of_later_ones(binary):
    text = subprocess.run([binary, "profile", "--list"], capture_output=True, text=True).stdout
    now, later = text.split("not available in this version")
    for job in ("EOD_SMALL", "BACKTEST_MEDIUM", "BASIC_BACKTEST", "ML_JOB", "FACTOR_ML_JOB"):
        assert job in now
    for job in ("PLAYBOOK_JOB", "CUSTOM"):
        assert job in later


@pytest.mark.parametrize(
    "arguments",
    [["--job", "CUSTOM", "--", "true"], ["--job", "playbook-job"], ["--profiler", "sampling"],
     ["--profiler", "instructions"], ["--profiler", "py-spy"]],
)
def test_what_comes_later_says_so(binary, tmp_path, arguments):
    words = ["profile", "--job", "EOD_SMALL"] if "--job" not in arguments else ["profile"]
    run = subprocess.run([binary, *words, *arguments], capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 2
    assert "not available in this version" in run.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [["--iterations", "0"], ["--iterations", "1001"], ["--warmup", "-1"], ["--warmup", "1001"],
     ["--top-n", "0"], ["--top-n", "10001"], ["--iterations", "two"], ["--with-cprofile", "--profiler", "none"],
     ["--extra-args", "--no-such-flag"], ["--extra-args", "'open"], ["--extra-args", "stray"],
     ["--extra-args", "--profiler none"], ["--extra-args", "--format json"], ["--extra-args", "--set fill=x"],
     ["stray"]],
)
def test_wrong_use_ends_before_anything_is_measured(profile, arguments):
    run = profile(*arguments)
    assert run.code == 2
    assert len([line for line in run.err.splitlines() if "error: " in line]) == 1
    assert not run.output.exists()


def test_top_n_limits_the_functions_of_the_text(profile):
    few = profile("--with-cprofile", "--top-n", "2", output="few")
    all_of_them = profile("--with-cprofile", output="all")
    (few_text,) = (path.read_text() for path in few.output.rglob("*_stats.txt"))
    (text,) = (path.read_text() for path in all_of_them.output.rglob("*_stats.txt"))
    assert len(few_text.splitlines()) < len(text.splitlines())


def test_extra_arguments_reach_the_job(profile):
    record = profile("--extra-args", "--start-capital 12345 --param fast=7").record
    assert record["configuration"]["start_capital"] == "12345"
    assert record["configuration"]["param.fast"] == "7"


@pytest.mark.parametrize(
    "arguments,variables",
    [(["--strategy-top-n", "3"], {}), (["--set", "top_n=3"], {}), (["--config", "run.yaml"], {}),
     (["--extra-args", "--top-n 3"], {}), ([], {"TICKWERK_TOP_N": "3"})],
)
def test_the_strategys_top_n_is_not_that_of_the_statistics(command, tmp_path, arguments, variables):
    """The key means the same for `backtest` and `profile`; the flag counts functions."""
    (tmp_path / "run.yaml").write_text("top_n: 3\n")
    words = command("--with-cprofile", "--top-n", "2", *arguments)
    run = subprocess.run(words, env={**environment(), **variables}, cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    (record,) = (json.loads(path.read_text()) for path in (tmp_path / "output" / "perf_runs").iterdir())
    assert record["configuration"]["top_n"] == "3"
    (text,) = (path.read_text() for path in tmp_path.rglob("*_stats.txt"))
    assert "Top 2 of" in text


def test_more_threads_than_cores_are_no_reason_to_speak(profile):
    run = profile("--threads", "7")
    assert run.code == 0
    assert all(line.startswith("tickwerk: note: ") for line in run.err.splitlines())


def test_settings_reach_the_job(profile, tmp_path):
    (tmp_path / "run.yaml").write_text("start_capital: 500\nfill: same_close\n")
    record = profile("--config", "run.yaml", "--set", "fill=next_open").record
    assert record["configuration"]["start_capital"] == "500"
    assert record["configuration"]["fill"] == "next_open"


def test_the_record_names_no_host_and_one_digest(profile):
    record = profile().record
    assert re.fullmatch("[0-9a-f]{32}", record["output_digest"])
    assert json.dumps(record).count('digest"') == 1
    machine = record["environment"]["machine"]
    assert machine["cores"] >= 1 and machine["memory_bytes"] > 0
    assert "host" not in json.dumps(record["environment"]).lower()


def test_the_document_is_made_and_made_again(profile, tmp_path):
    first = profile("--phase", "Before P3", "--note", "cold", "--update-doc", "doc.md")
    assert first.code == 0, first.err
    document = tmp_path / "doc.md"
    once = document.read_text()
    assert "| Before P3 |" in once and "| cold" in once
    document.write_text(once.replace("| cold", "| cold, on battery").replace("# Perf", "# My perf"))
    profile("--phase", "After P3", "--update-doc", "doc.md")
    twice = document.read_text()
    assert "# My perf" in twice and twice.count("cold, on battery") == 2
    assert re.search(r"\| After P3 \|.*\| \d+\.\d\d \(unpaired\) \|", twice)


def test_a_damaged_document_is_refused_before_anything_is_measured(profile, tmp_path):
    (tmp_path / "doc.md").write_text("<!-- tickwerk:begin machine -->\n")
    run = profile("--update-doc", "doc.md")
    assert run.code == 3
    assert "<!-- tickwerk:end machine -->" in run.err
    assert (tmp_path / "doc.md").read_text() == "<!-- tickwerk:begin machine -->\n"
    assert not run.output.exists()


def counted(node, counter):
    return node.get("counters", {}).get(counter, 0) + sum(counted(child, counter) for child in node.get("children", []))


def test_cold_and_warm_runs_are_told_apart(profile, tmp_path):
    flags = (["--cold"], [], ["--iterations", "2", "--cold"], ["--no-store"])
    runs = [profile("--store", tmp_path / "store", *more, job="BASIC_BACKTEST", output=str(number))
            for number, more in enumerate(flags)]
    assert [run.code for run in runs] == [0] * 4, runs[0].err
    assert [run.record["configuration"].get("store") for run in runs] == ["cold", "warm", "cold", None]
    hits = [counted(run.record["zones"]["main"], "cache_hits") for run in runs]
    misses = [counted(run.record["zones"]["main"], "cache_misses") for run in runs]
    assert hits[0] == hits[2] == 0 and hits[1] == misses[0] > 0 and misses[1] == 0
    assert hits[3] == misses[3] == 0
    assert len({run.record["output_digest"] for run in runs}) == 1


def test_a_median_of_cold_and_warm_runs_says_so(profile):
    run = profile("--iterations", "2", job="BASIC_BACKTEST")
    assert any("factor store differently filled" in text for text in run.record["warnings"])
