#include "tickwerk/market/names.h"

namespace tickwerk::market {

std::string_view to_string(Adjustment adjustment) noexcept {
  switch (adjustment) {
    case Adjustment::kAdjusted:
      return "adjusted";
    case Adjustment::kRaw:
      return "raw";
    case Adjustment::kUnknown:
      break;
  }
  return "unknown";
}

}  // namespace tickwerk::market
