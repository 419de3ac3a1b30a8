#include "cli/training_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>

namespace tickwerk::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPause{200};
constexpr double kEnoughToGuess = 0.02;  // of the work done

class Line {
 public:
  ~Line() {
    if (is_shown_) clear();
  }

  void show(double done, const std::string& what) {
    const Clock::time_point now = Clock::now();
    if (done >= 1) {
      if (is_shown_) clear();
      is_shown_ = false;
      return;
    }
    if (is_shown_ && now - last_ < kPause) return;
    last_ = now;
    is_shown_ = true;
    std::string left;
    const double elapsed = std::chrono::duration<double>(now - begin_).count();
    if (done >= kEnoughToGuess) {
      left = fmt::format(", about {} left", time_left_text(elapsed * (1 - done) / done));
    }
    fmt::print(stderr, "\r\033[K{:.0f} %, {}{} ...", 100 * done, what, left);
  }

 private:
  static void clear() { fmt::print(stderr, "\r\033[K"); }

  Clock::time_point begin_ = Clock::now();
  Clock::time_point last_;
  bool is_shown_ = false;
};

}  // namespace

std::string time_left_text(double seconds) {
  const auto all = static_cast<long>(std::ceil(seconds));
  if (all < 60) return fmt::format("{} s", all);
  if (all < 3600) return fmt::format("{} min {} s", all / 60, all % 60);
  return fmt::format("{} h {} min", all / 3600, all % 3600 / 60);
}

model::ValidationProgress training_progress(const Output& output) {
  if (::isatty(STDERR_FILENO) != 1 || output.verbosity() == Verbosity::kQuiet) return {};
  return [line = std::make_shared<Line>()](double done, const std::string& what) {
    line->show(done, what);
  };
}

}  // namespace tickwerk::cli
