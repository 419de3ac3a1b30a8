"""The operators of the 101 formulaic alphas and of Alpha158 over arrays [time, symbol], written for reading.

Every window is computed by itself, in two passes, in the float type of the input: with numpy.longdouble the same
formula is evaluated in 64 bits of mantissa, which tells the values that rounding decides (a rank among numbers that
are equal in exact arithmetic) from those that must agree. NaN: a window with one is NaN, a comparison with one is
NaN, ranks and sums over symbols leave it out.
"""

import numpy

NAN = numpy.nan
DIGITS = None  # comparisons look at so many significant digits of a value; None: at all of them
NEWEST_FIRST = False  # windows are summed from the newest value on, and against it


def seen(x):
    """The values as comparisons see them."""
    if DIGITS is None:
        return x
    with numpy.errstate(all="ignore"):
        size = numpy.floor(numpy.log10(abs(x)))
        unit = numpy.power(x.dtype.type(10), numpy.where(numpy.isfinite(size), size, 0) - (DIGITS - 1))
        rounded = numpy.round(x / unit) * unit
    return numpy.where(numpy.isfinite(x), numpy.where(abs(x) < 1e-13, 0, rounded), x)


def windows(x, d):
    """[time, symbol, d], the oldest first; rows without d bars are all NaN."""
    padded = numpy.vstack([numpy.full((d - 1, x.shape[1]), NAN, x.dtype), x])
    return numpy.lib.stride_tricks.sliding_window_view(padded, d, axis=0)


def over_window(x, d, function):
    view = windows(x, d)
    result = function(view)
    return numpy.where(numpy.isnan(view).any(axis=2), NAN, result)


def floor(d):
    return int(d)


def delay(x, d):
    d = floor(d)
    return numpy.vstack([numpy.full((d, x.shape[1]), NAN, x.dtype), x[:-d]]) if d else x


def delta(x, d):
    return x - delay(x, d)


def sum_(x, d):
    return over_window(x, floor(d), lambda w: w.sum(axis=2))


def mean(x, d):
    return sum_(x, d) / x.dtype.type(floor(d))


def product(x, d):
    return over_window(x, floor(d), lambda w: w.prod(axis=2))


def ts_min(x, d):
    return over_window(x, floor(d), lambda w: w.min(axis=2))


def ts_max(x, d):
    return over_window(x, floor(d), lambda w: w.max(axis=2))


def ts_argmax(x, d):
    """1 for the oldest bar of the window; the oldest of equal ones."""
    filled = numpy.where(numpy.isnan(x), -numpy.inf, seen(x))
    return numpy.where(numpy.isnan(ts_max(x, d)), NAN, windows(filled, floor(d)).argmax(axis=2) + x.dtype.type(1))


def ts_argmin(x, d):
    return ts_argmax(-x, d)


def ts_rank(x, d):
    """Average rank of the newest among the window, as a share."""
    def rank_of_last(w):
        last = w[:, :, -1:]
        return ((w < last).sum(axis=2) + ((w == last).sum(axis=2) + 1) / x.dtype.type(2)) / x.dtype.type(w.shape[2])

    return over_window(seen(x), floor(d), rank_of_last)


def stddev(x, d):
    def deviation(w):
        centred = w - w.mean(axis=2, keepdims=True)
        return numpy.sqrt((centred**2).sum(axis=2) / x.dtype.type(w.shape[2] - 1))

    return over_window(x, floor(d), deviation)


def moments(x, y, d):
    """Sums of squares and products about the means."""
    a, b = windows(x, d), windows(y, d)
    gap = numpy.isnan(a).any(axis=2) | numpy.isnan(b).any(axis=2)
    if NEWEST_FIRST:
        a, b = a[:, :, ::-1], b[:, :, ::-1]
        a, b = a - a[:, :, :1], b - b[:, :, :1]
    a, b = a - a.mean(axis=2, keepdims=True), b - b.mean(axis=2, keepdims=True)
    sums = (a * b).sum(axis=2), (a * a).sum(axis=2), (b * b).sum(axis=2)
    return [numpy.where(gap, NAN, s) for s in sums]


