#include "tickwerk/strategy/strategy_file.h"

#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>

#include "tickwerk/base/nearest.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/strategy/module_text.h"
#include "tickwerk/strategy/spec_rules.h"
#include "tickwerk/strategy/yaml_text.h"

namespace tickwerk::strategy {
namespace {

constexpr std::size_t kMaxBytes = 1'000'000;
constexpr double kWeightTolerance = 0.01;

bool is_name(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && !digit(text[0]) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || digit(c); });
}

class Reader {
 public:
  Reader(std::string_view yaml, std::string_view source) : source_(source), file_(yaml, source) {}

  StrategySpec read();

 private:
  struct Key {
    std::string_view name;
    void (Reader::*read)(const YAML::Node& key, const YAML::Node& value);
  };
  static std::span<const Key> keys();

  void define(const YAML::Node& key, std::string_view name, const YAML::Node& value);

  void tell(std::string_view key, const std::string& text, std::string_view joint);

  void read_name(const YAML::Node& key, const YAML::Node& value);
  void read_description(const YAML::Node& key, const YAML::Node& value);
  void read_import(const YAML::Node& key, const YAML::Node& value);
  void read_one_import(const YAML::Node& value);
  void read_define(const YAML::Node& key, const YAML::Node& value);
  void read_expression(const YAML::Node& key, const YAML::Node& value);
  void read_params(const YAML::Node& key, const YAML::Node& value);
  void read_factors(const YAML::Node& key, const YAML::Node& value);
  double read_factor(const YAML::Node& key, const YAML::Node& value);
  void read_weights(const YAML::Node& key, const YAML::Node& value);
  void read_top_n(const YAML::Node& key, const YAML::Node& value);
  void read_number(const YAML::Node& key, const YAML::Node& value);
  void read_allow_short(const YAML::Node& key, const YAML::Node& value);
  void read_rebalance(const YAML::Node& key, const YAML::Node& value);

  void add_score_of_factors();
  void add_latch(std::string_view side, std::string_view enter, std::string_view exit);
  void check_numbers() const;

  std::string source_;
  YamlText file_;
  std::map<std::string, YAML::Node, std::less<>> seen_;  // key to where it stands
  std::vector<std::pair<std::string, double>> bundle_;   // factors with their weights
  ModuleText module_;
  StrategySpec spec_;
};

std::span<const Reader::Key> Reader::keys() {
  static constexpr Key kKeys[] = {
      {"name", &Reader::read_name},
      {"description", &Reader::read_description},
      {"import", &Reader::read_import},
      {"define", &Reader::read_define},
      {"long", &Reader::read_expression},
      {"short", &Reader::read_expression},
      {"enter", &Reader::read_expression},
      {"exit", &Reader::read_expression},
      {"enter_short", &Reader::read_expression},
      {"exit_short", &Reader::read_expression},
      {"score", &Reader::read_expression},
      {"overlay", &Reader::read_expression},
      {"params", &Reader::read_params},
      {"factors", &Reader::read_factors},
      {"weights", &Reader::read_weights},
      {"top_n", &Reader::read_top_n},
      {"max_weight", &Reader::read_number},
      {"gross", &Reader::read_number},
      {"net", &Reader::read_number},
      {"allow_short", &Reader::read_allow_short},
      {"rebalance", &Reader::read_rebalance},
      {"band", &Reader::read_number},
      {"min_volume_ratio", &Reader::read_number},
  };
  return kKeys;
}

/// Adds `name = value` to the module.
void Reader::define(const YAML::Node& key, std::string_view name, const YAML::Node& value) {
  const std::string text = file_.plain(value, name);
  const auto line = static_cast<std::size_t>(value.Mark().line);
  if (file_.is_literal(value)) {
    Body body = file_.literal(value);
    for (std::string& row : body.lines) row = row.substr(0, row.find('#'));
    module_.place(line, fmt::format("{}=(", name), body, ")");
    return;
  }
  if (text.find('#') != std::string::npos) {
    file_.refuse("an expression must be a block (`|`) to hold comments, found '#'", key);
  }
  std::string one_line = text;
  std::ranges::replace(one_line, '\n', ' ');
  const YAML::Mark mark = value.Mark();
  const std::size_t quote = file_.is_quoted(value) ? 1 : 0;
  module_.place(
      line, fmt::format("{}=", name),
      {.line = line, .column = static_cast<std::size_t>(mark.column) + quote, .lines = {one_line}},
      "");
}

