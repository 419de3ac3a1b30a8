"""Models of trees against Python's XGBoost: the same matrix, parameters and threads give the same predictions,
and a model that one side saves is read by the other."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy
import pytest
import xgboost

DRIVER = os.environ.get("TICKWERK_BOOSTING_DRIVER")
NUM_THREADS = 2
NUM_EXPLAINED = 300  # rows whose contributions the driver writes
NAMES = ["ret(close 5)", "rsi_14", "vol_20 > 0", "const", "close[-1] / close"]
RANGES = [[0, 900], [1000, 1001], [1300, 4000]]

pytestmark = pytest.mark.skipif(not DRIVER, reason="the driver is built by ctest's targets")


@dataclass
class Rows:
    features: numpy.ndarray
    target: numpy.ndarray
    weight: numpy.ndarray


@pytest.fixture(scope="module")
def rows() -> Rows:
    random = numpy.random.default_rng(3)
    features = random.normal(size=(4000, len(NAMES)))
    features[:, 2] = features[:, 2] > 0
    features[random.random(features.shape) < 0.05] = numpy.nan
    features[:, 3] = 1.0
    known = numpy.nan_to_num(features)
    target = numpy.sin(2 * known[:, 0]) + known[:, 1] * known[:, 2] + random.normal(scale=0.5, size=4000)
    return Rows(features, target, random.uniform(0.5, 2.0, 4000))


def target_of(rows: Rows, target: str) -> numpy.ndarray:
    return (rows.target > 0.3).astype(float) if target == "binary" else rows.target


def drive(folder: Path, rows: Rows, spec: dict) -> dict[str, numpy.ndarray]:
    matrix = numpy.column_stack([rows.features, target_of(rows, spec["target"]), rows.weight])
    numpy.savetxt(folder / "matrix.csv", matrix, delimiter=",", fmt="%.17g", comments="",
                  header=",".join([*NAMES, "target", "weight"]))
    (folder / "spec.json").write_text(json.dumps({"num_threads": NUM_THREADS, "ranges": RANGES, **spec}))
    result = subprocess.run([DRIVER, folder], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stderr == "" and result.stdout == ""
    return {name: numpy.loadtxt(folder / f"{name}.csv", delimiter=",", ndmin=1)
            for name in ("predictions", "contributions", "importance")}


def in_python(rows: Rows, spec: dict, matrix_type) -> xgboost.Booster:
    """What somebody would write in Python for the same model."""
    used = numpy.concatenate([numpy.arange(first, last) for first, last in RANGES])
    max_bin = spec.get("max_bins", 256)
    options = {"max_bin": max_bin} if matrix_type is xgboost.QuantileDMatrix else {}
    matrix = matrix_type(rows.features[used], target_of(rows, spec["target"])[used], weight=rows.weight[used],
                         nthread=NUM_THREADS, **options)
    params = {"objective": "binary:logistic" if spec["target"] == "binary" else "reg:squarederror",
              "tree_method": "hist", "seed": spec.get("seed", 42), "nthread": NUM_THREADS, "max_bin": max_bin,
              "max_depth": spec.get("max_depth", 6), "min_child_weight": spec.get("min_child_weight", 1)}
    if spec["kind"] == "random_forest":
        params |= {"num_parallel_tree": spec["num_trees"], "learning_rate": 1, "subsample": 0.8,
                   "colsample_bynode": 0.8, "reg_lambda": 1e-5}
        return xgboost.train(params, matrix, 1)
    params |= {"learning_rate": spec.get("learning_rate", 0.3), "reg_lambda": spec.get("lambda", 1),
               "subsample": spec.get("subsample", 1), "colsample_bytree": spec.get("colsample", 1)}
    return xgboost.train(params, matrix, spec["num_trees"])


SPECS = {
    "defaults": {"kind": "gradient_boosting", "target": "value", "num_trees": 100},
    "classes": {"kind": "gradient_boosting", "target": "binary", "num_trees": 100},
    "every parameter": {"kind": "gradient_boosting", "target": "binary", "num_trees": 60, "max_depth": 4,
                        "learning_rate": 0.07, "min_child_weight": 3.5, "lambda": 2.5, "subsample": 0.7,
                        "colsample": 0.6, "max_bins": 64, "seed": 7},
    "forest": {"kind": "random_forest", "target": "value", "num_trees": 80, "max_depth": 5},
    "forest of classes": {"kind": "random_forest", "target": "binary", "num_trees": 50, "max_depth": 7, "seed": 9},
}


@pytest.mark.parametrize("matrix_type", [xgboost.QuantileDMatrix, xgboost.DMatrix])
@pytest.mark.parametrize("name", SPECS)
def test_fit_equals_python(name, matrix_type, rows, tmp_path):
    found = drive(tmp_path, rows, SPECS[name])
    booster = in_python(rows, SPECS[name], matrix_type)
    expected = booster.inplace_predict(rows.features)
    assert expected.std() > 0.1
    assert numpy.abs(found["predictions"] - expected).max() <= 1e-6
    contributions = booster.predict(xgboost.DMatrix(rows.features[:NUM_EXPLAINED]), pred_contribs=True)
    assert numpy.abs(found["contributions"] - contributions).max() <= 1e-5
    gain = booster.get_score(importance_type="gain")
    expected_gain = [gain.get(f"f{i}", 0.0) for i in range(len(NAMES))]
    assert expected_gain[3] == 0
    numpy.testing.assert_allclose(found["importance"], expected_gain, rtol=1e-5)


@pytest.mark.parametrize("name", SPECS)
def test_saved_model_opens_in_python(name, rows, tmp_path):
    found = drive(tmp_path, rows, SPECS[name])
    booster = xgboost.Booster(model_file=tmp_path / "model.ubj")
    assert booster.feature_names == NAMES
    assert numpy.array_equal(booster.inplace_predict(rows.features), found["predictions"].astype(numpy.float32))
    assert booster.num_boosted_rounds() == (1 if "forest" in name else SPECS[name]["num_trees"])


@pytest.mark.parametrize("name", SPECS)
def test_model_from_python_opens_here(name, rows, tmp_path):
    booster = in_python(rows, SPECS[name], xgboost.DMatrix)
    booster.save_model(tmp_path / "given.ubj")
    found = drive(tmp_path, rows, SPECS[name])
    assert numpy.array_equal(booster.inplace_predict(rows.features), found["predictions"].astype(numpy.float32))


def refusal(folder: Path, rows: Rows) -> str:
    (folder / "spec.json").write_text(json.dumps({"num_threads": 1, **SPECS["defaults"]}))
    (folder / "matrix.csv").write_text("a,target,weight\n1,2,1\n")
    result = subprocess.run([DRIVER, folder], capture_output=True, text=True)
    assert result.returncode == 2, result.stderr
    return result.stderr


@pytest.mark.parametrize("options, what", [
    ({"booster": "gblinear"}, "gbtree"),
    ({"objective": "multi:softprob", "num_class": 3}, "one number a row"),
    ({"objective": "reg:absoluteerror"}, "reg:absoluteerror"),
])
def test_other_models_are_refused_by_what_they_are(options, what, rows, tmp_path):
    labels = numpy.arange(len(rows.target)) % 3
    xgboost.train(options, xgboost.DMatrix(rows.features, labels), 2).save_model(tmp_path / "given.ubj")
    said = refusal(tmp_path, rows)
    assert what in said and "given.ubj" in said


def test_splits_on_categories_are_refused(rows, tmp_path):
    codes = (numpy.arange(4000) % 4)[:, None].astype(float)
    matrix = xgboost.DMatrix(codes, (codes[:, 0] % 2), feature_types=["c"], enable_categorical=True)
    booster = xgboost.train({"max_cat_to_onehot": 1}, matrix, 2)
    booster.save_model(tmp_path / "given.ubj")
    assert "categories" in refusal(tmp_path, rows)


def test_too_little_memory_is_said_and_leaves_no_model(rows, tmp_path):
    if any(mark in Path(DRIVER).read_bytes() for mark in (b"__asan_init", b"__tsan_init")):
        pytest.skip("sanitizers need more address space than any limit")
    spec = {"kind": "gradient_boosting", "target": "value", "num_trees": 3, "num_threads": 1, "ranges": [[0, 60000]]}
    many = Rows(*(numpy.concatenate([part] * 15) for part in (rows.features, rows.target, rows.weight)))
    drive(tmp_path, many, spec)
    said, code, kilobytes = "", 1, 40_000
    while code != 0:
        (tmp_path / "model.ubj").unlink(missing_ok=True)
        result = subprocess.run(["bash", "-c", f'ulimit -v {kilobytes}; exec "$0" "$1"', DRIVER, tmp_path],
                                capture_output=True, text=True)
        code = result.returncode
        assert code >= 0, f"ended by signal {-code} within {kilobytes} kB: {result.stderr}"
        assert (tmp_path / "model.ubj").exists() == (code == 0)
        said += result.stderr
        kilobytes = kilobytes * 21 // 20
    assert "std::bad_alloc" in said
