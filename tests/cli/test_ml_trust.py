"""What a training may not pass over in silence: leaks, price levels, features that are constant, edited notes."""

import json
import math
import random

import pytest

from conftest import HEADER, sessions

HORIZON = 5
COUNT = 420
SYMBOLS = [f"S{number:02}" for number in range(10)]
MOM = ("-e", "mom = close / close[-20] - 1")
QUIET = ("-e", "quiet = -ts_std(ret(close, 1), 20)")
EVERY_BAR = ("--every-bar", "--horizon", HORIZON, "--success-threshold", "0", "--no-store")
SMALL = ("--trees", "8", "--min-train", "60", "--splits", "3")
STEM = f"output/models/meta/success_{HORIZON}_meta_model"


def rows_with_hint():
    """Random walks, with a last column that holds the return of the next five bars from the next open."""
    draw = random.Random(1)
    closes = {symbol: [100.0] for symbol in SYMBOLS}
    for _ in range(1, COUNT):
        for symbol in SYMBOLS:
            closes[symbol].append(round(closes[symbol][-1] * math.exp(draw.gauss(0, 0.015)), 4))
    rows = []
    for t, day in enumerate(sessions(COUNT)):
        for symbol in SYMBOLS:
            own = closes[symbol]
            open_, close = own[max(t - 1, 0)], own[t]
            told = repr(own[t + HORIZON] / own[t] - 1) if t + HORIZON < COUNT else ""
            rows.append([day.isoformat(), symbol, open_, max(open_, close), min(open_, close), close, 1000 + t, told])
    return rows


@pytest.fixture
def prices(market):
    return market(rows_with_hint(), header=HEADER + ",hint")


@pytest.fixture
def ml(tickwerk, prices):
    def run(command, *arguments, code=0):
        result = tickwerk("ml", command, "--prices", prices, *EVERY_BAR, *SMALL, *arguments)
        assert result.code == code, result.err
        return result

    return run


def files_of_model(folder):
    return {path.name: path.read_bytes() for path in (folder / "output" / "models" / "meta").glob("*")}


def test_a_leak_saves_no_model_and_leaves_an_older_one_as_it_was(ml, tmp_path):
    result = ml("train", *MOM, "-e", "told = hint", code=1)
    assert "No figure here may be believed" in result.out
    assert len(result.errors) == 1 and "told: no model is saved" in result.errors[0]
    assert not (tmp_path / "output" / "models").exists()
    assert "leak" in (tmp_path / "output" / "ml_training_report.md").read_text()
    leaked = tmp_path / "output" / "ml_leaked_predictions.parquet"
    assert leaked.exists()

    ml("train", *MOM, *QUIET)
    assert not leaked.exists()
    kept = files_of_model(tmp_path)
    assert len(kept) == 3
    result = ml("train", *MOM, "-e", "told = hint", code=1)
    assert "success_5_meta_model.ubj stays as an earlier training left it" in result.errors[0]
    assert files_of_model(tmp_path) == kept


def test_a_leak_ends_a_validation_with_exit_code_one(ml, tmp_path):
    result = ml("validate", *MOM, "-e", "told = hint", code=1)
    assert "no score may be believed" in result.errors[0]
    assert not (tmp_path / "output" / "ml_leaked_predictions.parquet").exists()


def test_price_levels_are_among_the_reasons_to_believe_less(ml, tmp_path):
    level = ("-e", "level = ts_mean(close, 20)", "-e", "shape = close / ts_mean(close, 20) - 1")
    result = ml("train", *MOM, *level)
    (said,) = [line for line in result.out.splitlines() if "price levels" in line]
    assert said.startswith("warning: ") and "level depends on the level of prices" in said
    assert "shape" not in said and "mom" not in said
    output = tmp_path / "output"
    metrics = json.loads((output / "ml_training_metrics.json").read_text())
    assert [line["verdict"] for line in metrics["audit"] if line["check"] == "price levels"] == ["warning"]
    assert any("level depends on the level of prices" in warning for warning in metrics["warnings"])
    for name in ("ml_training_report.md", "ml_training_report.html"):
        assert (output / name).read_text().count("level depends on the level of prices") >= 2, name


def test_features_without_a_level_give_no_such_reason(ml, tmp_path):
    result = ml("train", *MOM, *QUIET)
    assert "price levels" not in result.out
    metrics = json.loads((tmp_path / "output" / "ml_training_metrics.json").read_text())
    assert [line["verdict"] for line in metrics["audit"] if line["check"] == "price levels"] == ["ok"]


def test_a_dataset_says_what_its_bars_did(ml, tickwerk, tmp_path):
    level = ("-e", "level = ts_mean(close, 20)", "-e", "beside = hint[-20] / close")
    ml("train", *MOM, *level)
    (dataset,) = (tmp_path / "output" / "data" / "ml").glob("*.parquet")
    from_bars = (tmp_path / "output" / "ml_training_report.md").read_text()
    result = tickwerk("ml", "train", "--dataset", dataset, *SMALL, "--output", "file")
    assert result.code == 0, result.err
    assert "warning: level, beside depend on the level of prices" in result.err
    from_file = (tmp_path / "file" / "ml_training_report.md").read_text()
    counts = [line for line in from_bars.splitlines() if line.startswith(("| candidates ", "| left out"))]
    assert len(counts) > 1
    assert [line for line in from_file.splitlines() if line.startswith(("| candidates ", "| left out"))] == counts
    audit = tickwerk("ml", "audit", dataset)
    assert any(line.startswith("price levels") and "warning" in line for line in audit.out.splitlines())


