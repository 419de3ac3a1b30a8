"""`tickwerk store ls|info|verify|gc|rm`: looking after what factors leave."""

import pytest


@pytest.fixture
def stored(tickwerk, market, tmp_path):
    """The folder of a store that holds spread_proxy and a line of its own."""
    result = tickwerk("factors", "export", "--prices", market(), "--factors", "spread_proxy", "-e", "mine = ema(close, 3)",
                      "--out", "p.csv")
    assert result.code == 0, result.err
    return tmp_path / "output" / "store"


def test_ls_names_what_is_there(tickwerk, stored):
    rows = tickwerk("store", "ls", "--format", "json").json()
    assert [(row["name"][:-12], row["columns"], row["years"], row["rows"]) for row in rows] == [
        ("lines/1d/bars-", 1, 1, 60), ("vol_liquidity/1d/bars-", 1, 1, 60)]
    text = tickwerk("store", "ls").out
    assert "lines/1d/bars-" in text and "vol_liquidity/1d/bars-" in text
    assert len(tickwerk("store", "ls", "lines").out.splitlines()) == 2
    assert "nothing is stored in elsewhere" in tickwerk("store", "ls", "--store", "elsewhere").out


def test_info_says_what_the_columns_are(tickwerk, stored):
    name = tickwerk("store", "ls", "lines", "--format", "json").json()[0]["name"]
    info = tickwerk("store", "info", "vol_liquidity", name, "--format", "json").json()
    columns = {column["name"]: column for one in info for column in one["columns"]}
    assert columns["spread_proxy"]["expression"] == "(high - low) / close"
    assert columns["spread_proxy"]["lookback"] == 0 and columns["mine"]["all_history"]
    assert "ema(close" in tickwerk("store", "info", "lines").out


def test_the_files_are_read_by_others(tickwerk, stored, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    file = next(stored.glob("vol_liquidity/1d/bars-*/year=*.parquet"))
    table = parquet.read_table(file, partitioning=None).to_pydict()
    rows = [line.split(",") for line in (tmp_path / "p.csv").read_text().splitlines()]
    place = rows[0].index("spread_proxy")
    assert table["spread_proxy"] == [float(row[place]) for row in rows[1:]]
    assert [str(day) for day in table["timestamp"]] == [row[0] for row in rows[1:]]


def test_damage_is_found_and_mended_by_the_next_run(tickwerk, market, stored, tmp_path):
    expected = (tmp_path / "p.csv").read_bytes()
    assert tickwerk("store", "verify").code == 0
    file = next(stored.glob("vol_liquidity/1d/bars-*/_versions/year=*.parquet"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    found = tickwerk("store", "verify", "vol_liquidity", "--format", "json")
    assert found.code == 1
    assert [problem["file"] for problem in found.json()[0]["damaged"]] == [f"_versions/{file.name}"]
    mended = tickwerk("factors", "export", "--prices", market(), "--factors", "spread_proxy", "-e", "mine = ema(close, 3)",
                      "--out", "p.csv")
    assert mended.code == 0 and file.name in mended.err
    assert (tmp_path / "p.csv").read_bytes() == expected
    assert tickwerk("store", "verify").code == 0


def test_damaged_fingerprints_are_mended_by_the_next_run(tickwerk, market, stored):
    file = next(stored.glob("lines/1d/bars-*/_versions/year=*.prints"))
    file.write_bytes(file.read_bytes()[:-9])
    assert tickwerk("store", "verify").code == 1
    mended = tickwerk("factors", "export", "--prices", market(), "-e", "mine = ema(close, 3)", "--out", "q.csv")
    assert mended.code == 0
    assert "warning: a damaged file is evaluated anew" in mended.err and file.name in mended.err
    assert tickwerk("store", "verify").code == 0


def test_rm_removes_one_store_and_gc_nothing_that_is_used(tickwerk, stored):
    assert all(row["files"] == [] for row in tickwerk("store", "gc", "--format", "json").json())
    assert tickwerk("store", "rm", "lines").code == 0
    left = tickwerk("store", "ls", "--format", "json").json()
    assert [row["name"].split("/")[0] for row in left] == ["vol_liquidity"]


@pytest.mark.parametrize("command", ["ls", "info", "verify", "gc", "rm"])
def test_a_store_that_is_not_there_is_said(tickwerk, stored, command):
    result = tickwerk("store", command, "vol_liquidty")
    assert result.code == 3
    assert "vol_liquidty" in result.err and "vol_liquidity/1d/bars-" in result.err


def test_rm_and_info_want_a_name(tickwerk, stored):
    assert tickwerk("store", "rm").code == 2
    assert tickwerk("store", "info").code == 2
    assert stored.exists()
