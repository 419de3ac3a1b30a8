"""The catalogue's alpha101, alpha101_industry and alpha158 against a second evaluation of their formulas.

Run by hand in an environment of its own; never part of the tests:

    python3 -m venv /tmp/parity && /tmp/parity/bin/pip install -r tests/parity/requirements.txt
    /tmp/parity/bin/python tests/parity/alpha_parity.py [TICKWERK_PROGRAM]

It makes a small market from a fixed generator (only + - * / and floor, so that a test in another language makes the
same bits), evaluates every formula as its source writes it, in double and in extended precision, and writes a few
values per formula to tests/golden/alpha_formulas.txt (read by src/tickwerk/factor/alpha_formulas_test.cpp). A value on
which the two precisions differ, or that changes with the order of sums or when comparisons look at 11 digits only, is
decided by rounding, a rank among equal correlations for instance; it is written as `rounding`. With a program it also compares every value and prints what differs by more than 1e-9.
"""

import csv
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy

import alpha101_formulas
import alpha158_formulas
import alpha_operators
from generator import Generator

ROOT = pathlib.Path(__file__).resolve().parents[2]
NUM_SYMBOLS, NUM_BARS, NUM_SECTORS = 30, 400, 4
FIRST_BARS = {7: 60, 19: 150}  # these symbols are listed late
CELLS = [(row, symbol) for row in (330, 371, 399) for symbol in (2, 7, 16)]


def cents(price):
    return math.floor(price * 100 + 0.5) / 100


def make_market():
    """Fields by name, [time, symbol]."""
    generator = Generator(101)
    shape = (NUM_BARS, NUM_SYMBOLS)
    fields = {name: numpy.full(shape, numpy.nan) for name in ("open", "high", "low", "close", "volume")}
    for symbol in range(NUM_SYMBOLS):
        close = 40 + 20 * generator.uniform()
        for bar in range(NUM_BARS):
            open_ = cents(close * (1 + 0.02 * (generator.uniform() - 0.5)))
            close = cents(open_ * (1 + 0.06 * (generator.uniform() - 0.5)) + 0.04 * (50 - open_))
            high = cents(max(open_, close) * (1 + 0.02 * generator.uniform()))
            low = cents(min(open_, close) * (1 - 0.02 * generator.uniform()))
            volume = math.floor(100000 + 900000 * generator.uniform() * generator.uniform())
            if bar >= FIRST_BARS.get(symbol, 0):
                for name, value in zip(fields, (open_, high, low, close, volume)):
                    fields[name][bar, symbol] = value
    return fields


def evaluate(fields, kind):
    data = [fields[name].astype(kind) for name in ("open", "high", "low", "close", "volume")]
    sector = numpy.arange(NUM_SYMBOLS) % NUM_SECTORS
    with numpy.errstate(all="ignore"):
        return {**alpha101_formulas.formulas(*data, sector), **alpha158_formulas.formulas(*data)}


def differs(a, b):
    """Where two results differ by more than 1e-9 of the larger, or in being a number."""
    with numpy.errstate(all="ignore"):
        close = abs(a - b) <= 1e-9 * numpy.maximum(1e-3, numpy.maximum(abs(a), abs(b)))
    return ~(close | (a == b) | (numpy.isnan(a) & numpy.isnan(b)))


def write_golden(values, by_rounding):
    lines = ["# Made by tests/parity/alpha_parity.py; do not edit.",
             "# One line a formula, columns are ROW,SYMBOL of the market that program describes.",
             "cells " + " ".join(f"{row},{symbol}" for row, symbol in CELLS)]
    for name, panel in sorted(values.items()):
        words = ["rounding" if by_rounding[name][cell] else f"{float(panel[cell]) + 0.0:.13g}" for cell in CELLS]
        lines.append(f"{name} {' '.join(words)}")
    (ROOT / "tests" / "golden" / "alpha_formulas.txt").write_text("\n".join(lines) + "\n")


def write_prices(fields, folder):
    dates = numpy.arange("2020-01-01", "2024-01-01", dtype="datetime64[D]")
    dates = dates[numpy.is_busday(dates)][:NUM_BARS]
    with (folder / "prices.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["timestamp", "symbol", *fields])
        for bar, date in enumerate(dates):
            for symbol in range(NUM_SYMBOLS):
                row = [repr(float(panel[bar, symbol])) for panel in fields.values()]
                if "nan" not in row:
                    writer.writerow([date, f"S{symbol:02d}", *row])
    groups = "".join(f"S{symbol:02d},G{symbol % NUM_SECTORS}\n" for symbol in range(NUM_SYMBOLS))
    (folder / "groups.csv").write_text("symbol,sector\n" + groups)
    return {str(date): bar for bar, date in enumerate(dates)}


def ask(program, fields):
    """What `tickwerk expr eval` gives for the three sets, as panels by name."""
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        rows = write_prices(fields, folder)
        for text in ("alpha101", "alpha101_industry", "alpha158"):
            out = folder / f"{text}.csv"
            subprocess.run(
                [program, "expr", "eval", "--quiet", "--prices", str(folder / "prices.csv"), "--groups",
                 str(folder / "groups.csv"), "--file",
                 str(ROOT / "src" / "tickwerk" / "factor" / "catalogue" / f"{text}.expr"), "--out", str(out)],
                check=True, capture_output=True)
            with out.open() as file:
                for row in csv.DictReader(file):
                    cell = rows[row.pop("timestamp")[:10]], int(row.pop("symbol")[1:])
                    for column, value in row.items():
                        panel = found.setdefault(column, numpy.full((NUM_BARS, NUM_SYMBOLS), numpy.nan))
                        panel[cell] = float(value or "nan")
    return found


def main():
    fields = make_market()
    values, extended = evaluate(fields, numpy.float64), evaluate(fields, numpy.longdouble)
    alpha_operators.NEWEST_FIRST = True
    other_order = evaluate(fields, numpy.float64)
    alpha_operators.NEWEST_FIRST = False
    alpha_operators.DIGITS = 11
    coarse = evaluate(fields, numpy.longdouble)
    by_rounding = {
        name: differs(values[name], extended[name]) | differs(other_order[name], extended[name])
        | differs(coarse[name], extended[name])
        for name in values}
    write_golden(extended, by_rounding)
    print(f"{len(values)} formulas; decided by rounding: "
          + ", ".join(f"{name} {cells.sum()}" for name, cells in by_rounding.items() if cells.any()))
    if len(sys.argv) < 2:
        return
    found = ask(sys.argv[1], fields)
    print(f"not in the program: {sorted(set(values) - set(found))}; not here: {sorted(set(found) - set(values))}")
    for name in sorted(set(values) & set(found)):
        off = differs(found[name], extended[name])
        sure = off & ~by_rounding[name]
        if off.any():
            gap = numpy.nanmax(numpy.where(off, abs(found[name] - extended[name]), 0))
            print(f"{name}: {off.sum()} of {off.size} differ, by at most {gap:.3g}; {sure.sum()} not by rounding here")


if __name__ == "__main__":
    main()
