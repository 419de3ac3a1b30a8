"""What scikit-learn and SciPy say of the same scores, and the probability of overfitting step by step.

Run by hand in an environment of its own; never part of the tests:

    python3 -m venv /tmp/parity && /tmp/parity/bin/pip install -r tests/parity/requirements.txt
    /tmp/parity/bin/python tests/parity/model_scores_parity.py

It makes rows from a fixed generator, asks the libraries, prints what they say, and rewrites the numbers that the
unit tests repeat: tests/golden/model_scores.txt (read by src/tickwerk/model/scores_parity_test.cpp) and
tests/golden/overfitting.txt (read by src/tickwerk/risk/overfitting_parity_test.cpp).

No library has the standard error of an area under the ROC curve, nor the probability of overfitting: these two are
written here from the papers' definitions in the plainest way, one pair of rows and one split at a time.
"""

import itertools
import math
import pathlib

import numpy
import scipy.stats
import sklearn
import sklearn.calibration
import sklearn.isotonic
import sklearn.metrics

from generator import Generator

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden"
NUM_ROWS = 240
NUM_CLASS_ROWS = 40
THRESHOLD = 0.5


def make_rows():
    """Scores with two digits, so that many are equal; two are certain and wrong."""
    generator = Generator(31)
    rows = []
    for _ in range(NUM_ROWS):
        label = 1 if generator.uniform() < 0.35 else 0
        score = round(min(1.0, max(0.0, 0.42 + 0.2 * label + 0.19 * generator.bell())), 2)
        if len(rows) < 2:
            score = 1.0 - label
        outcome = round(0.02 * generator.bell(), 5)
        prediction = round(0.1 * outcome + 0.004 * generator.bell(), 4)
        rows.append((score, label, prediction, outcome))
    return [numpy.array(column) for column in zip(*rows)]


def make_classes():
    generator = Generator(32)
    probabilities, labels = [], []
    for _ in range(NUM_CLASS_ROWS):
        parts = [0.05 + generator.uniform() for _ in range(3)]
        first, second = round(parts[0] / sum(parts), 6), round(parts[1] / sum(parts), 6)
        probabilities.append((first, second, 1 - first - second))
        labels.append(int(3 * generator.uniform()))
    return numpy.array(probabilities), numpy.array(labels)


def delong_error(score, label):
    """Square root of S10 / m + S01 / n, from every pair of rows."""
    ones, zeros = score[label == 1], score[label == 0]
    wins = numpy.array([[1.0 if a > b else 0.5 if a == b else 0.0 for b in zeros] for a in ones])
    return math.sqrt(
        wins.mean(axis=1).var(ddof=1) / len(ones) + wins.mean(axis=0).var(ddof=1) / len(zeros)
    )


def scores_of(score, label, prediction, outcome):
    metrics = sklearn.metrics
    taken = (score >= THRESHOLD).astype(int)
    bins = 10
    _, mean_probability = sklearn.calibration.calibration_curve(label, score, n_bins=bins)
    return {
        "roc_auc": (metrics.roc_auc_score(label, score), "scikit-learn"),
        "roc_auc_error": (delong_error(score, label), "the definition"),
        "average_precision": (metrics.average_precision_score(label, score), "scikit-learn"),
        "brier": (metrics.brier_score_loss(label, score), "scikit-learn"),
        "log_loss": (metrics.log_loss(label, score), "scikit-learn"),
        "accuracy": (metrics.accuracy_score(label, taken), "scikit-learn"),
        "precision": (metrics.precision_score(label, taken), "scikit-learn"),
        "recall": (metrics.recall_score(label, taken), "scikit-learn"),
        "filled_bins": (len(mean_probability), "scikit-learn"),
        "mse": (metrics.mean_squared_error(outcome, prediction), "scikit-learn"),
        "mae": (metrics.mean_absolute_error(outcome, prediction), "scikit-learn"),
        "r2": (metrics.r2_score(outcome, prediction), "scikit-learn"),
        "pearson": (scipy.stats.pearsonr(prediction, outcome).statistic, "scipy"),
        "spearman": (scipy.stats.spearmanr(prediction, outcome).statistic, "scipy"),
    }