def covariance(x, y, d):
    d = floor(d)
    return moments(x, y, d)[0] / x.dtype.type(d - 1)


def correlation(x, y, d):
    d = floor(d)
    xy, xx, yy = moments(x, y, d)
    constant = (windows(x, d).max(axis=2) == windows(x, d).min(axis=2)) | (
        windows(y, d).max(axis=2) == windows(y, d).min(axis=2))
    result = numpy.where(constant, NAN, xy / numpy.sqrt(xx * yy))
    return numpy.sign(result) if d == 2 else result  # two points lie on a line


def decay_linear(x, d):
    d = floor(d)
    weights = numpy.arange(1, d + 1).astype(x.dtype)
    if NEWEST_FIRST:
        return over_window(x, d, lambda w: w[:, :, -1] - (
            (w[:, :, -1:] - w)[:, :, ::-1] * weights[::-1]).sum(axis=2) / weights.sum())
    return over_window(x, d, lambda w: (w * weights).sum(axis=2) / weights.sum())


def line(y, d):
    """Slope, R squared and newest residual of the window's regression on 1..d."""
    t = numpy.arange(1, d + 1).astype(y.dtype)
    t = t - t.mean()
    w = windows(y, d)
    centre = w.mean(axis=2, keepdims=True)
    slope = ((w - centre) * t).sum(axis=2) / (t * t).sum()
    total = ((w - centre) ** 2).sum(axis=2)
    r2 = slope**2 * (t * t).sum() / total
    residual = w[:, :, -1] - centre[:, :, 0] - slope * t[-1]
    return slope, r2, residual


def quantile(x, d, q):
    """Type 7: linear between the order statistics."""
    def at(w):
        ordered = numpy.sort(w, axis=2)
        place = (w.shape[2] - 1) * x.dtype.type(q)
        low = int(numpy.floor(place))
        high = min(low + 1, w.shape[2] - 1)
        return ordered[:, :, low] + (ordered[:, :, high] - ordered[:, :, low]) * (place - low)

    return over_window(x, d, at)


def rank(x):
    """Average rank over symbols, as a share of those with a value."""
    result = numpy.full(x.shape, NAN, x.dtype)
    for t, row in enumerate(seen(x)):
        there = ~numpy.isnan(row)
        v = row[there]
        below = (v[None, :] < v[:, None]).sum(axis=1)
        equal = (v[None, :] == v[:, None]).sum(axis=1)
        result[t, there] = (below + (equal + 1) / x.dtype.type(2)) / x.dtype.type(max(len(v), 1))
    return result


def scale(x):
    total = numpy.nansum(numpy.abs(x), axis=1, keepdims=True)
    return x / total


def indneutralize(x, groups):
    result = numpy.full(x.shape, NAN, x.dtype)
    for group in numpy.unique(groups):
        member = groups == group
        part = x[:, member]
        there = ~numpy.isnan(part)
        count = there.sum(axis=1, keepdims=True).astype(x.dtype)
        result[:, member] = part - numpy.where(there, part, 0).sum(axis=1, keepdims=True) / count
    return result


def less(a, b):
    """1, 0, or NaN where one is missing."""
    a, b = numpy.broadcast_arrays(numpy.asarray(a, b.dtype if isinstance(b, numpy.ndarray) else None), b)
    gap = numpy.isnan(a) | numpy.isnan(b)
    return numpy.where(gap, NAN, (seen(a) < seen(b)).astype(a.dtype))


def at_most(a, b):
    return 1 - less(b, a)


def choose(condition, yes, no):
    return numpy.where(numpy.isnan(condition), NAN, numpy.where(condition == 1, yes, no))


def either(a, b):
    return numpy.fmax(a, b)


def power(a, b):
    """a^b, where a missing exponent stays missing (numpy: 1^NaN = 1)."""
    return numpy.where(numpy.isnan(a) | numpy.isnan(b), NAN, a**b)


def over_range(a, b):
    """a / b, NaN where the range b is not above 1e-10."""
    return numpy.where(b > 1e-10, a / b, NAN)
