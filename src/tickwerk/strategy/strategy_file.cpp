#include "tickwerk/strategy/strategy_file.h"

#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "tickwerk/base/nearest.h"
#include "tickwerk/factor/catalogue.h"
#include "tickwerk/io/mapped_file.h"
#include "tickwerk/strategy/factor_bundle.h"
#include "tickwerk/strategy/file_definition.h"
#include "tickwerk/strategy/module_text.h"
#include "tickwerk/strategy/spec_rules.h"
#include "tickwerk/strategy/yaml_text.h"

namespace tickwerk::strategy {
namespace {

using expr::syntax::Span;

constexpr std::size_t kMaxBytes = 1'000'000;

class Reader {
 public:
  Reader(std::string_view yaml, std::string_view source, const std::filesystem::path& file)
      : source_(source), file_(yaml, source) {
    spec_.file = file.string();
  }

  StrategySpec read();

 private:
  struct Key {
    std::string_view name;
    void (Reader::*read)(const YAML::Node& key, const YAML::Node& value);
  };
  static std::span<const Key> keys();

  void read_name(const YAML::Node& key, const YAML::Node& value);
  void read_description(const YAML::Node& key, const YAML::Node& value);
  void read_import(const YAML::Node& key, const YAML::Node& value);
  void read_one_import(const YAML::Node& value);
  void read_define(const YAML::Node& key, const YAML::Node& value);
  void read_expression(const YAML::Node& key, const YAML::Node& value);
  void read_params(const YAML::Node& key, const YAML::Node& value);
  void read_factors(const YAML::Node& key, const YAML::Node& value);
  void read_weights(const YAML::Node& key, const YAML::Node& value);
  void read_top_n(const YAML::Node& key, const YAML::Node& value);
  void read_number(const YAML::Node& key, const YAML::Node& value);
  void read_allow_short(const YAML::Node& key, const YAML::Node& value);
  void read_rebalance(const YAML::Node& key, const YAML::Node& value);
  void read_meta_model(const YAML::Node& key, const YAML::Node& value);
  void read_meta_mode(const YAML::Node& key, const YAML::Node& value);

  void add_latch(std::string_view side, std::string_view enter, std::string_view exit);
  void check_numbers() const;
  expr::Module parse_module();
  void declare_params();

  struct Param {
    std::string name;
    double value = 0;
    Span place;
  };

  std::string source_;
  YamlText file_;
  std::map<std::string, YAML::Node, std::less<>> seen_;  // key to where it stands
  std::vector<std::string> imports_;
  FactorBundle bundle_;
  std::vector<Param> params_;  // of the key `params`
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
      {"meta_model", &Reader::read_meta_model},
      {"meta_mode", &Reader::read_meta_mode},
      {"min_confidence", &Reader::read_number},
  };
  return kKeys;
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
  if (!is_file && factor::find_catalogue_text(text) == nullptr) {
    const std::vector<std::string> sets = factor::catalogue_sets();
    file_.miss(fmt::format("a set of the catalogue must be one of {}: '{}'{}",
                           fmt::join(sets, ", "), text, nearest_hint(text, sets)),
               value, fmt::format("a file is imported by its name: `import: {}.expr`", text));
  }
  module_.add(is_file ? fmt::format("import \"{}\"\n", text) : fmt::format("import {}\n", text),
              file_.span(value));
  imports_.push_back(text);
}

void Reader::read_import(const YAML::Node&, const YAML::Node& value) {
  if (value.IsSequence()) {
    for (const YAML::Node& item : value) read_one_import(item);
  } else {
    read_one_import(value);
  }
  if (imports_.empty()) return;
  spec_.texts.push_back({"import", fmt::format("{}", fmt::join(imports_, ", "))});
}

void Reader::read_define(const YAML::Node&, const YAML::Node& value) {
  const std::string text = file_.plain(value, "define");
  if (!file_.is_literal(value) && text.find('\n') != std::string::npos) {
    file_.refuse("define must be a block that keeps its lines: `define: |`", value);
  }
  const Body body = file_.body(value);
  module_.add(body);
  module_.add("\n", {body.written.end, body.written.end});
  const std::size_t last = text.find_last_not_of('\n');
  spec_.texts.push_back({"define", text.substr(0, last == std::string::npos ? 0 : last + 1)});
}

void Reader::read_expression(const YAML::Node& key, const YAML::Node& value) {
  add_definition(file_, {key.Scalar(), key, value}, module_);
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
        params_.push_back({name, file_.number(item, "parameter " + name), file_.span(key)});
      });
}