def write_scores():
    score, label, prediction, outcome = make_rows()
    probabilities, classes = make_classes()
    lines = [
        f"# Made by tests/parity/model_scores_parity.py with scikit-learn {sklearn.__version__}; do not edit.",
        "# row SCORE LABEL PREDICTION OUTCOME; class P0 P1 P2 LABEL; pin NAME VALUE SOURCE;",
        "# bin MEAN_PROBABILITY SHARE_OF_ONES; isotonic SCORE VALUE WEIGHTED_VALUE (weight 1 + row number % 3).",
    ]
    lines += [f"row {s!r} {l} {p!r} {o!r}" for s, l, p, o in
              zip(score.tolist(), label.tolist(), prediction.tolist(), outcome.tolist())]
    lines += [f"class {' '.join(repr(p) for p in row)} {c}" for row, c in
              zip(probabilities.tolist(), classes.tolist())]
    pins = scores_of(score, label, prediction, outcome)
    pins["multi_class_log_loss"] = (
        sklearn.metrics.log_loss(classes, probabilities, labels=[0, 1, 2]), "scikit-learn")
    for name, (value, source) in pins.items():
        print(f"{name:22} {float(value)!r:>24}  {source}")
        lines.append(f"pin {name} {float(value)!r} {source}")
    share, mean = sklearn.calibration.calibration_curve(label, score, n_bins=10)
    lines += [f"bin {m!r} {s!r}" for m, s in zip(mean.tolist(), share.tolist())]
    weights = 1 + numpy.arange(NUM_ROWS) % 3
    plain = sklearn.isotonic.IsotonicRegression(out_of_bounds="clip").fit(score, label)
    weighted = sklearn.isotonic.IsotonicRegression(out_of_bounds="clip").fit(score, label, weights)
    grid = [round(0.013 * step - 0.05, 3) for step in range(85)]
    lines += [f"isotonic {x!r} {float(a)!r} {float(b)!r}" for x, a, b in
              zip(grid, plain.predict(grid), weighted.predict(grid))]
    (GOLDEN / "model_scores.txt").write_text("\n".join(lines) + "\n")


def make_returns():
    """Six trials; the second is a little better, the fourth repeats the third, the last rests for long."""
    generator = Generator(33)
    rows = []
    for day in range(130):
        row = [round(0.0002 + 0.01 * generator.bell(), 6) for _ in range(5)]
        row[1] = round(row[1] + 0.001, 6)
        row[3] = row[2]
        rows.append([*row, row[4] if 70 <= day < 100 else 0.0])
    return numpy.array(rows)


def ratio(returns):
    deviation = returns.std(ddof=1)
    return 0.0 if deviation < 1e-12 else returns.mean() / deviation


def overfitting(returns, num_blocks):
    """Bailey, Borwein, Lopez de Prado, Zhu (2017), one split after the other."""
    rows, trials = returns.shape
    cuts = [rows * i // num_blocks for i in range(num_blocks + 1)]
    blocks = [returns[a:b] for a, b in zip(cuts, cuts[1:])]
    logits, before, after = [], [], []
    for chosen in itertools.combinations(range(num_blocks), num_blocks // 2):
        inside = numpy.concatenate([blocks[b] for b in chosen])
        outside = numpy.concatenate([blocks[b] for b in range(num_blocks) if b not in chosen])
        inside = [ratio(inside[:, i]) for i in range(trials)]
        outside = [ratio(outside[:, i]) for i in range(trials)]
        best = int(numpy.argmax(numpy.round(inside, 12)))  # equal trials are equal
        share = scipy.stats.rankdata(numpy.round(outside, 12))[best] / (trials + 1)
        logits.append(math.log(share / (1 - share)))
        before.append(inside[best])
        after.append(outside[best])
    return {
        "probability": numpy.mean(numpy.array(logits) <= 0),
        "probability_of_loss": numpy.mean(numpy.array(after) < 0),
        "mean_logit": numpy.mean(logits),
        "mean_chosen": numpy.mean(before),
        "mean_after": numpy.mean(after),
        "degradation_slope": scipy.stats.linregress(before, after).slope,
    }


def write_overfitting():
    returns = make_returns()
    lines = [
        "# Made by tests/parity/model_scores_parity.py from the steps of the paper; do not edit.",
        "# row RETURN OF EACH TRIAL; pin BLOCKS NAME VALUE.",
    ]
    lines += ["row " + " ".join(repr(value) for value in row) for row in returns.tolist()]
    for num_blocks in (2, 4, 6, 8, 10):
        for name, value in overfitting(returns, num_blocks).items():
            print(f"{num_blocks:3} {name:20} {float(value)!r:>24}")
            if math.isfinite(value):
                lines.append(f"pin {num_blocks} {name} {float(value)!r}")
    (GOLDEN / "overfitting.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    write_scores()
    write_overfitting()
