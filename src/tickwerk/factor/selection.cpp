#include "tickwerk/factor/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tickwerk/base/error.h"
#include "tickwerk/factor/catalogue.h"

namespace tickwerk::factor {
namespace {

std::vector<std::string> words_of(const std::string& list) {
  std::vector<std::string> words;
  if (list.empty()) return words;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find_first_of("+,", begin), list.size());
    std::string_view word = std::string_view(list).substr(begin, end - begin);
    while (word.starts_with(' ')) word.remove_prefix(1);
    while (word.ends_with(' ')) word.remove_suffix(1);
    if (word.empty()) {
      throw Error(
          Code::kInvalidArgument,
          fmt::format("factors must be sets or names with + between them, found '{}'", list));
    }
    words.emplace_back(word);
    begin = end + 1;
  }
  return words;
}

/// Names and sets to import, each once and in order.
struct FromCatalogue {
  std::vector<std::string> sets;
  std::vector<std::string> names;

  void add_set(const std::string& set) {
    if (std::find(sets.begin(), sets.end(), set) == sets.end()) sets.push_back(set);
  }
  void add_name(const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
};

FromCatalogue from_catalogue(const std::string& list) {
  FromCatalogue chosen;
  for (const std::string& word : words_of(list)) {
    if (find_catalogue_text(word) == nullptr) {
      chosen.add_set(catalogue_entry(word).set);
      chosen.add_name(word);
      continue;
    }
    chosen.add_set(word);
    for (const CatalogueEntry& entry : catalogue_entries(word)) {
      chosen.add_name(entry.definition.name);
    }
  }
  return chosen;
}

bool is_in_catalogue(const std::string& name) { return !catalogue_set_of(name).empty(); }

/// Lines that define the labels of the horizons as the catalogue's set `labels` does, where it has
/// none of that horizon.
std::string label_lines(const std::vector<std::string>& labels, int horizon) {
  std::string lines;
  const std::string at_end = fmt::format("ahead(close, {}, haircut=delist_haircut)", horizon);
  if (!is_in_catalogue(labels[0])) {
    lines += fmt::format("label {} = {} / close - 1\n", labels[0], at_end);
  }
  if (!is_in_catalogue(labels[1])) {
    lines += fmt::format("label {} = {} / open[+1] - 1\n", labels[1], at_end);
  }
  return lines;
}

void check_horizons(const std::vector<int>& horizons) {
  std::set<int> seen;
  for (const int horizon : horizons) {
    if (horizon < 1) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("a horizon must be at least 1 bar, found {}", horizon));
    }
    if (!seen.insert(horizon).second) {
      throw Error(Code::kInvalidArgument,
                  fmt::format("a horizon must be given once, found {} twice", horizon));
    }
  }
}

}  // namespace

std::string return_label(int horizon) { return fmt::format("fwd_return_{}", horizon); }
std::string trade_label(int horizon) { return fmt::format("fwd_trade_{}", horizon); }

SelectedExpressions select(const Selection& selection) {
  check_horizons(selection.horizons);
  FromCatalogue chosen = from_catalogue(selection.catalogue);
  std::vector<std::string> names = chosen.names;

  expr::ParseOptions options{.catalogue = find_catalogue_text,
                             .folder = std::filesystem::current_path(),
                             .bare = expr::BareExpressions::kRefused};
  const std::string file = selection.file.string();
  if (!file.empty()) {
    if (file.find_first_of("\"\n") != std::string::npos) {
      throw Error(
          Code::kInvalidArgument,
          fmt::format("a file of expressions must have no quote in its name, found {}", file));
    }
    const std::vector<std::string> own = expr::Module::load(selection.file, options).outputs();
    names.insert(names.end(), own.begin(), own.end());
  }

  std::vector<std::string> labels;
  std::string made;
  for (const int horizon : selection.horizons) {
    const std::vector<std::string> pair = {return_label(horizon), trade_label(horizon)};
    made += label_lines(pair, horizon);
    labels.insert(labels.end(), pair.begin(), pair.end());
  }
  if (!labels.empty()) chosen.add_set("labels");

  // The user's lines first, so that messages count them from 1.
  std::string text = selection.lines + "\n";
  for (const std::string& set : chosen.sets) text += fmt::format("import {}\n", set);
  if (!file.empty()) text += fmt::format("import \"{}\"\n", file);
  options.bare = expr::BareExpressions::kNamedByText;
  expr::Module module = expr::Module::parse(text + made, "-e", options);
  for (const std::string& name : module.outputs()) {
    if (std::find(labels.begin(), labels.end(), name) == labels.end()) names.push_back(name);
  }
  if (names.empty()) {
    throw Error(Code::kInvalidArgument,
                "factors must be chosen by --factors, --file or -e, found none");
  }
  return {.module = std::move(module), .names = std::move(names), .labels = std::move(labels)};
}

}  // namespace tickwerk::factor