void Reader::read_factors(const YAML::Node& key, const YAML::Node& value) {
  bundle_ = read_factor_bundle(file_, key, value, module_);
  spec_.texts.push_back({"factors", bundle_.text});
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
  if (name == "min_confidence") spec_.meta_model.min_confidence = found;
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

/// From the folder of the strategy, as `import` is.
void Reader::read_meta_model(const YAML::Node&, const YAML::Node& value) {
  const std::filesystem::path model = file_.plain(value, "meta_model");
  const std::filesystem::path folder = std::filesystem::path(spec_.file).parent_path();
  spec_.meta_model.file = (folder / model).lexically_normal();
}

void Reader::read_meta_mode(const YAML::Node&, const YAML::Node& value) {
  const std::string text = file_.plain(value, "meta_mode");
  try {
    spec_.meta_model.mode = parse_meta_mode(text);
  } catch (const Error& error) {
    file_.refuse(error.what(), value);
  }
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
  const Span entry = file_.span(seen_.find(enter)->second);
  module_.add(fmt::format("{} = latch({}, ", side, enter), entry);
  module_.add(exit, file_.span(seen_.find(exit)->second));
  module_.add(")\n", entry);
}

void Reader::check_numbers() const {
  if (const auto broken = broken_rule(spec_)) {
    const auto key = seen_.find(broken->key);
    TW_CHECK((key != seen_.end()), ==, true);
    file_.refuse(broken->sentence, key->second);
  }
}

expr::Module Reader::parse_module() {
  spec_.language = module_.text();
  spec_.written = module_.written(file_.text());
  return module_of(spec_);
}

/// A parameter is declared by a `param` line of an import or of `define`, or else by its key here,
/// which says its value in any case.
void Reader::declare_params() {
  expr::Module module = parse_module();
  const std::vector<std::string> declared = module.param_names();
  const std::size_t size = module_.text().size();
  for (const auto& [name, value, place] : params_) {
    if (std::ranges::find(declared, name) != declared.end()) continue;
    module_.add(fmt::format("param {} = {}\n", name, value), place);
  }
  if (module_.text().size() > size) module = parse_module();
  spec_.derived_params = module.derived_params();
  for (const auto& [name, value] : module.params()) {
    const bool derived =
        std::ranges::find(spec_.derived_params, name) != spec_.derived_params.end();
    if (!derived && !name.starts_with('_')) spec_.params[name] = value;
  }
  for (const Param& param : params_) {
    spec_.params[param.name] = param.value;
    std::erase(spec_.derived_params, param.name);
  }
  std::erase_if(spec_.derived_params, [](const std::string& name) { return name[0] == '_'; });
}

StrategySpec Reader::read() {
  std::vector<std::string> names;
  for (const Key& key : keys()) names.emplace_back(key.name);
  file_.for_each_pair(
      file_.root(), "a key",
      [&](const std::string& name, const YAML::Node& key, const YAML::Node& value) {
        const auto found = std::ranges::find(keys(), name, &Key::name);
        if (found == keys().end()) {
          file_.refuse(
              fmt::format("a key of a strategy must be one of the {} in docs/strategies.md, found "
                          "'{}'{}",
                          names.size(), name, nearest_hint(name, names)),
              key);
        }
        seen_.emplace(name, key);
        if (value.IsNull()) file_.refuse(fmt::format("{} must have a value", name), key);
        (this->*found->read)(key, value);
      });
  if (seen_.contains("score") && seen_.contains("factors")) {
    file_.refuse("score must not come with factors, which make it", seen_.find("score")->second);
  }
  if (const auto factors = seen_.find("factors"); factors != seen_.end()) {
    add_score(bundle_, file_.span(factors->second), module_);
  }
  add_latch("long", "enter", "exit");
  add_latch("short", "enter_short", "exit_short");
  check_numbers();
  spec_.source = source_;
  if (spec_.name.empty()) spec_.name = std::filesystem::path(source_).stem().string();
  declare_params();
  return std::move(spec_);
}

StrategySpec parse(std::string_view yaml,
                   std::string_view source,
                   const std::filesystem::path& file) {
  if (yaml.size() > kMaxBytes) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a strategy file must be at most {} bytes, found {} ({})", kMaxBytes,
                            yaml.size(), source));
  }
  return Reader(yaml, source, file).read();
}

}  // namespace

StrategySpec parse_strategy(std::string_view yaml, std::string_view source) {
  return parse(yaml, source, {});
}

StrategySpec load_strategy(const std::filesystem::path& file) {
  const io::MappedFile text(file);
  return parse(text.bytes(), file.string(), file);
}

}  // namespace tickwerk::strategy
