"""The built program as a function, and small markets as files; used by every test of the command line."""

import datetime
import json
import os
import subprocess
from pathlib import Path

import pytest

FIRST_SESSION = datetime.date(2024, 1, 2)


def binary():
    path = os.environ.get("TICKWERK_BINARY")
    if not path:
        pytest.skip("TICKWERK_BINARY names no program")
    return path


class Result:
    def __init__(self, process):
        self.code = process.returncode
        self.out = process.stdout
        self.err = process.stderr

    @property
    def errors(self):
        return [line for line in self.err.splitlines() if line.startswith("tickwerk: error: ")]

    def json(self):
        return json.loads(self.out)


@pytest.fixture
def tickwerk(tmp_path):
    """Runs the program in a folder of its own, with an environment free of settings."""

    def run(*arguments, env=None, **options):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("TICKWERK_")}
        clean.update(env or {})
        process = subprocess.run(
            [binary(), *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=options.pop("cwd", tmp_path),
            env=clean,
            timeout=120,
            **options,
        )
        return Result(process)

    return run


@pytest.fixture
def refused(tickwerk, tmp_path):
    """Runs a command that must fail: exit code, one sentence on stderr with `words` in it, no file left."""

    def run(code, words, *arguments, **options):
        before = files_below(tmp_path)
        result = tickwerk(*arguments, **options)
        assert result.code == code, result.err
        assert result.out == ""
        assert len(result.errors) == 1, result.err
        for word in [words] if isinstance(words, str) else words:
            assert word in result.errors[0], result.errors[0]
        assert "\n" not in result.errors[0] and not result.errors[0].endswith(".")
        assert files_below(tmp_path) == before
        return result.errors[0]

    return run


def files_below(folder):
    return sorted(str(p.relative_to(folder)) for p in Path(folder).rglob("*") if p.is_file())


def sessions(count):
    """Weekdays from the first session of 2024, without the exchange's holidays of that winter."""
    holidays = {datetime.date(2024, 1, 15), datetime.date(2024, 2, 19), datetime.date(2024, 3, 29)}
    day = FIRST_SESSION
    found = []
    while len(found) < count:
        if day.weekday() < 5 and day not in holidays:
            found.append(day)
        day += datetime.timedelta(days=1)
    return found


def bars(symbols=("AAA", "BBB"), count=30):
    """Rows of a market whose prices rise by one a session: open x.0, high x.75, low x-0.5, close x.5."""
    rows = []
    for number, day in enumerate(sessions(count)):
        for offset, symbol in enumerate(symbols):
            base = 100 + 10 * offset + number
            rows.append([day.isoformat(), symbol, base, base + 0.75, base - 0.5, base + 0.5, 1000 + number])
    return rows


HEADER = "timestamp,symbol,open,high,low,close,volume"


def text_of(rows, header=HEADER, newline="\n"):
    lines = [header] + [",".join(str(cell) for cell in row) for row in rows]
    return newline.join(lines) + newline


@pytest.fixture
def market(tmp_path):
    """Writes a market as CSV and returns its path."""

    def write(rows=None, name="bars.csv", **how):
        path = tmp_path / name
        path.write_bytes(text_of(bars() if rows is None else rows, **how).encode())
        return path

    return write