/// Adds to what reports say of a key that may say several things.
void Reader::tell(std::string_view key, const std::string& text, std::string_view joint) {
  const auto known = std::ranges::find(spec_.texts, key, &KeyText::key);
  if (known == spec_.texts.end()) {
    spec_.texts.push_back({std::string(key), text});
  } else {
    known->text += fmt::format("{}{}", joint, text);
  }
}

void Reader::read_name(const YAML::Node&, const YAML::Node& value) {
  spec_.name = file_.plain(value, "name");
  const bool printable =
      std::ranges::all_of(spec_.name, [](char c) { return static_cast<unsigned char>(c) >= ' '; });
  if (!printable) file_.refuse("name must be one line", value);
}

void Reader::read_description(const YAML::Node&, const YAML::Node& value) {
  spec_.description = file_.plain(value, "description");
}

void Reader::read_one_import(const YAML::Node& value) {
  const std::string text = file_.plain(value, "import");
  const bool is_file = text.ends_with(".expr") || text.find('/') != std::string::npos;
  const bool is_quotable = std::ranges::all_of(
      text, [](char c) { return c != '"' && static_cast<unsigned char>(c) >= ' '; });
  if (!is_quotable || (!is_file && !is_name(text))) {
    file_.refuse(
        fmt::format("import must name sets of the catalogue or files *.expr, found '{}'", text),
        value);
  }
  const auto line = static_cast<std::size_t>(value.Mark().line);
  module_.place(line, is_file ? fmt::format("import \"{}\"", text) : "import " + text,
                {.line = line, .column = 0, .lines = {}}, "");
  tell("import", text, ", ");
}

void Reader::read_import(const YAML::Node&, const YAML::Node& value) {
  if (!value.IsSequence()) {
    read_one_import(value);
    return;
  }
  for (const YAML::Node& item : value) read_one_import(item);
}

void Reader::read_define(const YAML::Node&, const YAML::Node& value) {
  const std::string text = file_.plain(value, "define");
  if (file_.is_literal(value)) {
    const Body body = file_.literal(value);
    module_.place(body.line, "", body, "");
  } else {
    if (text.find('\n') != std::string::npos) {
      file_.refuse("define must be a block that keeps its lines: `define: |`", value);
    }
    const auto line = static_cast<std::size_t>(value.Mark().line);
    module_.place(line, "", {.line = line, .column = 0, .lines = {text}}, "");
  }
  const std::size_t last = text.find_last_not_of('\n');
  spec_.texts.push_back({"define", text.substr(0, last == std::string::npos ? 0 : last + 1)});
}

void Reader::read_expression(const YAML::Node& key, const YAML::Node& value) {
  define(key, key.Scalar(), value);
  std::string text = value.Scalar();
  const std::size_t last = text.find_last_not_of('\n');
  text.resize(last == std::string::npos ? 0 : last + 1);
  spec_.texts.push_back({key.Scalar(), text});
}

void Reader::read_params(const YAML::Node&, const YAML::Node& value) {
  if (!value.IsMap()) file_.refuse("params must be a mapping of names to numbers", value);
  file_.for_each_pair(
      value, "a parameter",
      [&](const std::string& name, const YAML::Node& key, const YAML::Node& item) {
        if (!is_name(name)) {
          file_.refuse(
              fmt::format("a parameter must be a name of letters, digits and _, found '{}'", name),
              key);
        }
        const double found = file_.number(item, "parameter " + name);
        spec_.params[name] = found;
        const auto line = static_cast<std::size_t>(key.Mark().line);
        module_.place(line, fmt::format("param {} = {}", name, found),
                      {.line = line, .column = 0, .lines = {}}, "");
      });
}

