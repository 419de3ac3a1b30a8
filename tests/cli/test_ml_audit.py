"""`tickwerk ml audit`: a leak that was planted is named, an honest dataset passes, bad input is refused."""

import csv
import math
import random

import pytest

REACH = 5
COUNT = 420
SYMBOLS = [f"S{number:02}" for number in range(12)]


def walk(seed=1):
    """Closes by symbol: random walks with a common part."""
    draw = random.Random(seed)
    closes = {symbol: [100.0] for symbol in SYMBOLS}
    for _ in range(1, COUNT):
        market = draw.gauss(0, 0.01)
        for symbol in SYMBOLS:
            closes[symbol].append(round(closes[symbol][-1] * math.exp(market + draw.gauss(0, 0.015)), 4))
    return closes


@pytest.fixture
def prices(market):
    """Writes the walks with a column `hint`, made by `hint(closes of the symbol, bar)`."""
    from conftest import HEADER, sessions

    def write(hint, name="bars.csv"):
        closes = walk()
        rows = []
        for t, day in enumerate(sessions(COUNT)):
            for symbol in SYMBOLS:
                own = closes[symbol]
                open_, close = own[max(t - 1, 0)], own[t]
                told = hint(own, t)
                rows.append([day.isoformat(), symbol, open_, max(open_, close), min(open_, close), close, 1000 + t,
                             "" if told is None else repr(told)])
        return market(rows, name=name, header=HEADER + ",hint")

    return write


def label(own, t):
    """What the label of bar t says: fwd_trade_5, in at the next open (the close of t here), out 5 closes on."""
    return own[t + REACH] / own[t] - 1 if t + REACH < len(own) else None


@pytest.fixture
def dataset(tickwerk):
    def make(file, *more):
        features = ["-e", "hinted = hint", "-e", "mom = close / close[-20] - 1", "-e", "quiet = -ts_std(ret(close, 1), 20)"]
        result = tickwerk("ml", "dataset", "--prices", file, "--every-bar", "--horizon", REACH, "--success-threshold", 0,
                          *features, *more, "--format", "json")
        assert result.code == 0, result.err
        return result.json()["file"]

    return make


def checks(result):
    return {line["check"]: line for line in result.json()["checks"]}


def old_noise(own, t):
    return math.sin(own[t] * 1000)


def test_an_honest_dataset_passes(tickwerk, prices, dataset):
    file = prices(old_noise)
    made = dataset(file)
    result = tickwerk("ml", "audit", made, "--prices", file, "--min-train", 40, "--format", "json")
    assert result.code == 0, result.out
    found = checks(result)
    assert found["keys"]["verdict"] == found["label windows"]["verdict"] == found["copies"]["verdict"] == "ok"
    assert found["bars"]["verdict"] == found["other future"]["verdict"] == "ok"
    assert found["train and serve"]["verdict"] == "ok" and found["train and serve"]["value"] == 0
    assert found["from outside"]["verdict"] == "not tested" and "hint (column)" in found["from outside"]["text"]
    for scheme in ("walk_forward", "purged_kfold", "combinatorial"):
        assert found[f"split {scheme}"]["verdict"] == "ok"
        assert found[f"split {scheme}"]["value"] == 0
        assert found[f"shift {scheme}"]["verdict"] in ("ok", "not tested")
    again = tickwerk("ml", "audit", made, "--prices", file, "--min-train", 40, "--format", "json", "--threads", 1)
    assert again.out == result.out


@pytest.mark.parametrize(
    "name, hint",
    [
        ("own label", label),
        ("label of the next bar", lambda own, t: label(own, t + 1) if t + 1 < len(own) else None),
        ("label of a bar 7 on", lambda own, t: label(own, t + 7) if t + 7 < len(own) else None),
        ("its logarithm of odds", lambda own, t: None if label(own, t) is None else -math.exp(30 * label(own, t))),
        ("with noise", lambda own, t: None if label(own, t) is None else label(own, t) + 0.002 * math.sin(1e6 * own[t])),
    ],
)
def test_a_column_that_holds_a_label_is_named(tickwerk, prices, dataset, name, hint):
    made = dataset(prices(hint))
    result = tickwerk("ml", "audit", made, "--format", "json")
    assert result.code == 1, name
    found = checks(result)
    leaks = [check for check, line in found.items() if line["verdict"] == "leak"]
    assert leaks == ["feature hinted"], name
    assert found["feature hinted"]["value"] > 0.9


def test_the_table_names_the_leak(tickwerk, prices, dataset):
    result = tickwerk("ml", "audit", dataset(prices(label)), "--scheme", "walk_forward")
    assert result.code == 1
    row = next(line for line in result.out.splitlines() if line.startswith("feature hinted"))
    assert "leak" in row and "rank correlation" in row
    assert "leak 1," in result.out.splitlines()[-1]
    assert "purged_kfold" not in result.out


def test_a_close_told_ahead_is_found_with_the_bars(tickwerk, prices, dataset):
    file = prices(lambda own, t: own[t + 3] if t + 3 < len(own) else None)
    result = tickwerk("ml", "audit", dataset(file), "--prices", file, "--format", "json")
    assert result.code == 1
    texts = [line["text"] for line in result.json()["checks"] if line["check"] == "feature hinted"]
    assert any("hint repeats the close of 3 bars ahead" in text for text in texts), texts


def test_values_that_serving_does_not_give_are_counted(tickwerk, prices, dataset, tmp_path):
    file = prices(old_noise)
    made = dataset(file)
    rows = list(csv.reader(file.open()))
    rows[1 + 200 * len(SYMBOLS)][5] = repr(float(rows[1 + 200 * len(SYMBOLS)][4]))  # another close of one bar
    other = tmp_path / "other.csv"
    other.write_text("\n".join(",".join(row) for row in rows) + "\n")
    result = tickwerk("ml", "audit", made, "--prices", other, "--cuts", 400, "--format", "json")
    found = checks(result)
    assert found["bars"]["verdict"] == "warning"
    assert found["train and serve"]["verdict"] == "warning"
    assert found["train and serve"]["value"] > 0
    assert "S00" in found["train and serve"]["text"]


def test_without_bars_the_rest_is_said_not_to_be_tested(tickwerk, prices, dataset):
    found = checks(tickwerk("ml", "audit", dataset(prices(old_noise)), "--format", "json"))
    assert found["train and serve"]["verdict"] == "not tested"
    assert "--prices" in found["train and serve"]["text"]


def test_bad_input_is_refused(refused, prices, dataset, tmp_path):
    refused(3, "nowhere.parquet", "ml", "audit", "nowhere.parquet")
    refused(3, "Parquet", "ml", "audit", prices(old_noise))
    refused(2, "--scheme", "ml", "audit", "x.parquet", "--scheme", "shuffled")
    refused(2, "DATASET", "ml", "audit")
    made = tmp_path / dataset(prices(old_noise))
    content = bytearray(made.read_bytes())
    content[len(content) // 2] ^= 1
    made.write_bytes(content)
    refused(3, made.name, "ml", "audit", made)


def test_parameters_of_the_dataset_are_those_of_the_audit(tickwerk, prices, dataset):
    file = prices(old_noise)
    made = dataset(file, "-e", "param w = 20", "-e", "slow = ts_mean(close, w) / close", "--expr-param", "w=30")
    result = tickwerk("ml", "audit", made, "--prices", file, "--min-train", 40, "--format", "json")
    assert result.code == 0, result.out
    assert checks(result)["train and serve"]["verdict"] == "ok"
