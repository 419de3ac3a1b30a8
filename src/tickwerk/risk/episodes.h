// Episodes: one symbol from flat to flat, however often the holding was trimmed in between. What
// hit rate, profit factor and holding period are counted over. Made from the fill list; reads no
// prices but the last closes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tickwerk/risk/fill.h"
#include "tickwerk/risk/returns.h"

namespace tickwerk::risk {

enum class EpisodeState : std::uint8_t { kClosed, kOpen };
enum class EpisodeSide : std::uint8_t { kLong, kShort };

struct Episode {
  std::uint32_t symbol = 0;
  std::int32_t first_bar = 0;  // of the first fill
  std::int32_t last_bar = 0;   // of the last fill; of the last bar while open
  EpisodeState state = EpisodeState::kClosed;
  EpisodeSide side = EpisodeSide::kLong;
  double gross_pnl = 0;  // cash, at unslipped prices
  double cost = 0;       // cash, >= 0

  double pnl(Basis basis) const noexcept {
    return basis == Basis::kNet ? gross_pnl - cost : gross_pnl;
  }
};

/// Where an episode that is open after the last fill is closed for counting: at the last known
/// close, without cost. `close` is per symbol; without a close the episode counts what its fills
/// left.
struct LastMark {
  std::int32_t bar = 0;
  std::span<const double> close;
};

/// Closed episodes in the order they closed, then the open ones by symbol. Fills must be sorted by
/// (bar, symbol). Fees for borrowing and interest belong to no episode. A holding that a fill
/// leaves below 1e-9 of the episode's largest is flat: quantities are floats. A fill through zero
/// ends one episode and begins the next, its cost shared by quantity.
std::vector<Episode> find_episodes(const FillList& fills,
                                   const FillCharges& charges,
                                   const LastMark& last);

/// Averages over episodes; net of costs or before them, as `basis` says. An episode of exactly zero
/// counts, but neither wins nor loses. What has nothing to average is empty; all is empty where
/// fills were not listed.
struct EpisodeStatistics {
  std::optional<std::size_t> num_episodes;
  std::optional<std::size_t> num_open;
  std::optional<std::size_t> num_short;
  std::optional<double> hit_rate;             // wins / episodes
  std::optional<double> profit_factor;        // sum of wins / abs(sum of losses)
  std::optional<double> avg_win;              // cash
  std::optional<double> avg_loss;             // cash, negative
  std::optional<double> holding_period_bars;  // mean of last_bar - first_bar
};
EpisodeStatistics summarize_episodes(std::span<const Episode> episodes, Basis basis);

}  // namespace tickwerk::risk