/// One factor of the bundle, `name: weight` or `name: {expr: ..., weight: ...}`; its weight.
double Reader::read_factor(const YAML::Node& key, const YAML::Node& value) {
  const std::string& name = key.Scalar();
  const std::string what = "the weight of " + name;
  if (!is_name(name)) {
    file_.refuse(fmt::format("a factor must be a name of letters, digits and _, found '{}'", name),
                 key);
  }
  double weight = 0;
  if (!value.IsMap()) {
    weight = file_.number(value, what);
    const auto line = static_cast<std::size_t>(key.Mark().line);
    module_.place(line, fmt::format("_factor_{} = ", name),
                  {.line = line, .column = 0, .lines = {name}}, "");
    tell("factors", fmt::format("{} x {}", weight, name), " + ");
  } else {
    YAML::Node expression;
    YAML::Node share;
    file_.for_each_pair(
        value, "a key of a factor",
        [&](const std::string& part, const YAML::Node& part_key, const YAML::Node& item) {
          if (part == "expr") {
            expression = item;
          } else if (part == "weight") {
            share = item;
          } else {
            file_.refuse(fmt::format("a factor must have the keys expr and weight, found "
                                     "'{}' in {}; an expression with commas inside {{ }} "
                                     "must be quoted",
                                     part, name),
                         part_key);
          }
        });
    if (expression.IsNull() || share.IsNull()) {
      file_.refuse(
          fmt::format("a factor must have the keys expr and weight, found one of them in {}", name),
          key);
    }
    weight = file_.number(share, what);
    define(key, "_factor_" + name, expression);
    tell("factors", fmt::format("{} x ({})", weight, expression.Scalar()), " + ");
  }
  if (!(weight > 0)) {
    file_.refuse(
        fmt::format("{} must be > 0 (turn a factor round by its expression: -{}), found {}", what,
                    name, weight),
        value);
  }
  return weight;
}

void Reader::read_factors(const YAML::Node& key, const YAML::Node& value) {
  if (!value.IsMap() || value.size() == 0) {
    file_.refuse("factors must be a mapping of names to weights", value.IsNull() ? key : value);
  }
  double sum = 0;
  file_.for_each_pair(
      value, "a factor",
      [&](const std::string& name, const YAML::Node& factor, const YAML::Node& item) {
        const double weight = read_factor(factor, item);
        bundle_.emplace_back(name, weight);
        sum += weight;
      });
  if (!(std::abs(sum - 1) <= kWeightTolerance + 1e-12)) {
    file_.refuse(fmt::format("the weights of factors must add up to 1 within {}, found {:.10g}",
                             kWeightTolerance, sum),
                 key);
  }
}

void Reader::read_weights(const YAML::Node&, const YAML::Node& value) {
  const std::string text = file_.plain(value, "weights");
  try {
    const Weights weights = parse_weights(text);
    spec_.weights = weights.weighting;
    spec_.inverse_vol_window = weights.window;
  } catch (const Error& error) {
    file_.refuse(error.what(), value);
  }
}

void Reader::read_top_n(const YAML::Node&, const YAML::Node& value) {
  const double found = file_.number(value, "top_n");
  if (found != std::floor(found) || std::abs(found) > 1e6) {
    file_.refuse(fmt::format("top_n must be a whole number up to 1000000, found {}", found), value);
  }
  spec_.top_n = static_cast<int>(found);
}

void Reader::read_number(const YAML::Node& key, const YAML::Node& value) {
  const std::string& name = key.Scalar();
  const double found = file_.number(value, name);
  if (name == "max_weight") spec_.max_weight = found;
  if (name == "gross") spec_.gross = found;
  if (name == "net") spec_.net = found;
  if (name == "band") spec_.band = found;
  if (name == "min_volume_ratio") spec_.min_volume_ratio = found;
}

void Reader::read_allow_short(const YAML::Node&, const YAML::Node& value) {
  const std::string text = file_.plain(value, "allow_short");
  if (text != "true" && text != "false") {
    file_.refuse(fmt::format("allow_short must be true or false, found '{}'", text), value);
  }
  spec_.short_selling = text == "true" ? ShortSelling::kAllow : ShortSelling::kRefuse;
}

