"""The 101 formulaic alphas as Kakushadze (2016), arXiv 1601.00991, appendix A, writes them: step by step, without
the simplifications of the catalogue (rank of rank, x * w + x * (1 - w), sums of one). Not there: 56, which needs
market capitalisation. All three industry levels are one classification here."""

import numpy

from alpha_operators import (
    at_most, choose, correlation, covariance, decay_linear, delay, delta, indneutralize, less, mean, over_range, power,
    product, rank, scale, stddev, sum_, ts_argmax, ts_argmin, ts_max, ts_min, ts_rank)

sign, log, maximum, minimum = numpy.sign, numpy.log, numpy.maximum, numpy.minimum


def formulas(open_, high, low, close, volume, sector):
    number = close.dtype.type
    vwap = (high + low + close) / number(3)
    returns = close / delay(close, 1) - 1
    half = (high + low) / number(2)

    def adv(d):
        return mean(close * volume, d)

    def mix(x, y, w):
        return x * number(w) + y * (1 - number(w))

    def neutral(x):
        return indneutralize(x, sector)

    def steps(x, y, d):
        """0 where one side stands still: else 96 and 97, windows over short correlations, hardly have values."""
        found = correlation(x, y, d)
        return numpy.where(numpy.isnan(found) & ~numpy.isnan(sum_(x + y, d)), 0, found)

    change = delta(close, 1)
    bend = (delay(close, 20) - delay(close, 10)) / 10 - (delay(close, 10) - close) / 10
    place = over_range((close - low) - (high - close), high - low) * volume
    width = (high - low) / (sum_(close, 5) / 5)
    a = {}
    a[1] = rank(ts_argmax(choose(less(returns, 0), stddev(returns, 20), close) ** 2, 5)) - number(0.5)
    a[2] = -correlation(rank(delta(log(volume), 2)), rank((close - open_) / open_), 6)
    a[3] = -correlation(rank(open_), rank(volume), 10)
    a[4] = -ts_rank(rank(low), 9)
    a[5] = rank(open_ - sum_(vwap, 10) / 10) * (-1 * abs(rank(close - vwap)))
    a[6] = -correlation(open_, volume, 10)
    a[7] = choose(less(adv(20), volume), -ts_rank(abs(delta(close, 7)), 60) * sign(delta(close, 7)), -1)
    level = sum_(open_, 5) * sum_(returns, 5)
    a[8] = -rank(level - delay(level, 10))
    for index, d in ((9, 5), (10, 4)):
        a[index] = choose(less(0, ts_min(change, d)), change, choose(less(ts_max(change, d), 0), change, -change))
    a[10] = rank(a[10])
    a[11] = (rank(ts_max(vwap - close, 3)) + rank(ts_min(vwap - close, 3))) * rank(delta(volume, 3))
    a[12] = sign(delta(volume, 1)) * -change
    a[13] = -rank(covariance(rank(close), rank(volume), 5))
    a[14] = -rank(delta(returns, 3)) * correlation(open_, volume, 10)
    a[15] = -sum_(rank(correlation(rank(high), rank(volume), 3)), 3)
    a[16] = -rank(covariance(rank(high), rank(volume), 5))
    a[17] = -rank(ts_rank(close, 10)) * rank(delta(change, 1)) * rank(ts_rank(volume / adv(20), 5))
    a[18] = -rank(stddev(abs(close - open_), 5) + (close - open_) + correlation(close, open_, 10))
    a[19] = -sign((close - delay(close, 7)) + delta(close, 7)) * (1 + rank(1 + sum_(returns, 250)))
    a[20] = -rank(open_ - delay(high, 1)) * rank(open_ - delay(close, 1)) * rank(open_ - delay(low, 1))
    long, short = sum_(close, 8) / 8, sum_(close, 2) / 2
    heavy = at_most(1, volume / adv(20))
    a[21] = choose(less(long + stddev(close, 8), short), -1,
                   choose(less(short, long - stddev(close, 8)), 1, choose(heavy, 1, -1)))
    a[22] = -(delta(correlation(high, volume, 5), 5) * rank(stddev(close, 20)))
    a[23] = choose(less(sum_(high, 20) / 20, high), -delta(high, 2), 0)
    slow = delta(sum_(close, 100) / 100, 100) / delay(close, 100)
    a[24] = choose(at_most(slow, number(0.05)), -(close - ts_min(close, 100)), -delta(close, 3))
    a[25] = rank(-returns * adv(20) * vwap * (high - close))
    a[26] = -ts_max(correlation(ts_rank(volume, 5), ts_rank(high, 5), 5), 3)
    a[27] = choose(less(number(0.5), rank(sum_(correlation(rank(volume), rank(vwap), 6), 2) / 2)), -1, 1)
    a[28] = scale(correlation(adv(20), low, 5) + half - close)
    inner = ts_min(rank(rank(-rank(delta(close - 1, 5)))), 2)
    a[29] = ts_min(product(rank(rank(scale(log(sum_(inner, 1))))), 1), 5) + ts_rank(delay(-returns, 6), 5)
    signs = (sign(close - delay(close, 1)) + sign(delay(close, 1) - delay(close, 2))
             + sign(delay(close, 2) - delay(close, 3)))
    a[30] = (1 - rank(signs)) * sum_(volume, 5) / sum_(volume, 20)
    a[31] = (rank(rank(rank(decay_linear(-rank(rank(delta(close, 10))), 10)))) + rank(-delta(close, 3))
             + sign(scale(correlation(adv(20), low, 12))))
    a[32] = scale(sum_(close, 7) / 7 - close) + 20 * scale(correlation(vwap, delay(close, 5), 230))
    a[33] = rank(-(1 - open_ / close))
    a[34] = rank(1 - rank(stddev(returns, 2) / stddev(returns, 5)) + (1 - rank(change)))
    a[35] = ts_rank(volume, 32) * (1 - ts_rank(close + high - low, 16)) * (1 - ts_rank(returns, 32))
    a[36] = (number(2.21) * rank(correlation(close - open_, delay(volume, 1), 15)) + number(0.7) * rank(open_ - close)
             + number(0.73) * rank(ts_rank(delay(-returns, 6), 5)) + rank(abs(correlation(vwap, adv(20), 6)))
             + number(0.6) * rank((sum_(close, 200) / 200 - open_) * (close - open_)))
    a[37] = rank(correlation(delay(open_ - close, 1), close, 200)) + rank(open_ - close)
    a[38] = -rank(ts_rank(close, 10)) * rank(close / open_)
    a[39] = -rank(delta(close, 7) * (1 - rank(decay_linear(volume / adv(20), 9)))) * (1 + rank(sum_(returns, 250)))
    a[40] = -rank(stddev(high, 10)) * correlation(high, volume, 10)
    a[41] = (high * low) ** number(0.5) - vwap
    a[42] = rank(vwap - close) / rank(vwap + close)
    a[43] = ts_rank(volume / adv(20), 20) * ts_rank(-delta(close, 7), 8)
    a[44] = -correlation(high, rank(volume), 5)
    a[45] = -(rank(sum_(delay(close, 5), 20) / 20) * correlation(close, volume, 2)
              * rank(correlation(sum_(close, 5), sum_(close, 20), 2)))
    a[46] = choose(less(number(0.25), bend), -1, choose(less(bend, 0), 1, -change))
    a[47] = (rank(1 / close) * volume / adv(20) * (high * rank(high - close) / (sum_(high, 5) / 5))
             - rank(vwap - delay(vwap, 5)))
    a[48] = (neutral(correlation(change, delta(delay(close, 1), 1), 250) * change / close)
             / sum_((change / delay(close, 1)) ** 2, 250))
    a[49] = choose(less(bend, -number(0.1)), 1, -change)
    a[50] = -ts_max(rank(correlation(rank(volume), rank(vwap), 5)), 5)
    a[51] = choose(less(bend, -number(0.05)), 1, -change)
    a[52] = ((-ts_min(low, 5) + delay(ts_min(low, 5), 5)) * rank((sum_(returns, 240) - sum_(returns, 20)) / 220)
             * ts_rank(volume, 5))
    a[53] = -delta(over_range((close - low) - (high - close), close - low), 9)
    a[54] = -over_range(-1 * (low - close) * open_**5, -((low - high) * close**5))
    a[55] = -correlation(rank(over_range(close - ts_min(low, 12), ts_max(high, 12) - ts_min(low, 12))),
                         rank(volume), 6)
    a[57] = -((close - vwap) / decay_linear(rank(ts_argmax(close, 30)), 2))
    a[58] = -ts_rank(decay_linear(correlation(neutral(vwap), volume, 3.92795), 7.89291), 5.50322)
    a[59] = -ts_rank(decay_linear(correlation(neutral(mix(vwap, vwap, 0.728317)), volume, 4.25197), 16.2289), 8.19648)
    a[60] = -(2 * scale(rank(place)) - scale(rank(ts_argmax(close, 10))))
    a[61] = less(rank(vwap - ts_min(vwap, 16.1219)), rank(correlation(vwap, adv(180), 17.9282)))
    a[62] = -less(rank(correlation(vwap, sum_(adv(20), 22.4101), 9.91009)),
                  rank(less(rank(open_) + rank(open_), rank(half) + rank(high))))
    a[63] = -(rank(decay_linear(delta(neutral(close), 2.25164), 8.22237))
              - rank(decay_linear(correlation(mix(vwap, open_, 0.318108), sum_(adv(180), 37.2467), 13.557), 12.2883)))
    a[64] = -less(rank(correlation(sum_(mix(open_, low, 0.178404), 12.7054), sum_(adv(120), 12.7054), 16.6208)),
                  rank(delta(mix(half, vwap, 0.178404), 3.69741)))
    a[65] = -less(rank(correlation(mix(open_, vwap, 0.00817205), sum_(adv(60), 8.6911), 6.40374)),
                  rank(open_ - ts_min(open_, 13.635)))
    apart = (mix(low, low, 0.96633) - vwap) / numpy.where(open_ == half, numpy.nan, open_ - half)
    a[66] = -(rank(decay_linear(delta(vwap, 3.51013), 7.23052))
              + ts_rank(decay_linear(apart, 11.4157), 6.72611))
    a[67] = -power(rank(high - ts_min(high, 2.14593)),
                   rank(correlation(neutral(vwap), neutral(adv(20)), 6.02936)))
    a[68] = -less(ts_rank(correlation(rank(high), rank(adv(15)), 8.91644), 13.9333),
                  rank(delta(mix(close, low, 0.518371), 1.06157)))
    a[69] = -power(rank(ts_max(delta(neutral(vwap), 2.72412), 4.79344)),
                   ts_rank(correlation(mix(close, vwap, 0.490655), adv(20), 4.92416), 9.0615))
    a[70] = -power(rank(delta(vwap, 1.29456)), ts_rank(correlation(neutral(close), adv(50), 17.8256), 17.9171))
    a[71] = maximum(
        ts_rank(decay_linear(correlation(ts_rank(close, 3.43976), ts_rank(adv(180), 12.0647), 18.0175), 4.20501),
                15.6948),
        ts_rank(decay_linear(rank(low + open_ - (vwap + vwap)) ** 2, 16.4662), 4.4388))
    a[72] = rank(decay_linear(correlation(half, adv(40), 8.93345), 10.1519)) / rank(
        decay_linear(correlation(ts_rank(vwap, 3.72469), ts_rank(volume, 18.5188), 6.86671), 2.95011))
    blend = mix(open_, low, 0.147155)
    a[73] = -maximum(rank(decay_linear(delta(vwap, 4.72775), 2.91864)),
                     ts_rank(decay_linear(delta(blend, 2.03608) / blend * -1, 3.33829), 16.7411))
    a[74] = -less(rank(correlation(close, sum_(adv(30), 37.4843), 15.1365)),
                  rank(correlation(rank(mix(high, vwap, 0.0261661)), rank(volume), 11.4791)))
    a[75] = less(rank(correlation(vwap, volume, 4.24304)), rank(correlation(rank(low), rank(adv(50)), 12.4413)))
    a[76] = -maximum(
        rank(decay_linear(delta(vwap, 1.24383), 11.8259)),
        ts_rank(decay_linear(ts_rank(correlation(neutral(low), adv(81), 8.14941), 19.569), 17.1543), 19.383))
    a[77] = minimum(rank(decay_linear(half + high - (vwap + high), 20.0451)),
                    rank(decay_linear(correlation(half, adv(40), 3.1614), 5.64125)))
    a[78] = power(rank(correlation(sum_(mix(low, vwap, 0.352233), 19.7428), sum_(adv(40), 19.7428), 6.83313)),
                  rank(correlation(rank(vwap), rank(volume), 5.77492)))
    a[79] = less(rank(delta(neutral(mix(close, open_, 0.60733)), 1.23438)),
                 rank(correlation(ts_rank(vwap, 3.60973), ts_rank(adv(150), 9.18637), 14.6644)))
    a[80] = -power(rank(sign(delta(neutral(mix(open_, high, 0.868128)), 4.04545))),
                   ts_rank(correlation(high, adv(10), 5.11456), 5.53756))
    a[81] = -less(rank(log(product(rank(rank(correlation(vwap, sum_(adv(10), 49.6054), 8.47743)) ** 4), 14.9655))),
                  rank(correlation(rank(vwap), rank(volume), 5.07914)))
    a[82] = -minimum(
        rank(decay_linear(delta(open_, 1.46063), 14.8717)),
        ts_rank(decay_linear(correlation(neutral(volume), mix(open_, open_, 0.634196), 17.4842), 6.92131), 13.4283))
    a[83] = over_range(rank(delay(width, 2)) * rank(rank(volume)) * (vwap - close), width)
    a[84] = power(ts_rank(vwap - ts_max(vwap, 15.3217), 20.7127), delta(close, 4.96796))
    a[85] = power(rank(correlation(mix(high, close, 0.876703), adv(30), 9.61331)),
                  rank(correlation(ts_rank(half, 3.70596), ts_rank(volume, 10.1595), 7.11408)))
    a[86] = -less(ts_rank(correlation(close, sum_(adv(20), 14.7444), 6.00049), 20.4195),
                  rank(open_ + close - (vwap + open_)))
    a[87] = -maximum(
        rank(decay_linear(delta(mix(close, vwap, 0.369701), 1.91233), 2.65461)),
        ts_rank(decay_linear(abs(correlation(neutral(adv(81)), close, 13.4132)), 4.89768), 14.4535))
    a[88] = minimum(
        rank(decay_linear(rank(open_) + rank(low) - (rank(high) + rank(close)), 8.06882)),
        ts_rank(decay_linear(correlation(ts_rank(close, 8.44728), ts_rank(adv(60), 20.6966), 8.01266), 6.65053),
                2.61957))
    a[89] = (ts_rank(decay_linear(correlation(mix(low, low, 0.967285), adv(10), 6.94279), 5.51607), 3.79744)
             - ts_rank(decay_linear(delta(neutral(vwap), 3.48158), 10.1466), 15.3012))
    a[90] = -power(rank(close - ts_max(close, 4.66719)),
                   ts_rank(correlation(neutral(adv(40)), low, 5.38375), 3.21856))
    a[91] = -(ts_rank(decay_linear(decay_linear(correlation(neutral(close), volume, 9.74928), 16.398), 3.83219), 4.8667)
              - rank(decay_linear(correlation(vwap, adv(30), 4.01303), 2.6809)))
    a[92] = minimum(ts_rank(decay_linear(less(half + close, low + open_), 14.7221), 18.8683),
                    ts_rank(decay_linear(correlation(rank(low), rank(adv(30)), 7.58555), 6.94024), 6.80584))
    a[93] = (ts_rank(decay_linear(correlation(neutral(vwap), adv(81), 17.4193), 19.848), 7.54455)
             / rank(decay_linear(delta(mix(close, vwap, 0.524434), 2.77377), 16.2664)))
    a[94] = -power(rank(vwap - ts_min(vwap, 11.5783)),
                   ts_rank(correlation(ts_rank(vwap, 19.6462), ts_rank(adv(60), 4.02992), 18.0926), 2.70756))
    a[95] = less(rank(open_ - ts_min(open_, 12.4105)),
                 ts_rank(rank(correlation(sum_(half, 19.1351), sum_(adv(40), 19.1351), 12.8742)) ** 5, 11.7584))
    peak = ts_argmax(steps(ts_rank(close, 7.45404), ts_rank(adv(60), 4.13242), 3.65459), 12.6556)
    a[96] = -maximum(ts_rank(decay_linear(correlation(rank(vwap), rank(volume), 3.83878), 4.16783), 8.38151),
                     ts_rank(decay_linear(peak, 14.0365), 13.4143))
    follow = ts_rank(steps(ts_rank(low, 7.87871), ts_rank(adv(60), 17.255), 4.97547), 18.5925)
    a[97] = -(rank(decay_linear(delta(neutral(mix(low, vwap, 0.721001)), 3.3705), 20.4523))
              - ts_rank(decay_linear(follow, 15.7152), 6.71659))
    least = ts_argmin(correlation(rank(open_), rank(adv(15)), 20.8187), 8.62571)
    a[98] = (rank(decay_linear(correlation(vwap, sum_(adv(5), 26.4719), 4.58418), 7.18088))
             - rank(decay_linear(ts_rank(least, 6.95668), 8.07206)))
    a[99] = -less(rank(correlation(sum_(half, 19.8975), sum_(adv(60), 19.8975), 8.8136)),
                  rank(correlation(low, volume, 6.28259)))
    a[100] = -((number(1.5) * scale(neutral(neutral(rank(place))))
                - scale(neutral(correlation(close, rank(adv(20)), 5) - rank(ts_argmin(close, 30)))))
               * (volume / adv(20)))
    a[101] = (close - open_) / ((high - low) + number(0.001))
    return {f"alpha{index:03d}": values for index, values in a.items()}
