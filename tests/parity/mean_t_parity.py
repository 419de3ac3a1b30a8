"""What statsmodels and scipy say of the mean of overlapping series: Hansen-Hodrick and Newey-West, Student's tails.

Run by hand in an environment of its own; never part of the tests:

    python3 -m venv /tmp/parity && /tmp/parity/bin/pip install -r tests/parity/requirements.txt
    /tmp/parity/bin/python tests/parity/mean_t_parity.py

It makes two series from a fixed generator and rewrites tests/golden/mean_t.txt (read by
src/tickwerk/risk/mean_t_test.cpp). Series 0 are sums of 20 neighbours, as labels of 20 days are; series 1 swings back
and forth, so that uniform weights give a negative variance, for which statsmodels has no standard error.
"""

import pathlib

import numpy
import scipy.stats
import statsmodels.api

from generator import Generator

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden" / "mean_t.txt"
NUM_ROWS = 300
KERNELS = ("uniform", "bartlett")


def make_series():
    generator = Generator(31)
    steps = [generator.bell() for _ in range(NUM_ROWS + 20)]
    sums = [round(0.1 + 0.05 * sum(steps[i : i + 20]), 6) for i in range(NUM_ROWS)]
    swings = [round(0.2 + (-1) ** i + 0.1 * generator.bell(), 6) for i in range(NUM_ROWS)]
    return [sums, swings]


def variance_of_mean(values, num_lags, kernel):
    """Variance of the constant of a regression on a constant."""
    options = {"maxlags": num_lags, "kernel": kernel, "use_correction": True}
    model = statsmodels.api.OLS(numpy.array(values), numpy.ones(len(values)))
    return float(model.fit(cov_type="HAC", cov_kwds=options).cov_params()[0, 0])


def main():
    lines = [
        f"# Made by tests/parity/mean_t_parity.py with statsmodels {statsmodels.__version__},"
        f" scipy {scipy.__version__}; do not edit.",
        "# series NUMBER VALUE; variance NUMBER LAGS WEIGHTS VALUE; student T DEGREES TWO_SIDED_P.",
    ]
    for number, values in enumerate(make_series()):
        lines += [f"series {number} {value!r}" for value in values]
        for num_lags in (0, 1, 4, 19, 60):
            for kernel in KERNELS:
                variance = variance_of_mean(values, num_lags, kernel)
                lines.append(f"variance {number} {num_lags} {kernel} {variance!r}")
    for degrees in (0.5, 1.0, 2.5, 11.8, 63.6, 2519.0, 1e6):
        for t in (0.01, 0.7, 1.96, -3.5, 8.0):
            lines.append(f"student {t!r} {degrees!r} {float(2 * scipy.stats.t.sf(abs(t), degrees))!r}")
    GOLDEN.write_text("\n".join(lines) + "\n")
    print(f"{GOLDEN.name}: {len(lines)} lines")


if __name__ == "__main__":
    main()
