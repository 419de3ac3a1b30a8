"""Gradient boosting by the same library from Python: 1.2 million rows x 12 features, 200 trees of depth 6, on the
matrix of src/tickwerk/model/boosting_bench.cpp, made by the same formula. Prints a line of JSON; the number of runs
(3) and of threads (2) may be given."""

import json
import os
import resource
import statistics
import sys
import time

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # as our own process has it

import numpy
import xgboost

NUM_ROWS, NUM_FEATURES, NUM_TREES = 1_200_000, 12, 200


def uniform(first: int) -> numpy.ndarray:
    """Elements [first, first + NUM_ROWS) of SplitMix64 as numbers in [0, 1)."""
    z = numpy.arange(first + 1, first + 1 + NUM_ROWS, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
    z = (z ^ z >> numpy.uint64(30)) * numpy.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ z >> numpy.uint64(27)) * numpy.uint64(0x94D049BB133111EB)
    return ((z ^ z >> numpy.uint64(31)) >> numpy.uint64(11)) * 2.0**-53


def rows() -> tuple[numpy.ndarray, numpy.ndarray]:
    columns = [uniform(feature * NUM_ROWS) for feature in range(NUM_FEATURES + 1)]
    centred = [column - 0.5 for column in columns]
    target = (8 * centred[0] * centred[1] + centred[2] + 4 * centred[NUM_FEATURES] > 0).astype(float)
    features = numpy.column_stack(columns[:NUM_FEATURES])
    features[features < 2.0**-6] = numpy.nan
    return features, target


def fit(features: numpy.ndarray, target: numpy.ndarray, num_threads: int) -> xgboost.Booster:
    matrix = xgboost.QuantileDMatrix(features, target, nthread=num_threads)
    params = {"objective": "binary:logistic", "tree_method": "hist", "max_depth": 6, "seed": 42, "nthread": num_threads,
              "verbosity": 0}
    return xgboost.train(params, matrix, NUM_TREES)


def main() -> None:
    num_runs, num_threads = (int(word) for word in (*sys.argv[1:], *("3", "2")[len(sys.argv) - 1:]))
    features, target = rows()
    times, cpu_times = [], []
    for _ in range(num_runs):
        start, cpu_start = time.perf_counter(), time.process_time()
        booster = fit(features, target, num_threads)
        times.append(1e3 * (time.perf_counter() - start))
        cpu_times.append(1e3 * (time.process_time() - cpu_start))
    print(json.dumps({
        "peer": "xgboost-cpu",
        "version": xgboost.__version__,
        "workload": f"boosting_{NUM_ROWS}x{NUM_FEATURES}",
        "num_threads": num_threads,
        "median_ms": statistics.median(times),
        "least_ms": min(times),
        "least_cpu_ms": min(cpu_times),
        "num_runs": num_runs,
        "mean_prediction": float(booster.inplace_predict(features).mean(dtype=float)),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }), flush=True)


if __name__ == "__main__":
    main()
