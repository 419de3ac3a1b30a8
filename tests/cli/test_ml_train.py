"""`ml train` and `ml validate`: a model that Python opens, scores that can be recomputed, and what is refused."""

import json
import signal
import subprocess
import time

import pytest

from conftest import binary

SMALL = ("--trees", "10", "--min-train", "60", "--no-store", "--seed", "3")
STEM = "models/meta/trend_baseline_meta_model"


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """The synthetic market as a file, made once."""
    path = tmp_path_factory.mktemp("market") / "prices.parquet"
    subprocess.run([binary(), "data", "synth", "--symbols-count", "60", "--sessions", "2000", "--seed", "3",
                    "--out", str(path)], check=True, capture_output=True, cwd=path.parent)
    return path


@pytest.fixture
def train(tickwerk, market):
    """Trains small trees on the market; the result, which must be good, and its JSON."""

    def run(*arguments, command="train", **options):
        result = tickwerk("ml", command, "--prices", market, *SMALL, "--format", "json", *arguments, **options)
        assert result.code == 0, result.err
        return result

    return run


def rows_of(path):
    parquet = pytest.importorskip("pyarrow.parquet")
    return parquet.read_table(path).to_pylist()


def dataset_of(output):
    (path,) = (output / "data" / "ml").glob("dataset_*.parquet")
    return path


def auc(scores, labels):
    """Share of pairs in the right order, equal scores a half."""
    ones = [score for score, label in zip(scores, labels) if label == 1]
    zeros = [score for score, label in zip(scores, labels) if label == 0]
    better = sum((one > zero) + 0.5 * (one == zero) for one in ones for zero in zeros)
    return better / (len(ones) * len(zeros))


def test_python_opens_the_model_and_predicts_the_same(train, tickwerk, tmp_path):
    numpy = pytest.importorskip("numpy")
    xgboost = pytest.importorskip("xgboost")
    train()
    notes = json.loads((tmp_path / "output" / f"{STEM}.json").read_text())
    model = xgboost.Booster(model_file=str(tmp_path / "output" / f"{STEM}.ubj"))
    names = [feature["name"] for feature in notes["features"]]
    assert model.feature_names == names
    assert model.num_boosted_rounds() == 10
    rows = rows_of(dataset_of(tmp_path / "output"))
    matrix = numpy.array([[row[name] for name in names] for row in rows])
    probability = model.inplace_predict(matrix)
    assert 0 <= probability.min() and probability.max() <= 1
    # A final fit knows its own rows: it orders them far better than chance.
    assert auc(probability[:600], [row["label"] for row in rows[:600]]) > 0.6
    assert notes["fit_end"] == max(row["label_end"] for row in rows).isoformat()


def test_scores_are_those_of_the_predictions_of_tested_rows(train, tmp_path):
    said = train().json()
    notes = json.loads((tmp_path / "output" / f"{STEM}.json").read_text())
    rows = {(row["timestamp"], row["symbol"]): row for row in rows_of(dataset_of(tmp_path / "output"))}
    tested = rows_of(tmp_path / "output" / f"{STEM}_predictions.parquet")
    scores = [row["probability"] for row in tested]
    labels = [rows[row["timestamp"], row["symbol"]]["label"] for row in tested]
    assert notes["metrics"]["num_rows"] == len(tested)
    assert notes["metrics"]["roc_auc"] == pytest.approx(auc(scores, labels), abs=1e-12)
    brier = sum((score - label) ** 2 for score, label in zip(scores, labels)) / len(scores)
    assert notes["metrics"]["brier"] == pytest.approx(brier, abs=1e-12)
    assert f"{notes['metrics']['roc_auc']:.12g}"[:8] in json.dumps(said)


