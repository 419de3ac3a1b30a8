"""`ml zoo` and `ml alpha` as a user meets them: files, verdicts, resumption, refusals, and an alpha read back by name."""

import csv
import json

import pytest

FEATURES = ("-e", "mom = close / close[-20] - 1", "-e", "vol = ts_std(ret(close, 1), 20)")
SMALL = (*FEATURES, "--horizon", "5", "--min-train", "40")
LINEAR = ("--models", "linear,ridge_1,lasso_0.001")


@pytest.fixture
def prices(tickwerk, tmp_path):
    result = tickwerk("data", "synth", "--out", "prices.parquet", "--symbols-count", 12, "--sessions", 500)
    assert result.code == 0, result.err
    return tmp_path / "prices.parquet"


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def test_zoo_writes_its_files_and_says_what_came_of_it(tickwerk, prices, tmp_path):
    result = tickwerk("ml", "zoo", "--prices", prices, *SMALL, *LINEAR)
    assert result.code == 0, result.err
    assert "3 models on 2 features" in result.out
    assert "page: ml_model_zoo_report.html" in result.out
    metrics = rows_of(tmp_path / "output/ml_metrics_fwd_trade_5_1d.csv")
    assert len(metrics) == 3 * 5
    for row in metrics:
        assert float(row["train_test_gap_r2"]) == pytest.approx(float(row["r2_train"]) - float(row["r2"]), abs=1e-9)
    summary = rows_of(tmp_path / "output/ml_model_zoo_summary.csv")
    assert sorted(row["model"] for row in summary) == ["lasso_0.001", "linear", "ridge_1"]
    importance = rows_of(tmp_path / "output/ml_feature_importance_fwd_trade_5_1d.csv")
    assert {row["feature"] for row in importance} == {"mom", "vol"}
    assert "## Method" in (tmp_path / "output/ml_model_zoo_summary.md").read_text()
    assert not (tmp_path / "output/data/ml/folds").exists()


