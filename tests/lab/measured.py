"""A finished run of `tickwerk profile` and what it left, for the tests of the lab."""

import csv
import json
import os
from pathlib import Path

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