def test_equal_runs_and_any_number_of_threads_leave_equal_bytes(train, tmp_path):
    kept = []
    for number, threads in enumerate(["1", "2", "2"]):
        train("--threads", threads, "--output", str(number))
        files = sorted(path for path in (tmp_path / str(number)).rglob("*") if path.is_file())
        kept.append({str(path.relative_to(tmp_path / str(number))): path.read_bytes() for path in files})
    assert kept[0] == kept[1] == kept[2]
    assert f"{STEM}.ubj" in kept[0] and "ml_training_report.html" in kept[0]


def test_validation_leaves_a_report_and_no_model(train, tmp_path):
    train("--scheme", "combinatorial", "--splits", "4", command="validate")
    assert (tmp_path / "output" / "ml_validation_report.md").exists()
    assert not (tmp_path / "output" / "models").exists()


def test_folds_that_trained_on_the_future_leave_no_predictions(train, tmp_path):
    train("--scheme", "purged_kfold")
    assert (tmp_path / "output" / f"{STEM}.ubj").exists()
    assert not (tmp_path / "output" / f"{STEM}_predictions.parquet").exists()


LONG = ("--trees", "2000", "--depth", "8", "--splits", "6")


def cut_off(number, market, folder, *arguments):
    """A long training that a signal ends after two folds of six: exit code and stderr."""
    command = [binary(), "ml", "train", "--prices", str(market), *SMALL, *LONG, "--output", "cut", *arguments]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    folds = folder / "cut" / "data" / "ml" / "folds"
    for _ in range(2000):
        if len(list(folds.rglob("*.fold"))) >= 2 or process.poll() is not None:
            break
        time.sleep(0.01)
    process.send_signal(number)
    errors = process.communicate()[1]
    assert not (folder / "cut" / "models").exists()
    return process.returncode, errors


def test_an_interrupted_training_goes_on_and_ends_in_the_same_bytes(train, market, tmp_path):
    more = LONG
    train(*more, "--output", "whole")
    code, _ = cut_off(signal.SIGKILL, market, tmp_path)
    assert code == -signal.SIGKILL, "it ended before it could be interrupted"
    folds = tmp_path / "cut" / "data" / "ml" / "folds"
    result = train(*more, "--output", "cut")
    assert "of 6 folds were there from an interrupted run" in result.err
    assert not folds.exists()
    for name in (f"{STEM}.ubj", f"{STEM}.json", f"{STEM}_predictions.parquet"):
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_says_which_folds_stay_and_how_to_go_on(market, tmp_path, number):
    code, errors = cut_off(number, market, tmp_path)
    assert code == 130
    kept = list((tmp_path / "cut" / "data" / "ml" / "folds").rglob("*.fold"))
    folder = kept[0].parent.relative_to(tmp_path)
    # The signal may come between a fold's file and its count.
    said = [f"interrupted: {words} kept in {folder}, the same command goes on from there"
            for count in (len(kept), len(kept) - 1)
            for words in ("1 fold is" if count == 1 else f"{count} folds are",)]
    assert errors.splitlines()[-1].removeprefix("tickwerk: note: ") in said


def test_quiet_says_nothing_of_an_interruption_either(market, tmp_path):
    assert cut_off(signal.SIGINT, market, tmp_path, "--quiet") == (130, "")


def test_without_a_terminal_folds_are_said_as_plain_lines(train):
    lines = train().err.splitlines()
    done = [line for line in lines if " is done, about " in line]
    assert done[0].startswith("tickwerk: note: 17 %, gradient_boosting, window 1 of 5 is done, about ")
    assert done[0].endswith(" left")
    assert not any("\r" in line or "\033" in line for line in lines)


def test_quiet_shows_no_progress(train):
    lines = train("--quiet").err.splitlines()
    assert [line for line in lines if not line.startswith("tickwerk: warning: ")] == []


