"""`tickwerk data`: a market is made, converted, described and validated."""

from pathlib import Path

import pytest

from conftest import bars, files_below


def synth(tickwerk, out, *arguments):
    result = tickwerk("data", "synth", "--out", out, "--symbols-count", 4, "--sessions", 60, *arguments)
    assert result.code == 0, result.err
    return result


def test_same_seed_gives_the_same_bytes(tickwerk, tmp_path):
    for name in ("a.parquet", "b.parquet", "a.csv", "b.csv"):
        synth(tickwerk, name)
    synth(tickwerk, "other.csv", "--seed", 43)
    read = {name: (tmp_path / name).read_bytes() for name in files_below(tmp_path)}
    assert read["a.parquet"] == read["b.parquet"]
    assert read["a.csv"] == read["b.csv"] != read["other.csv"]


def test_threads_do_not_change_the_market(tickwerk, tmp_path):
    synth(tickwerk, "one.csv", "--threads", 1)
    synth(tickwerk, "two.csv", "--threads", 2)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_size_and_fingerprint_are_what_info_reads(tickwerk):
    made = synth(tickwerk, "m.parquet", "--format", "json").json()
    read = tickwerk("data", "info", "m.parquet", "--format", "json").json()
    assert made["symbols"] == read["num_symbols"] == 4
    assert made["sessions"] == read["sessions"] == 60
    assert made["fingerprint"] == read["fingerprint"]


def test_there_and_back_is_the_same_file(tickwerk, tmp_path):
    synth(tickwerk, "m.csv")
    assert tickwerk("data", "convert", "m.csv", "m.parquet").code == 0
    assert tickwerk("data", "convert", "m.parquet", "again.csv").code == 0
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "m.csv").read_bytes()


def test_converted_rows_read_the_same_elsewhere(tickwerk, market, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    assert tickwerk("data", "convert", market(), "m.parquet").code == 0
    table = parquet.read_table(tmp_path / "m.parquet").to_pydict()
    expected = sorted(bars())
    assert [str(day) for day in table["timestamp"]] == [row[0] for row in expected]
    assert table["symbol"] == [row[1] for row in expected]
    assert table["high"] == [row[3] for row in expected]
    assert table["volume"] == [row[6] for row in expected]


def test_info_is_a_table_for_people(tickwerk, market):
    text = tickwerk("data", "info", market()).out
    assert "60 (0 masked)" in text
    assert "2: AAA, BBB" in text
    assert "30, 2024-01-02 to 2024-02-13" in text
    assert "open, high, low, close, volume" in text


def test_validation_names_rule_symbol_and_row(tickwerk, market):
    rows = bars()
    rows[4][3], rows[4][4] = rows[4][4], rows[4][3]
    path = market(rows)
    table = tickwerk("data", "validate", path)
    assert table.code == 0
    assert "high_below_low" in table.out and "AAA" in table.out
    document = tickwerk("data", "validate", path, "--format", "json").json()
    findings = [f for f in document["findings"] if f["rule"] == "high_below_low"]
    assert [(f["symbol"], f["row"]) for f in findings] == [("AAA", 6)]


def test_strict_validation_shows_its_findings_and_fails(tickwerk, market):
    rows = bars()
    rows[4][3], rows[4][4] = rows[4][4], rows[4][3]
    result = tickwerk("data", "validate", market(rows), "--strict")
    assert result.code == 3
    assert "high_below_low" in result.out
    assert len(result.errors) == 1 and "bars.csv" in result.errors[0]
    assert tickwerk("data", "validate", market(), "--strict").code == 0


def test_a_file_is_not_converted_onto_itself(tickwerk, market):
    name = market()
    before = Path(name).read_bytes()
    result = tickwerk("data", "convert", name, name)
    assert result.code == 2
    assert "OUT must be another file than IN" in result.err
    assert Path(name).read_bytes() == before
