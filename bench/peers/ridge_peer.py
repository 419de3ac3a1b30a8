"""Ridge over 50 expanding windows of 1.2 million rows x 13 features: scikit-learn's refits, and NumPy adding up the
Gram matrix. The rows are those of src/tickwerk/model/ridge_bench.cpp, made here from the same formula."""

import json
import resource
import statistics
import time
from importlib.metadata import version

import numpy

NUM_ROWS, NUM_FEATURES, NUM_WINDOWS, ALPHA = 1_200_000, 13, 50, 1.0


def uniform(stream: int) -> numpy.ndarray:
    """Numbers in [0, 1) from the index of the row: splitmix64 (Steele, Lea, Flood 2014) without its sequence."""
    with numpy.errstate(over="ignore"):
        x = numpy.arange(NUM_ROWS, dtype=numpy.uint64) + numpy.uint64(stream << 32)
        x = (x + numpy.uint64(1)) * numpy.uint64(0x9E3779B97F4A7C15)
        x = (x ^ x >> numpy.uint64(30)) * numpy.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ x >> numpy.uint64(27)) * numpy.uint64(0x94D049BB133111EB)
        x ^= x >> numpy.uint64(31)
    return (x >> numpy.uint64(11)) * 2.0**-53


def rows() -> tuple[numpy.ndarray, numpy.ndarray]:
    """Features [row, feature] that share a factor, feature f on a level of its own; a target that follows the first."""
    common = uniform(NUM_FEATURES)
    features = numpy.empty((NUM_ROWS, NUM_FEATURES), order="F")
    for f in range(NUM_FEATURES):
        features[:, f] = uniform(f) + 0.5 * common + f
    return features, 0.1 * features[:, 0] - 0.05 * features[:, 1] + uniform(NUM_FEATURES + 1)


def cut(i: int) -> int:
    return NUM_ROWS * (i + 1) // (NUM_WINDOWS + 1)


def scikit_learn(features, target):
    """A scaler and a ridge fitted anew for each window; the sum of squared errors of its test rows."""
    from sklearn.linear_model import Ridge
    from sklearn.preprocessing import StandardScaler

    squares = 0.0
    for i in range(NUM_WINDOWS):
        train, test = slice(cut(i)), slice(cut(i), cut(i + 1))
        scaler = StandardScaler()
        model = Ridge(ALPHA).fit(scaler.fit_transform(features[train]), target[train])
        errors = model.predict(scaler.transform(features[test])) - target[test]
        squares += errors @ errors
    return squares


def numpy_gram(features, target):
    """Sums and products of the new rows added to those of the window before."""
    shift, target_shift = features[:256].mean(axis=0), target[:256].mean()
    size, sums, products = 0, numpy.zeros(NUM_FEATURES + 1), numpy.zeros((NUM_FEATURES + 1,) * 2)
    squares = 0.0
    for i in range(NUM_WINDOWS):
        new = slice(size, cut(i))
        block = numpy.column_stack([features[new] - shift, target[new] - target_shift])
        sums += block.sum(axis=0)
        products += block.T @ block
        size = cut(i)
        mean = sums / size
        centred = products - size * numpy.outer(mean, mean)
        deviation = numpy.sqrt(numpy.diag(centred)[:-1] / size)
        matrix = centred[:-1, :-1] / numpy.outer(deviation, deviation) + ALPHA * numpy.eye(NUM_FEATURES)
        slopes = numpy.linalg.solve(matrix, centred[:-1, -1] / deviation) / deviation
        test = slice(cut(i), cut(i + 1))
        start = target_shift + mean[-1] - (shift + mean[:-1]) @ slopes
        errors = features[test] @ slopes + start - target[test]
        squares += errors @ errors
    return squares


def measure(package: str, peer: str, run, layout: str, num_runs: int) -> None:
    """Times run(features, target), after one call that is not timed. `layout` is the order the peer is faster on."""
    features, target = rows()
    features = numpy.asarray(features, order=layout)
    squares = run(features, target)
    times = []
    for _ in range(num_runs):
        start = time.perf_counter()
        run(features, target)
        times.append(1e3 * (time.perf_counter() - start))
    print(json.dumps({
        "peer": peer,
        "version": version(package),
        "workload": "ridge_walk_forward",
        "median_ms": statistics.median(times),
        "least_ms": min(times),
        "num_runs": num_runs,
        "squared_error": float(squares),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }), flush=True)


if __name__ == "__main__":
    measure("scikit-learn", "scikit-learn", scikit_learn, "F", 3)
    measure("numpy", "numpy, Gram matrix", numpy_gram, "C", 7)