def test_rows_of_every_bar_are_not_called_entries(train, tickwerk, market, tmp_path):
    result = train("--every-bar", "--horizon", "5")
    report = (tmp_path / "output" / "ml_training_report.md").read_text()
    assert report.startswith("# Model of success_5 on every bar")
    assert "Which bars success_5 calls a success" in report
    for word in ("entries", "entry"):
        assert word not in report and word not in result.out
    model = tmp_path / "output" / "models" / "meta" / "success_5_meta_model.ubj"
    result = tickwerk("backtest", "--prices", market, "--meta-model", model, "--no-store")
    assert result.code == 0, result.err
    assert "learned from every bar, success_5, and not from entries of trend_baseline" in result.err


def test_a_dataset_trains_as_the_bars_do(train, tickwerk, tmp_path):
    train("--output", "bars")
    result = tickwerk("ml", "train", "--dataset", dataset_of(tmp_path / "bars"), "--trees", "10", "--min-train", "60",
                      "--seed", "3", "--output", "file")
    assert result.code == 0, result.err
    assert (tmp_path / "file" / f"{STEM}.ubj").read_bytes() == (tmp_path / "bars" / f"{STEM}.ubj").read_bytes()


def test_a_dataset_that_was_changed_is_refused(train, refused, tmp_path):
    train("--output", "bars")
    path = dataset_of(tmp_path / "bars")
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)
    refused(3, path.name, "ml", "train", "--dataset", path)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--label-kind", "return"], ["--label-kind success or outperformance", "found return"]),
        (["--label-kind", "classes"], ["--label-kind success or outperformance", "found classes"]),
        (["--label-kind", "triple_barrier"], ["--label-kind success or outperformance", "found triple_barrier"]),
        (["--success-threshold", "9"], ["class"]),
        (["--success-threshold", "-1"], ["class"]),
        (["--splits", "900"], ["901 dates", "--splits"]),
        (["--min-train", "150"], ["window 1 of 5", "150 dates (--min-train)", "--splits, found 5"]),
        (["--min-train", "500"], ["window 1 of 5", "500 dates (--min-train)", "too few for any split, a single window"]),
        (["--min-train", "5000"], ["window 1 of 5", "5000 dates (--min-train)", "too few for any split"]),
        (["-e", "spread = volume / (close - close)"], ["spread is inf for ", " on 20", "rows"]),
        (["--scheme", "combinatorial", "--splits", "4", "--test-groups", "4"], ["4"]),
        (["--horizon", "5000"], ["horizon"]),
        (["--learning-rate", "0"], ["learning"]),
        (["--trees", "0"], ["trees"]),
        (["-e", "late = close[+1]"], ["future"]),
    ],
)
def test_what_cannot_be_learned_says_why(tickwerk, market, tmp_path, arguments, words):
    result = tickwerk("ml", "train", "--prices", market, *SMALL, *arguments)
    assert result.code == 2, result.err
    assert len(result.errors) == 1, result.err
    for word in words:
        assert word in result.errors[0]
    assert not (tmp_path / "output" / "models").exists()
    assert not list(tmp_path.rglob("ml_training_*"))


def test_a_backtest_takes_the_trades_that_the_walk_forward_did_not_doubt(train, tickwerk, market, tmp_path):
    train()
    model = tmp_path / "output" / f"{STEM}.ubj"
    fit_end = json.loads(model.with_suffix(".json").read_text())["fit_end"]
    result = tickwerk("backtest", "--prices", market, "--meta-model", model, "--min-confidence", "0.4", "--to", fit_end)
    assert result.code == 0, result.err
    tested = rows_of(tmp_path / "output" / f"{STEM}_predictions.parquet")
    doubted = sum(row["probability"] < 0.4 for row in tested)
    assert f"refused {doubted:,}, those below 0.4" in result.err
    report = (tmp_path / "output" / "performance_report_1d.md").read_text()
    assert "With and without the meta-model" in report


