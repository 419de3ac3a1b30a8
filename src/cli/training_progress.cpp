#include "cli/training_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>

#include "cli/interrupt.h"

namespace tickwerk::cli {
namespace {

using job::TrainingState;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kPauseOnTerminal{200};
constexpr seconds kPauseBetweenFolds{2};
constexpr seconds kPauseWithinFold{30};
constexpr double kEnoughToGuess = 0.02;  // of the work done
constexpr const char* kClearLine = "\r\033[K";

/// Knows the time since it was first told of the training.
class TimeLeft {
 public:
  std::string text(const TrainingState& state) {
    if (!begin_) begin_ = Clock::now();
    const double done_here = state.done - state.done_before;
    if (done_here < kEnoughToGuess) return "";
    const double elapsed = std::chrono::duration<double>(Clock::now() - *begin_).count();
    return fmt::format(", about {} left", time_left_text(elapsed * (1 - state.done) / done_here));
  }

 private:
  std::optional<Clock::time_point> begin_;
};

class TerminalLine {
 public:
  ~TerminalLine() {
    if (is_shown_) clear();
  }

  void show(const TrainingState& state) {
    const Clock::time_point now = Clock::now();
    const std::string left = left_.text(state);
    if (state.done >= 1) {
      if (is_shown_) clear();
      is_shown_ = false;
      return;
    }
    if (is_shown_ && now - last_ < kPauseOnTerminal) return;
    last_ = now;
    is_shown_ = true;
    fmt::print(stderr, "{}{:.0f} %, {}{} ...", kClearLine, 100 * state.done, state.what, left);
  }

 private:
  static void clear() { fmt::print(stderr, "{}", kClearLine); }

  TimeLeft left_;
  Clock::time_point last_;
  bool is_shown_ = false;
};

class PlainLines {
 public:
  explicit PlainLines(const Output& output) : output_(output) {}

  void show(const TrainingState& state) {
    const Clock::time_point now = Clock::now();
    const std::string left = left_.text(state);
    const bool is_first = !num_kept_;
    // One that an interrupted run left is no news.
    const bool ends_fold =
        num_kept_ && state.num_kept > *num_kept_ && state.done > state.done_before;
    num_kept_ = state.num_kept;
    if (is_first) last_ = now;
    if (is_first || state.done >= 1) return;
    const Clock::duration pause = ends_fold ? kPauseBetweenFolds : kPauseWithinFold;
    if (now - last_ < pause && !(ends_fold && !has_shown_)) return;
    last_ = now;
    has_shown_ = true;
    output_.note(fmt::format("{:.0f} %, {}{}{}", 100 * state.done, state.what,
                             ends_fold ? " is done" : "", left));
  }

 private:
  const Output& output_;
  TimeLeft left_;
  Clock::time_point last_;
  std::optional<std::size_t> num_kept_;  // when it was asked last
  bool has_shown_ = false;
};

/// What Ctrl-C says of the folds.
class LastWords {
 public:
  LastWords(const Output& output, const char* before) : output_(output), before_(before) {}
  ~LastWords() { set_last_words({}); }

  void update(const TrainingState& state) {
    if (state.num_kept == num_kept_ && state.kept_in == kept_in_) return;
    num_kept_ = state.num_kept;
    kept_in_ = state.kept_in;
    set_last_words(kept_in_.empty() ? "" : before_ + output_.note_line(text()));
  }

 private:
  std::string text() const {
    if (num_kept_ == 0) return "interrupted before the first fold was done: none is kept";
    return fmt::format("interrupted: {} kept in {}, the same command goes on from there",
                       num_kept_ == 1 ? "1 fold is" : fmt::format("{} folds are", num_kept_),
                       kept_in_.string());
  }

  const Output& output_;
  std::string before_;
  std::size_t num_kept_ = 0;
  std::filesystem::path kept_in_;
};

}  // namespace

std::string time_left_text(double seconds) {
  const auto all = static_cast<long>(std::ceil(seconds));
  if (all < 60) return fmt::format("{} s", all);
  if (all < 3600) return fmt::format("{} min {} s", all / 60, all % 60);
  return fmt::format("{} h {} min", all / 3600, all % 3600 / 60);
}

job::TrainingWatch training_progress(const Output& output) {
  if (output.verbosity() == Verbosity::kQuiet) return {};
  if (::isatty(STDERR_FILENO) == 1) {
    const auto words = std::make_shared<LastWords>(output, kClearLine);
    return [words, line = std::make_shared<TerminalLine>()](const TrainingState& state) {
      words->update(state);
      line->show(state);
    };
  }
  const auto words = std::make_shared<LastWords>(output, "");
  return [words, lines = std::make_shared<PlainLines>(output)](const TrainingState& state) {
    words->update(state);
    lines->show(state);
  };
}

}  // namespace tickwerk::cli
