"""The 158 features of qlib's Alpha158 handler (qlib/contrib/data/loader.py), with full windows."""

import numpy

from alpha_operators import (
    correlation, delay, delta, less, line, mean, quantile, stddev, sum_, ts_argmax, ts_argmin, ts_max, ts_min, ts_rank)


def formulas(open_, high, low, close, volume):
    number = close.dtype.type
    tiny = number(1e-12)
    top, bottom = numpy.maximum(open_, close), numpy.minimum(open_, close)
    bar = high - low + tiny
    f = {
        "KMID": (close - open_) / open_, "KLEN": (high - low) / open_, "KMID2": (close - open_) / bar,
        "KUP": (high - top) / open_, "KUP2": (high - top) / bar,
        "KLOW": (bottom - low) / open_, "KLOW2": (bottom - low) / bar,
        "KSFT": (2 * close - high - low) / open_, "KSFT2": (2 * close - high - low) / bar,
        "OPEN0": open_ / close, "HIGH0": high / close, "LOW0": low / close,
        "VWAP0": (high + low + close) / number(3) / close,
    }
    before = delay(close, 1)
    rose, fell = less(before, close), less(close, before)
    gain, loss = numpy.maximum(close - before, 0), numpy.maximum(before - close, 0)
    more, fewer = numpy.maximum(delta(volume, 1), 0), numpy.maximum(-delta(volume, 1), 0)
    move = abs(close / before - 1) * volume
    for d in (5, 10, 20, 30, 60):
        slope, r2, residual = line(close, d)
        moved, traded = sum_(abs(close - before), d) + tiny, sum_(abs(delta(volume, 1)), d) + tiny
        features = {
            "ROC": delay(close, d) / close, "MA": mean(close, d) / close, "STD": stddev(close, d) / close,
            "BETA": slope / close, "RSQR": r2, "RESI": residual / close,
            "MAX": ts_max(high, d) / close, "MIN": ts_min(low, d) / close,
            "QTLU": quantile(close, d, 0.8) / close, "QTLD": quantile(close, d, 0.2) / close,
            "RANK": ts_rank(close, d),
            "RSV": (close - ts_min(low, d)) / (ts_max(high, d) - ts_min(low, d) + tiny),
            "IMAX": ts_argmax(high, d) / d, "IMIN": ts_argmin(low, d) / d,
            "IMXD": (ts_argmax(high, d) - ts_argmin(low, d)) / d,
            "CORR": correlation(close, numpy.log(volume + 1), d),
            "CORD": correlation(close / before, numpy.log(volume / delay(volume, 1) + 1), d),
            "CNTP": mean(rose, d), "CNTN": mean(fell, d), "CNTD": mean(rose, d) - mean(fell, d),
            "SUMP": sum_(gain, d) / moved, "SUMN": sum_(loss, d) / moved,
            "SUMD": (sum_(gain, d) - sum_(loss, d)) / moved,
            "VMA": mean(volume, d) / (volume + tiny), "VSTD": stddev(volume, d) / (volume + tiny),
            "WVMA": stddev(move, d) / (mean(move, d) + tiny),
            "VSUMP": sum_(more, d) / traded, "VSUMN": sum_(fewer, d) / traded,
            "VSUMD": (sum_(more, d) - sum_(fewer, d)) / traded,
        }
        f.update({f"{name}{d}": values for name, values in features.items()})
    return f
