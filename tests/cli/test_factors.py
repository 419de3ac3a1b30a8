"""`factors list` and `factors show`: the catalogue as a user sees it."""

import pytest


def test_list_has_one_line_a_definition_with_reach_and_role(tickwerk):
    lines = tickwerk("factors", "list", "core").out.splitlines()
    assert lines[0].split() == ["set", "name", "role", "reach", "description"]
    assert len(lines) == 1 + 11
    momentum = next(line for line in lines if "momentum_12m_excl_1m" in line)
    assert momentum.split()[:5] == ["core", "momentum_12m_excl_1m", "factor", "[-252,", "-21]"]


def test_list_without_a_set_has_every_set(tickwerk):
    rows = tickwerk("factors", "list", "--format", "json").json()
    count = {}
    for row in rows:
        count[row["set"]] = count.get(row["set"], 0) + 1
    assert count["alpha101"] == 82 and count["alpha101_industry"] == 18 and count["alpha158"] == 158
    assert {"ta", "core", "vol_liquidity", "breadth", "labels", "free_float"} <= set(count)
    assert all(row["lookahead"] > 0 for row in rows if row["role"] == "label")
    assert all(row["lookahead"] <= 0 for row in rows if row["role"] == "factor")


def test_show_says_how_a_definition_is_written_and_what_it_reads(tickwerk):
    text = tickwerk("factors", "show", "spread_proxy").out
    assert "spread_proxy = (high - low) / close" in text
    assert "reads       close, high, low" in text
    assert "does not depend on their level" in text
    label = tickwerk("factors", "show", "fwd_trade_5", "--format", "json").json()
    assert label["role"] == "label" and label["lookahead"] == 5 and label["fields"] == ["close", "open"]


def test_show_of_a_set_is_a_file_that_works(tickwerk, tmp_path):
    mine = tmp_path / "mine.expr"
    mine.write_text(tickwerk("factors", "show", "core").out)
    tickwerk("data", "synth", "--out", "prices.csv", "--symbols-count", 3, "--sessions", 300)
    result = tickwerk("expr", "eval", "--prices", "prices.csv", "--file", mine, "--out", "values.csv")
    assert result.code == 0, result.err
    header = (tmp_path / "values.csv").read_text().splitlines()[0]
    assert header.startswith("timestamp,symbol,returns_1m,") and header.endswith(",reversal_3d")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(("list", "corr"), "core"), (("show", "reversal_4d"), "nearest: reversal_"), (("show", "cor"), "nearest: core")],
)
def test_unknown_name_offers_the_nearest(tickwerk, arguments, word):
    result = tickwerk("factors", *arguments)
    assert result.code == 3
    assert len(result.errors) == 1 and word in result.errors[0]
