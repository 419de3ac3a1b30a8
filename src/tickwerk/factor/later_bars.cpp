#include "tickwerk/factor/later_bars.h"

#include <cmath>
#include <map>
#include <vector>

namespace tickwerk::factor {
namespace {

constexpr std::size_t kMostAhead = 20;
constexpr std::size_t kFewest = 30;
constexpr double kShareEqual = 0.95;
constexpr double kTolerance = 1e-6;

/// The values of each symbol's own bars, one symbol after the other.
struct OwnValues {
  std::vector<double> values;
  std::vector<std::size_t> ends;  // one per symbol
};

OwnValues own_values(const Panel& close, const Panel& series) {
  OwnValues own;
  for (std::size_t s = 0; s < close.num_symbols(); ++s) {
    for (std::size_t t = 0; t < close.num_rows(); ++t) {
      if (!std::isnan(close(t, s))) own.values.push_back(series(t, s));
    }
    own.ends.push_back(own.values.size());
  }
  return own;
}

enum class Measure { kValue, kReturn, kLogReturn };

/// What a later bar says of which there was nothing to know on this one; NaN where it is no news.
double news(Measure measure, double now, double later) {
  if (measure == Measure::kValue) return later == now ? kNaN : later;
  const double change = later / now;
  if (change == 1) return kNaN;
  return measure == Measure::kReturn ? change - 1 : std::log(change);
}

/// What a column may repeat: the values of later bars, or their change from an earlier price.
struct Candidate {
  std::string says;
  const OwnValues& values;
  Measure measure;
  const OwnValues& from;
  std::size_t from_ahead = 0;  // bars
};

std::optional<LaterBar> compare(const OwnValues& series,
                                const Candidate& candidate,
                                std::size_t ahead) {
  const Measure measure = candidate.measure;
  LaterBar found{.says = {}, .bars_ahead = static_cast<std::int64_t>(ahead)};
  const auto allowed =
      static_cast<std::size_t>((1 - kShareEqual) * static_cast<double>(series.values.size()));
  std::size_t begin = 0;
  for (const std::size_t end : series.ends) {
    for (std::size_t i = begin; i + ahead < end; ++i) {
      const double told = series.values[i];
      const double later = news(measure, candidate.from.values[i + candidate.from_ahead],
                                candidate.values.values[i + ahead]);
      if (std::isnan(told) || !std::isfinite(later)) continue;
      ++found.num_compared;
      const double scale = measure == Measure::kValue ? std::abs(later) : 1;
      if (std::abs(told - later) <= kTolerance * scale) ++found.num_equal;
      if (found.num_compared - found.num_equal > allowed) return {};
    }
    begin = end;
  }
  const bool is_copy =
      found.num_compared >= kFewest &&
      static_cast<double>(found.num_equal) >= kShareEqual * static_cast<double>(found.num_compared);
  return is_copy ? std::optional(found) : std::nullopt;
}

}  // namespace

std::optional<LaterBar> later_bar_in(const market::Bars& bars, std::string_view column) {
  std::map<std::string, OwnValues> fields;
  for (const char* field : {"open", "high", "low", "close", "volume"}) {
    if (bars.has(field)) fields.emplace(field, own_values(bars.close(), bars.field(field)));
  }
  std::vector<Candidate> candidates;
  for (const char* field : {"open", "high", "low", "close", "volume"}) {
    const auto found = fields.find(field);
    if (found == fields.end()) continue;
    candidates.push_back({field, found->second, Measure::kValue, found->second});
  }
  const OwnValues& close = fields.at("close");
  candidates.push_back({"return of the close", close, Measure::kReturn, close});
  candidates.push_back({"log return of the close", close, Measure::kLogReturn, close});
  if (const auto open = fields.find("open"); open != fields.end()) {
    candidates.push_back(
        {"return from the next open to the close", close, Measure::kReturn, open->second, 1});
    candidates.push_back({"log return from the next open to the close", close, Measure::kLogReturn,
                          open->second, 1});
  }
  const OwnValues told = own_values(bars.close(), bars.field(column));
  for (std::size_t ahead = 1; ahead <= kMostAhead; ++ahead) {
    for (const Candidate& candidate : candidates) {
      if (auto found = compare(told, candidate, ahead)) {
        found->says = candidate.says;
        return found;
      }
    }
  }
  return {};
}

}  // namespace tickwerk::factor