def test_an_older_dataset_says_no_counts_and_is_read_for_levels(ml, tickwerk, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    ml("train", *MOM, "-e", "level = ts_mean(close, 20)", "-e", "beside = hint[-20] / close")
    (dataset,) = (tmp_path / "output" / "data" / "ml").glob("*.parquet")
    table = parquet.read_table(dataset)
    said = json.loads(table.schema.metadata[b"tickwerk"])
    for key in ("candidates", "left_out", "adjustment", "price_levels"):
        del said["config"][key]
    older = tmp_path / "older.parquet"
    parquet.write_table(table.replace_schema_metadata({b"tickwerk": json.dumps(said)}), older)
    result = tickwerk("ml", "train", "--dataset", older, *SMALL, "--output", "file")
    assert result.code == 0, result.err
    assert "warning: level depends on the level of prices" in result.err
    assert "| candidates" not in (tmp_path / "file" / "ml_training_report.md").read_text()


def test_notes_that_were_edited_are_refused(ml, refused, prices, tmp_path):
    ml("train", *MOM, *QUIET)
    notes = tmp_path / f"{STEM}.json"
    said = json.loads(notes.read_text())
    said["fit_end"] = said["fit_begin"]
    notes.write_text(json.dumps(said))
    refused(3, ["checksum", "train it again", notes.name], "backtest", "--prices", prices, "--meta-model", notes)


def test_a_validation_leaves_the_files_of_a_training_alone(ml, tmp_path):
    ml("train", *MOM, *QUIET)
    names = ["ml_training_metrics.json", "ml_training_report.html", "ml_training_report.md"]
    kept = {name: (tmp_path / "output" / name).read_bytes() for name in names}
    ml("validate", *MOM, "--scheme", "purged_kfold")
    assert {name: (tmp_path / "output" / name).read_bytes() for name in names} == kept
    for name in names:
        assert (tmp_path / "output" / name.replace("training", "validation")).exists()


CONSTANT = ("-e", "flat = 0 * volume + 3", "-e", "void = log(0 * volume - 1)")


def test_features_that_all_are_constant_are_refused(ml, tmp_path):
    for command in ("train", "validate"):
        result = ml(command, *CONSTANT, code=2)
        assert len(result.errors) == 1
        assert "flat is the same in all rows, void has no value in any row" in result.errors[0]
    assert not (tmp_path / "output" / "models").exists()
    assert not list(tmp_path.rglob("ml_*_report.md"))


def test_the_zoo_refuses_factors_that_all_are_constant(tickwerk, prices):
    result = tickwerk("ml", "zoo", "--prices", prices, "--no-store", "--horizon", HORIZON, "--min-train", "60",
                      "--models", "linear", *CONSTANT[:2])
    assert result.code == 2, result.err
    assert "flat is the same in all rows" in result.errors[0]


def test_training_offers_no_flag_that_uses_a_model(tickwerk, refused):
    for command in ("train", "validate"):
        text = tickwerk("ml", command, "--help").out
        assert "--meta-model" not in text and "--meta-mode" not in text and "--min-confidence" in text
        refused(2, "--meta-model", "ml", command, "--meta-model", "m.ubj")


@pytest.mark.parametrize("arguments", [("--meta-mode", "scale"), ("--min-confidence", "0.6")])
@pytest.mark.parametrize("command", ["backtest", "daily"])
def test_a_way_to_use_a_model_without_one_is_refused(refused, prices, command, arguments):
    refused(2, [arguments[0], "--meta-model"], command, "--prices", prices, *arguments)


def test_a_sweep_of_confidences_without_a_model_is_refused(refused, prices):
    refused(2, "--sweep min_confidence must come with a meta-model", "backtest", "--prices", prices,
            "--sweep", "min_confidence=0.4,0.6")


def test_weights_by_probabilities_that_tested_worse_than_none_are_a_warning(ml, tickwerk, prices, tmp_path):
    ml("train", *MOM, *QUIET, "--depth", "10", "--min-child-weight", "0", "--trees", "60")
    metrics = json.loads((tmp_path / f"{STEM}.json").read_text())["metrics"]
    base = metrics["base_rate"] * (1 - metrics["base_rate"])
    assert metrics["brier"] > base, "random walks were foretold"
    common = ("backtest", "--prices", prices, "--no-store", "--meta-model", tmp_path / f"{STEM}.ubj")
    said = f"worse than none when they were tested: Brier {metrics['brier']:.4f} against {base:.4f}"
    scaled = tickwerk(*common, "--meta-mode", "scale")
    assert scaled.code == 0, scaled.err
    assert said in scaled.err
    filtered = tickwerk(*common, "--output", "filtered")
    assert filtered.code == 0, filtered.err
    assert "worse than none" not in filtered.err
