#include "tickwerk/job/trials.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <vector>

#include "tickwerk/base/hash.h"
#include "tickwerk/expr/syntax.h"
#include "tickwerk/io/atomic_file.h"
#include "tickwerk/io/csv.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/io/number.h"
#include "tickwerk/job/settings.h"
#include "tickwerk/trace/zone.h"

namespace tickwerk::job {
namespace {

constexpr std::size_t kShort = 16;  // digits of a fingerprint in names and keys
constexpr std::array<std::string_view, 7> kLeadColumns = {
    "settings",      "params",      "strategy",       "num_returns",
    "period_sharpe", "period_skew", "period_kurtosis"};
constexpr std::size_t kNumColumns = kLeadColumns.size() + kTrialMetrics.size();
constexpr std::string_view kSeal = "# trials ";

/// Settings that are in the fingerprint of the bars, in the rest of the key, or change no figure.
constexpr std::array<std::string_view, 17> kNotInKey = {
    "as_of",        "benchmark",        "date",       "freq",         "from",        "groups",
    "max_notional", "max_order_weight", "max_orders", "max_sessions", "max_symbols", "positions",
    "prices",       "strategy",         "symbols",    "to",           "universe"};

bool is_in_key(std::string_view setting) {
  return std::ranges::find(kNotInKey, setting) == kNotInKey.end() &&
         !setting.starts_with("param.") && !setting.starts_with("strategy.") &&
         !setting.starts_with("events.");
}

void hash_file(Hasher& hasher, const std::filesystem::path& file) {
  if (file.empty()) return;
  hasher.update(io::MappedFile(file).bytes());
}

std::string header() {
  std::string text;
  for (const std::string_view column : kLeadColumns) text += fmt::format("{},", column);
  for (const TrialMetric& metric : kTrialMetrics) text += fmt::format("{},", metric.name);
  text.back() = '\n';
  return text;
}

void append_row(std::string& text, const TrialKey& key, const Trial& trial) {
  io::append_csv_field(text, key.settings);
  text += ',';
  io::append_csv_field(text, key.params);
  text += ',';
  io::append_csv_field(text, trial.strategy);
  const TrialFigures& figures = trial.figures;
  for (const double value :
       {figures.num_returns, figures.sharpe, figures.skewness, figures.kurtosis}) {
    text += ',';
    io::append_number(text, value);
  }
  for (const double value : figures.metrics) {
    text += ',';
    io::append_number(text, value);
  }
  text += '\n';
}

std::string seal_of(std::string_view text, std::size_t num_trials) {
  Hasher hasher;
  hasher.update(text);
  return fmt::format("{}{} checksum {}\n", kSeal, num_trials, hasher.hex());
}

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& found) {
  throw Error(Code::kCorruptData,
              fmt::format("the trials on record must be as tickwerk wrote them, found {}; move the "
                          "file away to begin a new record, whose deflated Sharpe ratios will not "
                          "know these trials: {}",
                          found, path.string()));
}

double number_in(std::string_view field, const std::filesystem::path& path, std::size_t row) {
  if (field.empty()) return TrialFigures::kMissing;
  double value = 0;
  const char* end = field.data() + field.size();
  const auto [last, error] = std::from_chars(field.data(), end, value);
  if (error != std::errc() || last != end) {
    refuse(path, fmt::format("'{}' where a number belongs, row {}", field, row));
  }
  return value;
}

std::map<TrialKey, Trial> read(const std::filesystem::path& path) {
  std::map<TrialKey, Trial> trials;
  if (!std::filesystem::exists(path)) return trials;
  TW_ZONE("read_trials");
  const io::MappedFile file(path);
  const std::string_view bytes = file.bytes();
  const std::size_t seal = bytes.rfind(kSeal);
  if (seal == std::string_view::npos || (seal > 0 && bytes[seal - 1] != '\n')) {
    refuse(path, "no last line with a checksum");
  }
  const std::string_view text = bytes.substr(0, seal);
  const std::string head = header();
  if (!text.starts_with(head)) refuse(path, "other columns");
  io::CsvReader reader(text.substr(head.size()));
  std::vector<std::string_view> fields;
  for (std::size_t row = 2; !reader.rest().empty() && reader.next(fields); ++row) {
    if (fields.size() != kNumColumns) {
      refuse(path, fmt::format("{} columns in row {}", fields.size(), row));
    }
    const auto value = [&](std::size_t column) { return number_in(fields[column], path, row); };
    Trial trial{.strategy = std::string(fields[2]), .figures = {}};
    trial.figures.num_returns = value(3);
    trial.figures.sharpe = value(4);
    trial.figures.skewness = value(5);
    trial.figures.kurtosis = value(6);
    for (std::size_t k = 0; k < kTrialMetrics.size(); ++k) {
      trial.figures.metrics[k] = value(kLeadColumns.size() + k);
    }
    trials.emplace_hint(trials.end(), TrialKey{std::string(fields[0]), std::string(fields[1])},
                        std::move(trial));
  }
  if (bytes.substr(seal) != seal_of(text, trials.size())) {
    refuse(path, "a checksum that is not that of its rows");
  }
  return trials;
}

/// Exclusive between processes; given back by the kernel however the process ends.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder)
      : descriptor_(::open(folder.c_str(), O_RDONLY | O_CLOEXEC)) {
    int result = descriptor_;
    while (descriptor_ >= 0 && (result = ::flock(descriptor_, LOCK_EX)) != 0 && errno == EINTR) {
    }
    if (result >= 0) return;
    const int error = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    throw Error(Code::kIo, fmt::format("the folder of trials must be lockable, found {}: {}",
                                       std::strerror(error), folder.string()));
  }
  ~FolderLock() { ::close(descriptor_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace

std::string trial_settings(const RunConfig& config, Timestamp first_traded) {
  Hasher hasher;
  for (const auto& [key, value] : result_settings(config)) {
    if (!is_in_key(key)) continue;
    hasher.update(key);
    hasher.update(value);
  }
  const strategy::Strategy strategy = strategy::make_strategy(config.strategy);
  for (const auto& [key, text] : strategy.spec.texts) {
    hasher.update(key);
    hasher.update(text);
  }
  const auto& trees = strategy.module.file().trees;
  for (std::size_t k = 1; k < trees.size(); ++k) hasher.update(trees[k]->source.text);
  hash_file(hasher, config.sources.groups);
  for (const market::EventFile& events : config.sources.events) {
    hasher.update(events.name);
    hash_file(hasher, events.path);
  }
  if (!config.strategy.meta_model.file.empty()) {
    // The notes hold the hashes of the model and of its predictions.
    std::filesystem::path notes = config.strategy.meta_model.file;
    hash_file(hasher, notes.replace_extension(".json"));
  }
  if (config.sources.as_of) hasher.update(to_string(*config.sources.as_of));
  hasher.update(&first_traded, sizeof first_traded);
  return hasher.hex().substr(0, kShort);
}

std::string trial_params(const strategy::StrategySpec& spec) {
  std::string text;
  for (const auto& [name, value] : spec.params) {
    text += fmt::format("{}{}=", text.empty() ? "" : ";", name);
    io::append_number(text, value);
  }
  return text;
}

TrialBook::TrialBook(const std::filesystem::path& output, std::string_view data_fingerprint)
    : file_(std::filesystem::path("trials") /
            fmt::format("{}.csv", data_fingerprint.substr(0, kShort))) {
  path_ = output / file_;
  trials_ = read(path_);
}

const Trial* TrialBook::find(const TrialKey& key) const {
  const auto found = trials_.find(key);
  return found == trials_.end() ? nullptr : &found->second;
}

void TrialBook::add(const TrialKey& key, Trial trial, Known known) {
  const auto [place, is_new] = trials_.try_emplace(key, trial);
  if (!is_new && known == Known::kKeep) return;
  if (!is_new) place->second = std::move(trial);
  state_ = State::kChanged;
}

void TrialBook::save() {
  if (state_ == State::kSaved) return;
  TW_ZONE("save_trials");
  const std::filesystem::path folder = path_.parent_path();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw Error(Code::kIo, fmt::format("the folder of trials must be writable, found {}: {}",
                                       error.message(), folder.string()));
  }
  const FolderLock lock(folder);
  trials_.merge(read(path_));
  std::string text = header();
  for (const auto& [key, trial] : trials_) append_row(text, key, trial);
  text += seal_of(text, trials_.size());
  io::write_file(path_, text);
  state_ = State::kSaved;
}

TrialStatistics TrialBook::statistics() const {
  TrialStatistics result;
  double sum = 0;
  for (const auto& [key, trial] : trials_) {
    if (trial.figures.sharpe != trial.figures.sharpe) continue;
    sum += trial.figures.sharpe;
    ++result.num_trials;
  }
  if (result.num_trials < 2) return result;
  const double mean = sum / static_cast<double>(result.num_trials);
  double squares = 0;
  for (const auto& [key, trial] : trials_) {
    if (trial.figures.sharpe != trial.figures.sharpe) continue;
    const double off = trial.figures.sharpe - mean;
    squares += off * off;
  }
  result.variance = squares / static_cast<double>(result.num_trials - 1);
  return result;
}

}  // namespace tickwerk::job
