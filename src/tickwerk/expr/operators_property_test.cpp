// What must hold of every operator over tiles in the registry, also of one added tomorrow.
#include <gtest/gtest.h>

#include "tickwerk/expr/operators_fixture.h"
#include "tickwerk/kernel/tile_vec.h"

namespace tickwerk::expr {
namespace {

constexpr std::size_t kBars = 480;

/// Inputs and constants that suit the parameters of an operator.
struct Call {
  std::vector<Lanes> inputs;
  std::vector<double> constants;
};

double number_for(const Parameter& parameter, double window, const std::vector<double>& before) {
  if (parameter.default_text == "n") return before.empty() ? 1 : std::ceil(before[0] / 2);
  switch (parameter.kind) {
    case ParameterKind::kWindow:
      return window;
    case ParameterKind::kCount:
      return std::clamp(3.0, parameter.low, parameter.high);
    case ParameterKind::kBars:
      return -window;
    default:
      return std::clamp(0.3, parameter.low, parameter.high);
  }
}

Call call_of(const Operator& op, double window) {
  Call call;
  std::uint64_t seed = 20;
  for (const Parameter& parameter : op.parameters) {
    if (parameter.kind == ParameterKind::kSeries) {
      call.inputs.push_back(troubled_series(++seed, kBars));
    } else if (parameter.kind == ParameterKind::kCondition) {
      call.inputs.push_back(troubled_conditions(++seed, kBars));
    } else {
      call.constants.push_back(number_for(parameter, window, call.constants));
    }
  }
  return call;
}

std::vector<const Operator*> tile_operators() {
  std::vector<const Operator*> found;
  for (const Operator& op : operators()) {
    if (op.tile != nullptr) found.push_back(&op);
  }
  return found;
}

void expect_same(const Lanes& a, const Lanes& b, std::size_t num_bars, const std::string& what) {
  for (std::size_t lane = 0; lane < a.size(); ++lane) {
    for (std::size_t bar = 0; bar < num_bars; ++bar) {
      ASSERT_TRUE(same_bits(a[lane][bar], b[lane][bar]))
          << what << " lane " << lane << " bar " << bar << ": " << a[lane][bar] << " "
          << b[lane][bar];
    }
  }
}

const std::vector<double> kWindows = {1, 3, 16, 17, 40, 100};

TEST(TileOperators, GiveTheSameBitsHoweverTheBarsAreCut) {
  for (const Operator* op : tile_operators()) {
    for (const double window : kWindows) {
      const Call call = call_of(*op, window);
      const Lanes whole = run_at_once(*op, call.inputs, call.constants);
      for (const std::size_t tile_bars : {16u, 48u, 256u}) {
        const Lanes cut = run_tiles(*op, call.inputs, call.constants, tile_bars);
        expect_same(whole, cut, kBars, std::string(op->name));
      }
    }
  }
}

TEST(TileOperators, GiveTheSameBitsInEveryVectorWidth) {
  for (const Operator* op : tile_operators()) {
    for (const double window : kWindows) {
      const Call call = call_of(*op, window);
      const Lanes widest = run_at_once(*op, call.inputs, call.constants);
      for (const auto width : {kernel::VectorWidth::kTwo, kernel::VectorWidth::kFour}) {
        kernel::limit_vector_width(width);
        const Lanes narrow = run_at_once(*op, call.inputs, call.constants);
        kernel::limit_vector_width(kernel::VectorWidth::kEight);
        expect_same(widest, narrow, kBars, std::string(op->name));
      }
    }
  }
}

TEST(TileOperators, ReadNothingBeyondTheirReach) {
  constexpr std::size_t kFrom = 240, kTo = 304;
  for (const Operator* op : tile_operators()) {
    for (const double window : kWindows) {
      Call call = call_of(*op, window);
      const Reach reach = op->reach != nullptr ? op->reach(call.constants.data()) : Reach{};
      if (reach.all_history) continue;
      const Lanes before = run_at_once(*op, call.inputs, call.constants);
      // Bars that the outputs [kFrom, kTo) may not depend on become enormous.
      const auto first = static_cast<std::int64_t>(kFrom) - reach.lookback;
      const auto last = static_cast<std::int64_t>(kTo) - 1 + reach.lookahead;
      for (Lanes& input : call.inputs) {
        for (Series& lane : input) {
          for (std::int64_t bar = 0; bar < static_cast<std::int64_t>(kBars); ++bar) {
            if (bar < first || bar > last) lane[static_cast<std::size_t>(bar)] = 3e17;
          }
        }
      }
      const Lanes after = run_at_once(*op, call.inputs, call.constants);
      for (std::size_t lane = 0; lane < before.size(); ++lane) {
        for (std::size_t bar = kFrom; bar < kTo; ++bar) {
          ASSERT_TRUE(same_bits(before[lane][bar], after[lane][bar]))
              << op->name << " window " << window << " lane " << lane << " bar " << bar;
        }
      }
    }
  }
}

TEST(TileOperators, KeepEveryLaneToItself) {
  for (const Operator* op : tile_operators()) {
    const Call call = call_of(*op, 20);
    const Lanes together = run_at_once(*op, call.inputs, call.constants);
    for (std::size_t lane = 0; lane < kernel::kTileLanes; ++lane) {
      std::vector<Lanes> alone = call.inputs;
      for (Lanes& input : alone) {
        for (std::size_t other = 0; other < input.size(); ++other) {
          if (other != lane) input[other].assign(kBars, kNaN);
        }
      }
      const Lanes found = run_at_once(*op, alone, call.constants);
      for (std::size_t bar = 0; bar < kBars; ++bar) {
        ASSERT_TRUE(same_bits(together[lane][bar], found[lane][bar])) << op->name << " " << bar;
      }
    }
  }
}

TEST(TileOperators, SayWhatTheyReadAndCost) {
  for (const Operator& op : operators()) {
    EXPECT_FALSE(op.text.summary.empty()) << op.name;
    EXPECT_FALSE(op.text.formula.empty()) << op.name;
    EXPECT_FALSE(op.text.nan.empty()) << op.name;
    EXPECT_NE(op.text.summary.back(), '.') << op.name;
    const int ways = (op.tile != nullptr) + (op.row != nullptr) + !op.definition.empty();
    EXPECT_EQ(ways, 1) << op.name;
  }
}

}  // namespace
}  // namespace tickwerk::expr