def test_predictions_are_of_the_walk_forward_up_to_the_fit_and_of_the_fit_after_it(train, tickwerk, market, tmp_path):
    train("--to", "2022-12-31")
    result = tickwerk("ml", "predict", "--prices", market, "--no-store", "--meta-model", tmp_path / "output" / f"{STEM}.ubj")
    assert result.code == 0, result.err
    notes = json.loads((tmp_path / "output" / f"{STEM}.json").read_text())
    lines = (tmp_path / "output" / "ml_predictions_trend_baseline_1d.csv").read_text().splitlines()
    said = [line.split(",") for line in lines[1:]]
    tested = {(row["timestamp"].isoformat(), row["symbol"]): row["probability"]
              for row in rows_of(tmp_path / "output" / f"{STEM}_predictions.parquet")}
    sources = {"walk_forward": 0, "final_fit": 0, "": 0}
    for day, symbol, probability, source in said:
        sources[source] += 1
        assert (source == "final_fit") == (day > notes["fit_end"])
        if source == "walk_forward":
            assert float(probability) == tested[day, symbol]
    assert sources["walk_forward"] == len(tested) and sources["final_fit"] > 100


def test_a_model_of_folds_is_refused_for_bars_it_was_trained_on(train, tickwerk, refused, market, tmp_path):
    train("--scheme", "purged_kfold")
    fit_end = json.loads((tmp_path / "output" / f"{STEM}.json").read_text())["fit_end"]
    refused(2, "train on the future", "backtest", "--prices", market, "--meta-model", tmp_path / "output" / f"{STEM}.ubj",
            "--no-store", "--output", "other", "--to", fit_end)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--horizon", "5"], "--dataset says what --horizon would"),
        (["--prices", "p.csv"], "--dataset says what --prices would"),
        (["--strategy", "ema_trend"], "--dataset says what --strategy would"),
        (["--meta-model", "m.ubj"], "--meta-model"),
        (["--no-purge"], "purged splits"),
    ],
)
def test_contradictions_are_refused(refused, arguments, words):
    refused(2, words, "ml", "train", "--dataset", "d.parquet", *arguments)


def test_features_that_teach_nothing_are_named(train):
    result = train("-e", "flat = 0 * close + 3", "-e", "mom = close / close[-5] - 1")
    assert "flat is the same in all rows: it teaches nothing" in result.err
    assert "mom is the same" not in result.err


def test_a_model_meets_other_parameters_with_a_warning(train, tickwerk, market, tmp_path):
    train()
    model = tmp_path / "output" / f"{STEM}.ubj"
    for more, words in ((["--param", "fast=10"], "other parameters"), (["--fill", "same_close"], "same_close"), ([], "")):
        result = tickwerk("backtest", "--prices", market, "--meta-model", model, "--no-store", *more)
        assert result.code == 0, result.err
        assert ("the meta-model learned from entries" in result.err) == bool(words)
        assert words in result.err


def test_a_sweep_warns_of_a_model_of_other_entries(train, tickwerk, market, tmp_path):
    train()
    model = tmp_path / "output" / f"{STEM}.ubj"
    result = tickwerk("backtest", "--prices", market, "--meta-model", model, "--no-store",
                      "--sweep", "fast=10,20", "--sweep", "fill=next_open,same_close")
    assert result.code == 0, result.err
    assert "learned from entries of trend_baseline with other parameters (2 of 4 combinations)" in result.err
    assert "filled by next_open, these are by same_close (2 of 4 combinations)" in result.err


@pytest.mark.parametrize("kind", ["classes", "return"])
def test_a_dataset_of_other_labels_says_how_to_make_one_that_can_be_learned(tickwerk, market, tmp_path, kind):
    result = tickwerk("ml", "dataset", "--prices", market, "--no-store", "--label-kind", kind)
    assert result.code == 0, result.err
    path = dataset_of(tmp_path / "output")
    result = tickwerk("ml", "train", "--dataset", path)
    assert result.code == 2
    assert path.name in result.errors[0] and "--label-kind success or outperformance" in result.errors[0]
    assert not (tmp_path / "output" / "models").exists()
