#include "tickwerk/base/error.h"

namespace tickwerk {

int exit_code(Code code) noexcept {
  switch (code) {
    case Code::kInvalidArgument:
    case Code::kUnsupported:
      return 2;
    case Code::kNotFound:
    case Code::kCorruptData:
      return 3;
    case Code::kIo:
      return 1;
    case Code::kInternal:
      break;
  }
  return 5;
}

namespace detail {

void check_failed(std::string_view condition,
                  const std::string& values,
                  std::string_view file,
                  int line) {
  throw Error(Code::kInternal,
              fmt::format("{} must hold, found {} at {}:{}", condition, values, file, line));
}

}  // namespace detail
}  // namespace tickwerk
