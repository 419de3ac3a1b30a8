// The words of a dataset's file, as its writer and its reader share them. Internal to `model`; what
// they mean stands in docs/formats/dataset.md.
#pragma once

#include <array>
#include <string_view>

#include "tickwerk/model/dataset.h"

namespace tickwerk::model::format {

inline constexpr const char* kName = "tickwerk dataset 1";
inline constexpr const char* kFactorRole = "factor";
inline constexpr const char* kLabelRole = "label";

inline constexpr const char* kTimestamp = "timestamp";
inline constexpr const char* kSymbol = "symbol";
inline constexpr const char* kLabel = "label";
inline constexpr const char* kRealizedReturn = "realized_return";
inline constexpr const char* kLabelEnd = "label_end";
inline constexpr const char* kExitTime = "exit_time";

/// All of them know the future.
inline constexpr std::array<std::string_view, 4> kLabelColumns = {kLabel, kRealizedReturn,
                                                                  kLabelEnd, kExitTime};

inline constexpr std::string_view word_of(LabelKind kind) noexcept {
  switch (kind) {
    case LabelKind::kBinary:
      return "binary";
    case LabelKind::kClasses:
      return "classes";
    case LabelKind::kReturn:
      break;
  }
  return "return";
}

}  // namespace tickwerk::model::format