void Reader::read_rebalance(const YAML::Node&, const YAML::Node& value) {
  const std::string text = file_.plain(value, "rebalance");
  try {
    spec_.rebalance = parse_rebalance(text);
  } catch (const Error& error) {
    file_.refuse(error.what(), value);
  }
}

/// Each factor winsorised and z-scored among the symbols of the day; the weighted sum of those a
/// symbol has, over the sum of their weights.
void Reader::add_score_of_factors() {
  std::vector<std::string> terms;
  std::vector<std::string> weights;
  for (const auto& [name, weight] : bundle_) {
    module_.append(fmt::format("_z_{} = cs_zscore(cs_winsorize(_factor_{}))", name, name));
    terms.push_back(fmt::format("{} * fillna(_z_{}, 0)", weight, name));
    weights.push_back(fmt::format("where(isnan(_z_{}), 0, {})", name, weight));
  }
  module_.append(
      fmt::format("score = ratio({}, {})", fmt::join(terms, " + "), fmt::join(weights, " + ")));
}

/// `enter` and `exit` of a side make its condition: held from one to the other.
void Reader::add_latch(std::string_view side, std::string_view enter, std::string_view exit) {
  const auto has = [&](std::string_view key) { return seen_.contains(key); };
  if (!has(enter) && !has(exit)) return;
  for (const auto& [given, missing] : {std::pair(enter, exit), std::pair(exit, enter)}) {
    if (!has(missing)) {
      file_.refuse(fmt::format("{} must come with {}, found it alone", given, missing),
                   seen_.find(given)->second);
    }
  }
  if (has(side)) {
    file_.refuse(
        fmt::format("{} must not come with {} and {}, which say the same", side, enter, exit),
        seen_.find(side)->second);
  }
  module_.append(fmt::format("{} = latch({}, {})", side, enter, exit));
}

void Reader::check_numbers() const {
  if (const auto broken = broken_rule(spec_)) {
    const auto key = seen_.find(broken->key);
    TW_CHECK((key != seen_.end()), ==, true);
    file_.refuse(broken->sentence, key->second);
  }
}

StrategySpec Reader::read() {
  std::vector<std::string> names;
  for (const Key& key : keys()) names.emplace_back(key.name);
  file_.for_each_pair(file_.root(), "a key",
                      [&](const std::string& name, const YAML::Node& key, const YAML::Node& value) {
                        const auto found = std::ranges::find(keys(), name, &Key::name);
                        if (found == keys().end()) {
                          file_.refuse(
                              fmt::format("a key of a strategy must be one of {}, found '{}'{}",
                                          fmt::join(names, ", "), name, nearest_hint(name, names)),
                              key);
                        }
                        seen_.emplace(name, key);
                        if (value.IsNull())
                          file_.refuse(fmt::format("{} must have a value", name), key);
                        (this->*found->read)(key, value);
                      });
  if (seen_.contains("score") && seen_.contains("factors")) {
    file_.refuse("score must not come with factors, which make it", seen_.find("score")->second);
  }
  if (!bundle_.empty()) add_score_of_factors();
  add_latch("long", "enter", "exit");
  add_latch("short", "enter_short", "exit_short");
  check_numbers();
  spec_.source = source_;
  spec_.language = module_.text();
  if (spec_.name.empty()) spec_.name = std::filesystem::path(source_).stem().string();
  return std::move(spec_);
}

}  // namespace

StrategySpec parse_strategy(std::string_view yaml, std::string_view source) {
  if (yaml.size() > kMaxBytes) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a strategy file must be at most {} bytes, found {} ({})", kMaxBytes,
                            yaml.size(), source));
  }
  return Reader(yaml, source).read();
}

StrategySpec load_strategy(const std::filesystem::path& file) {
  const io::MappedFile text(file);
  StrategySpec spec = parse_strategy(text.bytes(), file.string());
  spec.file = file.string();
  return spec;
}

}  // namespace tickwerk::strategy
