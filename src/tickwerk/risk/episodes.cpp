#include "tickwerk/risk/episodes.h"

#include <algorithm>
#include <cmath>

namespace tickwerk::risk {
namespace {

constexpr double kFlatBelow = 1e-9;  // share of the largest holding of the episode

struct Holding {
  double shares = 0;
  double largest = 0;
  Episode episode;

  void add(const Fill& fill, double qty, double cost) noexcept {
    if (shares == 0) {
      episode = {.symbol = fill.symbol, .first_bar = fill.bar};
      episode.side = qty < 0 ? EpisodeSide::kShort : EpisodeSide::kLong;
      largest = 0;
    }
    shares += qty;
    largest = std::max(largest, std::abs(shares));
    episode.gross_pnl -= qty * fill.price;
    episode.cost += cost;
    episode.last_bar = fill.bar;
    if (std::abs(shares) <= kFlatBelow * largest) shares = 0;
  }
};

}  // namespace

std::vector<Episode> find_episodes(const FillList& fills,
                                   const FillCharges& charges,
                                   const LastMark& last) {
  std::vector<Episode> episodes;
  std::vector<Holding> holdings(last.close.size());
  for (std::size_t i = 0; i < fills.size(); ++i) {
    const Fill& fill = fills[i];
    if (fill.fill_qty == 0) continue;
    if (fill.symbol >= holdings.size()) holdings.resize(fill.symbol + 1);
    Holding& holding = holdings[fill.symbol];
    const double cost = charges.of(fills, i).total();
    const bool through_zero = holding.shares != 0 &&
                              std::signbit(holding.shares) != std::signbit(fill.fill_qty) &&
                              std::abs(fill.fill_qty) > std::abs(holding.shares);
    if (!through_zero) {
      holding.add(fill, fill.fill_qty, cost);
      if (holding.shares == 0) episodes.push_back(holding.episode);
      continue;
    }
    const double closing = -holding.shares;
    const double beyond = fill.fill_qty - closing;
    const double closing_cost = cost * (closing / fill.fill_qty);
    const double dust = kFlatBelow * holding.largest;
    holding.add(fill, closing, closing_cost);
    if (std::abs(beyond) <= dust) {
      holding.episode.gross_pnl -= beyond * fill.price;
      holding.episode.cost += cost - closing_cost;
      episodes.push_back(holding.episode);
    } else {
      episodes.push_back(holding.episode);
      holding.add(fill, beyond, cost - closing_cost);
    }
  }
  for (std::size_t symbol = 0; symbol < holdings.size(); ++symbol) {
    const Holding& holding = holdings[symbol];
    if (holding.shares == 0) continue;
    Episode episode = holding.episode;
    episode.state = EpisodeState::kOpen;
    episode.last_bar = last.bar;
    if (symbol < last.close.size() && !std::isnan(last.close[symbol])) {
      episode.gross_pnl += holding.shares * last.close[symbol];
    }
    episodes.push_back(episode);
  }
  return episodes;
}

EpisodeStatistics summarize_episodes(std::span<const Episode> episodes, Basis basis) {
  EpisodeStatistics statistics;
  statistics.num_episodes = episodes.size();
  std::size_t num_wins = 0;
  std::size_t num_losses = 0;
  std::size_t num_open = 0;
  std::size_t num_short = 0;
  double won = 0;
  double lost = 0;
  double bars = 0;
  for (const Episode& episode : episodes) {
    const double pnl = episode.pnl(basis);
    if (pnl > 0) {
      won += pnl;
      ++num_wins;
    } else if (pnl < 0) {
      lost += pnl;
      ++num_losses;
    }
    bars += episode.last_bar - episode.first_bar;
    if (episode.state == EpisodeState::kOpen) ++num_open;
    if (episode.side == EpisodeSide::kShort) ++num_short;
  }
  statistics.num_open = num_open;
  statistics.num_short = num_short;
  if (episodes.empty()) return statistics;
  const double count = static_cast<double>(episodes.size());
  statistics.hit_rate = static_cast<double>(num_wins) / count;
  statistics.holding_period_bars = bars / count;
  if (num_wins > 0) statistics.avg_win = won / static_cast<double>(num_wins);
  if (num_losses > 0) {
    statistics.avg_loss = lost / static_cast<double>(num_losses);
    statistics.profit_factor = won / -lost;
  }
  return statistics;
}

}  // namespace tickwerk::risk