def test_predictions_open_in_pyarrow_with_a_column_a_model(tickwerk, prices, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    result = tickwerk("ml", "zoo", "--prices", prices, *SMALL, *LINEAR, "--format", "json")
    assert result.code == 0, result.err
    document = result.json()
    table = parquet.read_table(tmp_path / "output/ml_predictions_fwd_trade_5_1d.parquet")
    assert table.column_names == ["timestamp", "symbol", "y_true", "split_index", "linear", "ridge_1", "lasso_0.001"]
    for model in document["models"]:
        wrong = [(a - b) ** 2 for a, b in zip(table["y_true"].to_pylist(), table[model["name"]].to_pylist())]
        assert sum(wrong) / len(wrong) == pytest.approx(model["mse"], rel=1e-9)


def test_every_model_is_a_trial_once_and_others_count_it(tickwerk, prices, tmp_path):
    def trials():
        (path,) = (tmp_path / "output" / "trials").glob("*.csv")
        with open(path, newline="") as file:
            return [row for row in csv.DictReader(line for line in file if not line.startswith("#"))]

    zoo = ("ml", "zoo", "--prices", prices, *SMALL, "--format", "json")
    first = tickwerk(*zoo, *LINEAR)
    assert first.code == 0, first.err
    assert first.json()["num_trials"] == 3
    assert "The record holds" not in first.out
    found = {row["strategy"]: row for row in trials()}
    assert sorted(found) == ["model lasso_0.001", "model linear", "model ridge_1"]
    for model in first.json()["models"]:
        assert float(found[f"model {model['name']}"]["sharpe"]) == pytest.approx(model["long_short"]["sharpe"], rel=1e-9)
    assert tickwerk(*zoo, *LINEAR).out == first.out
    again = tickwerk(*zoo, "--models", "linear,ridge_2").json()
    assert again["num_trials"] == 4  # linear is known
    assert any("The record holds 4 trials over these bars" in text for text in again["findings"])
    assert tickwerk(*zoo, *LINEAR, "--no-purge").json()["num_trials"] == 0
    assert len(trials()) == 4
    assert "put on record as a trial" in " ".join(tickwerk("ml", "zoo", "--help").out.split())
    analysis = tickwerk("factors", "analyze", "--prices", prices, *FEATURES, "--horizon", "5", "--format", "json")
    assert analysis.json()["num_trials"] > 4


def test_without_the_purge_the_first_finding_warns(tickwerk, prices):
    result = tickwerk("ml", "zoo", "--prices", prices, *SMALL, *LINEAR, "--no-purge", "--format", "json")
    assert result.code == 0, result.err
    assert result.json()["findings"][0].startswith("Nothing was purged")


def test_an_alpha_is_a_field_by_its_name(tickwerk, prices, tmp_path):
    made = tickwerk("ml", "alpha", "--prices", prices, *SMALL, "--model", "ridge_0.5")
    assert made.code == 0, made.err
    alpha = tmp_path / "output/ml_alpha_ridge_0_5_5d.parquet"
    assert alpha.exists() and "--fields" in made.out
    used = tickwerk("factors", "analyze", "--prices", prices, "--fields", alpha, "-e", "alpha = ml_alpha_ridge_0_5_5d",
                    "--horizon", "5", "--format", "json")
    assert used.code == 0, used.err
    assert used.json()["factors"][0]["name"] == "alpha"
    assert 0 < used.json()["factors"][0]["num_values"] < 12 * 500
    checked = tickwerk("check", "--prices", prices, "--fields", alpha, "-e", "x = ml_alpha_ridge_0_5_5d")
    assert "trusted" in checked.out and "ml_alpha_ridge_0_5_5d" in checked.out


def test_an_alpha_says_of_itself_where_it_comes_from(tickwerk, prices, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    assert tickwerk("ml", "alpha", "--prices", prices, *SMALL, "--out", "a.parquet").code == 0
    said = json.loads(parquet.read_schema(tmp_path / "a.parquet").metadata[b"tickwerk"])
    assert said["model"] == {"name": "ridge_1", "kind": "ridge", "alpha": 1.0, "seed": 42}
    assert [feature["name"] for feature in said["features"]] == ["mom", "vol"]
    assert len(said["windows"]) == 5
    for window in said["windows"]:
        assert window["fit_end"] < window["first"] <= window["last"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("ml", "zoo", *SMALL, "--models", "ridge1"), 2, "nearest: ridge_1"),
        (("ml", "zoo", *SMALL, "--models", "linear,linear"), 2, "linear twice"),
        (("ml", "zoo", *SMALL, "--horizon", "5,10"), 2, "one number of bars"),
        (("ml", "zoo", *SMALL, "--window", "50", "--scheme", "purged_kfold"), 2, "--scheme walk_forward"),
        (("ml", "zoo", *SMALL, "--embargo", "5"), 2, "purged_kfold or combinatorial"),
        (("ml", "zoo", *SMALL, "--test-groups", "2"), 2, "--scheme combinatorial"),
        (("ml", "alpha", *SMALL, "--scheme", "purged_kfold"), 2, "walk-forward"),
        (("ml", "alpha", *SMALL, "--no-purge"), 2, "purged"),
        (("ml", "alpha", *SMALL, "--out", "a.txt"), 2, "a.txt"),
    ],
)
def test_refused_before_anything_is_written(refused, prices, arguments, code, words):
    refused(code, words, *arguments, "--prices", prices, "--no-store")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--splits", "600"), "600 splits need at least 601 dates"),
        (("--min-train", "400"), "a split must train on at least 400 dates (--min-train), found "),
        (("--min-train", "400"), "dates with rows are too few for any split, a single window trains on at most "),
        (("--horizon", "600"), "600"),
        (("-e", "empty = close * nan"), "a finite value of every feature"),
    ],
)
def test_data_that_cannot_be_split_say_why(tickwerk, prices, arguments, words):
    result = tickwerk("ml", "zoo", "--prices", prices, *SMALL, *LINEAR, *arguments)
    assert result.code == 2, result.err
    assert len(result.errors) == 1 and words in result.errors[0]


def test_a_field_file_that_is_none_is_named_with_its_row(refused, prices, tmp_path):
    path = tmp_path / "fields.csv"
    path.write_text("timestamp,symbol,alpha\n2024-01-02,A,high\n")
    refused(3, ["fields.csv", "finite number"], "expr", "eval", "--prices", prices, "--fields", path, "-e", "x = alpha",
            "--out", "x.csv")
    path.write_text("timestamp,symbol,close\n2024-01-02,A,1\n")
    refused(2, "a column of the bars", "expr", "eval", "--prices", prices, "--fields", path, "-e", "x = close",
            "--out", "x.csv")
