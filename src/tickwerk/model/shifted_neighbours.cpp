#include "tickwerk/model/shifted_neighbours.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tickwerk/base/random.h"

namespace tickwerk::model {
namespace {

constexpr std::size_t kMostRows = 60'000;  // of the whole symbols that are looked at
constexpr std::size_t kNumShifts = 4;
constexpr std::size_t kNeighbours = 5;
constexpr double kSlow = 0.5;          // of ranks with those one reach on
constexpr double kMuchRowsOfDate = 5;  // from here on a date has a median
constexpr double kOverlapping = 0.5;   // mean uniqueness below which neighbours of the symbol do

double median_of(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

ShiftedNeighbours::ShiftedNeighbours(const Dataset& dataset, std::uint64_t seed)
    : d_(dataset),
      order_(symbol_order(dataset, kMostRows)),
      reach_(static_cast<double>(std::max<std::size_t>(dataset.label_reach, 1))),
      dates_(bars_of(dataset, order_)) {
  make_targets();
  make_series();
  choose_features();
  choose_shifts(seed);
}

bool ShiftedNeighbours::has_medians() const {
  const double rows_per_date = static_cast<double>(order_.size()) /
                               static_cast<double>(std::max<std::size_t>(dates_.size(), 1));
  return rows_per_date >= kMuchRowsOfDate;
}

void ShiftedNeighbours::make_targets() {
  target_.assign(d_.num_rows(), 0);
  std::vector<std::uint32_t> rows = order_.rows;
  std::sort(rows.begin(), rows.end());
  for (std::size_t begin = 0; begin < rows.size();) {
    std::size_t end = rows.size();
    if (has_medians()) {
      end = begin;
      while (end < rows.size() && d_.bar[rows[end]] == d_.bar[rows[begin]]) ++end;
    }
    std::vector<double> values;
    for (std::size_t i = begin; i < end; ++i) values.push_back(d_.realized_return[rows[i]]);
    const double median = median_of(values);
    for (; begin < end; ++begin) {
      target_[rows[begin]] = d_.realized_return[rows[begin]] > median ? 1 : 0;
    }
  }
}

void ShiftedNeighbours::make_series() {
  const std::vector<double> unique = uniqueness_of(d_, order_);
  const double mean = std::accumulate(unique.begin(), unique.end(), 0.0) /
                      static_cast<double>(std::max<std::size_t>(unique.size(), 1));
  if (mean < kOverlapping) {
    for (std::size_t s = 0; s + 1 < order_.begin.size(); ++s) {
      const auto first = order_.rows.begin() + static_cast<std::ptrdiff_t>(order_.begin[s]);
      const auto last = order_.rows.begin() + static_cast<std::ptrdiff_t>(order_.begin[s + 1]);
      if (first != last) series_.emplace_back(first, last);
    }
  } else {
    series_.push_back(order_.rows);
    std::sort(series_[0].begin(), series_[0].end());
  }
}

/// Features that are still much the same one reach of rows on.
void ShiftedNeighbours::choose_features() {
  const auto ranks_of = [&](std::size_t f) {
    return centered_ranks(d_, order_, d_.features.row(f), RankView::kSymbol);
  };
  std::vector<std::pair<double, std::size_t>> found;
  for (std::size_t f = 0; f < d_.num_features(); ++f) {
    const std::vector<float> ranks = ranks_of(f);
    const double stays = correlate(order_, ranks, ranks, d_.label_reach).value;
    if (stays >= kSlow) found.emplace_back(-stays, f);
  }
  std::sort(found.begin(), found.end());
  if (found.size() > kMostFeatures) found.resize(kMostFeatures);
  for (const auto& [stays, f] : found) {
    const std::vector<float> ranks = ranks_of(f);
    std::vector<float> by_row(d_.num_rows(), 0);
    for (std::size_t p = 0; p < order_.size(); ++p) {
      by_row[order_.rows[p]] = std::isnan(ranks[p]) ? 0 : ranks[p];
    }
    slow_.push_back(std::move(by_row));
  }
}

/// At least a reach and as much again from no move at all.
void ShiftedNeighbours::choose_shifts(std::uint64_t seed) {
  const std::size_t least = 2 * std::max<std::size_t>(d_.label_reach, 1) + 1;
  if (dates_.size() < 3 * least) return;
  RandomSequence random({seed, 0x61756469});
  const std::size_t num = slow_.empty() ? 1 : kNumShifts;
  for (std::size_t i = 0; i < num; ++i) {
    shifts_.push_back(least + random.below(dates_.size() - 2 * least));
  }
}

std::vector<ShiftedNeighbours::Series> ShiftedNeighbours::moved(std::size_t shift) const {
  std::vector<Series> all;
  for (const std::vector<std::uint32_t>& rows : series_) {
    all.push_back({rows, places_of(rows, shifts_[shift])});
  }
  return all;
}

/// With the features of `shift` dates on, those of the nearest row there.
std::vector<ShiftedNeighbours::Place> ShiftedNeighbours::places_of(
    std::span<const std::uint32_t> rows, std::size_t shift) const {
  std::vector<std::size_t> date;
  for (const std::uint32_t row : rows) {
    const auto at = std::lower_bound(dates_.begin(), dates_.end(), d_.bar[row]);
    date.push_back(static_cast<std::size_t>(at - dates_.begin()));
  }
  std::vector<Place> places(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    places[i] = {.bar = static_cast<double>(d_.bar[rows[i]]) / reach_, .feature = {}};
    const std::size_t wanted = (date[i] + shift) % dates_.size();
    const auto at = std::lower_bound(date.begin(), date.end(), wanted);
    const std::size_t source =
        at == date.end() ? rows.size() - 1 : static_cast<std::size_t>(at - date.begin());
    for (std::size_t f = 0; f < slow_.size(); ++f) {
      places[i].feature[f] = slow_[f][rows[source]];
    }
  }
  return places;
}

double ShiftedNeighbours::distance(const Place& a, const Place& b) const {
  double sum = (a.bar - b.bar) * (a.bar - b.bar);
  for (std::size_t f = 0; f < slow_.size(); ++f) {
    const double apart = static_cast<double>(a.feature[f]) - static_cast<double>(b.feature[f]);
    sum += apart * apart;
  }
  return sum;
}

double ShiftedNeighbours::predict(const Series& series, std::size_t at, const Asked& asked) const {
  const double bars_away = static_cast<double>(asked.reaches_away) * reach_;
  const auto is_too_near = [&](std::uint32_t row) {
    const double here = d_.bar[series.rows[at]];
    return asked.reaches_away > 0 && std::abs(static_cast<double>(d_.bar[row]) - here) <= bars_away;
  };
  std::array<std::pair<double, std::size_t>, kNeighbours> best;
  best.fill({INFINITY, 0});
  for (std::size_t i = 0; i < series.rows.size(); ++i) {
    if (asked.trains[series.rows[i]] == 0 || is_too_near(series.rows[i])) continue;
    const double away = distance(series.places[i], series.places[at]);
    if (away >= best.back().first) continue;
    std::size_t k = kNeighbours - 1;
    for (; k > 0 && best[k - 1].first > away; --k) best[k] = best[k - 1];
    best[k] = {away, i};
  }
  double score = 0;
  for (const auto& [away, i] : best) {
    if (std::isfinite(away)) score += (target_[series.rows[i]] - 0.5) / (0.1 + std::sqrt(away));
  }
  return score;
}

std::uint64_t ShiftedNeighbours::stretch_of(std::uint32_t row) const {
  const auto symbol = has_medians() ? std::uint64_t{d_.symbol[row]} : 0;
  return symbol << 32 | static_cast<std::uint64_t>(d_.bar[row] / reach_);
}

}  // namespace tickwerk::model
