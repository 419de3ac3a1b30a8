// What the audit of shifts asks a row's neighbours: rows of the symbol that lie nearest by time and
// slow features, after the features were moved against the labels in a circle, say whether the row
// returns more than the median. Internal to `model`: audit_shifts.cpp chooses rows and splits and
// judges what comes out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tickwerk/model/symbol_order.h"

namespace tickwerk::model {

class ShiftedNeighbours {
 public:
  /// Of whole symbols, about 60,000 rows of them.
  ShiftedNeighbours(const Dataset& dataset, std::uint64_t seed);

  static constexpr std::size_t kMostFeatures = 4;

  /// Where a row lies: its bar in reaches, and ranks of slow features, moved.
  struct Place {
    double bar;
    std::array<float, kMostFeatures> feature;
  };

  /// Rows of the dataset, by bar, that may be each other's neighbours: of a symbol, or all where
  /// labels of one symbol hardly overlap, so that those of others must say it.
  struct Series {
    std::span<const std::uint32_t> rows;
    std::vector<Place> places;
  };

  /// Which rows may be asked: those that train, and of them those this many reaches away.
  struct Asked {
    const std::vector<char>& trains;  // by row of the dataset
    std::size_t reaches_away = 0;     // 0: wherever they are
  };

  const SymbolOrder& order() const noexcept { return order_; }
  std::size_t num_dates() const noexcept { return dates_.size(); }
  double reach() const noexcept { return reach_; }  // bars, at least 1

  /// 0 where there are too few dates to move features by more than the reach.
  std::size_t num_shifts() const noexcept { return shifts_.size(); }
  /// All series, their features moved by one of the shifts. Views into this.
  std::vector<Series> moved(std::size_t shift) const;

  /// 1 where the row returns more than the median of its date, or of all rows where dates have few;
  /// else 0.
  double target(std::uint32_t row) const { return target_[row]; }
  /// What the five nearest rows say of the target of another one, the nearer the surer.
  double predict(const Series& series, std::size_t at, const Asked& asked) const;

  /// Rows that count as one: of one symbol within a reach, of all where symbols are not compared
  /// within their date.
  std::uint64_t stretch_of(std::uint32_t row) const;

 private:
  bool has_medians() const;
  void make_targets();
  void make_series();
  void choose_features();
  void choose_shifts(std::uint64_t seed);
  std::vector<Place> places_of(std::span<const std::uint32_t> rows, std::size_t shift) const;
  double distance(const Place& a, const Place& b) const;

  const Dataset& d_;
  SymbolOrder order_;
  double reach_;
  std::vector<std::uint32_t> dates_;  // bars
  std::vector<double> target_;        // by row
  std::vector<std::vector<std::uint32_t>> series_;
  std::vector<std::vector<float>> slow_;  // a feature: its rank by row
  std::vector<std::size_t> shifts_;       // dates
};

}  // namespace tickwerk::model
