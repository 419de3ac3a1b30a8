#include "tickwerk/factor/catalogue.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "tickwerk/base/embedded_text.h"
#include "tickwerk/base/error.h"
#include "tickwerk/base/hash.h"
#include "tickwerk/base/nearest.h"

namespace tickwerk::factor {

std::span<const EmbeddedText> embedded_texts();

namespace {

using Texts = std::map<std::string, std::string, std::less<>>;

const Texts& texts() {
  static const Texts kTexts = [] {
    Texts all;
    for (const EmbeddedText& embedded : embedded_texts()) {
      all.emplace(embedded.name, embedded.text);
    }
    return all;
  }();
  return kTexts;
}

expr::Module parsed(std::string_view set) {
  return expr::Module::parse(catalogue_text(set), fmt::format("{}.expr", set),
                             {.catalogue = find_catalogue_text, .folder = {}});
}

expr::LowerOptions lowering() {
  expr::LowerOptions options;
  options.fields = catalogue_fields();
  return options;
}

std::vector<std::string> fields_of(const expr::Graph& graph, expr::NodeId root) {
  std::set<std::string> found;
  std::vector<bool> reached(root + 1, false);
  reached[root] = true;
  for (expr::NodeId id = root + 1; id-- > 0;) {
    if (!reached[id]) continue;
    const expr::Node& node = graph[id];
    if (node.kind == expr::NodeKind::kField && !node.field.starts_with('$')) {
      found.insert(node.field);
    }
    for (const expr::NodeId input : node.inputs) reached[input] = true;
  }
  return {found.begin(), found.end()};
}

CatalogueEntry entry_of(std::string_view set,
                        const expr::Graph& graph,
                        expr::Definition definition) {
  const expr::Node& node = graph[definition.node];
  const std::string_view role = definition.role == expr::Role::kLabel ? "label " : "";
  CatalogueEntry entry;
  entry.set = set;
  entry.line = fmt::format("{}{} = {}", role, definition.name, definition.text);
  entry.reach = node.reach;
  entry.shape = node.shape;
  entry.fields = fields_of(graph, definition.node);
  entry.definition = std::move(definition);
  return entry;
}

}  // namespace

std::vector<std::string> catalogue_sets() {
  std::vector<std::string> names;
  for (const auto& [name, text] : texts()) names.push_back(name);
  return names;
}

const std::string* find_catalogue_text(std::string_view set) {
  const auto found = texts().find(set);
  return found == texts().end() ? nullptr : &found->second;
}

const std::string& catalogue_text(std::string_view set) {
  if (const std::string* text = find_catalogue_text(set)) return *text;
  throw Error(Code::kNotFound, fmt::format("a set of the catalogue must be one of {}: '{}'{}",
                                           fmt::join(catalogue_sets(), ", "), set,
                                           nearest_hint(set, catalogue_sets())));
}

std::string catalogue_set_of(std::string_view name) {
  for (const std::string& set : catalogue_sets()) {
    const std::vector<std::string> outputs = parsed(set).outputs();
    if (std::find(outputs.begin(), outputs.end(), name) != outputs.end()) return set;
  }
  return {};
}

expr::FieldTable catalogue_fields() {
  expr::FieldTable fields = expr::FieldTable::of_bars();
  fields.series.emplace("free_float", expr::Shape::kPanel);
  fields.groups.emplace("sector", "a group field");
  return fields;
}

std::vector<CatalogueEntry> catalogue_entries(std::string_view set) {
  expr::Graph graph;
  std::vector<CatalogueEntry> entries;
  for (expr::Definition& definition : expr::lower_all(parsed(set), lowering(), graph)) {
    entries.push_back(entry_of(set, graph, std::move(definition)));
  }
  return entries;
}

CatalogueEntry catalogue_entry(std::string_view name) {
  std::vector<std::string> names = catalogue_sets();
  for (const std::string& set : catalogue_sets()) {
    const expr::Module module = parsed(set);
    const std::vector<std::string> outputs = module.outputs();
    if (std::find(outputs.begin(), outputs.end(), name) == outputs.end()) {
      names.insert(names.end(), outputs.begin(), outputs.end());
      continue;
    }
    expr::Graph graph;
    const std::string wanted(name);
    return entry_of(set, graph,
                    expr::lower_named(module, std::span(&wanted, 1), lowering(), graph).front());
  }
  throw Error(Code::kNotFound,
              fmt::format("the catalogue must hold a definition of that name (`tickwerk factors "
                          "list` shows them): '{}'{}",
                          name, nearest_hint(name, names)));
}

std::string catalogue_hint(std::string_view name) {
  constexpr std::size_t kShortestGuess = 4;  // shorter names are near to too many
  if (find_catalogue_text(name) != nullptr) {
    return fmt::format("{} is a set of the catalogue: `import {}` is a line of its own", name,
                       name);
  }
  std::map<std::string, std::string, std::less<>> set_of;
  std::vector<std::string> names;
  for (const std::string& set : catalogue_sets()) {
    for (const std::string& defined : parsed(set).outputs()) {
      if (set_of.emplace(defined, set).second) names.push_back(defined);
    }
  }
  const auto found = set_of.find(name);
  if (found != set_of.end()) {
    return fmt::format("the catalogue has it in {}: write the line `import {}` above",
                       found->second, found->second);
  }
  const std::vector<std::string> near = nearest_names(name, names, 1);
  if (near.empty() || name.size() < kShortestGuess) return {};
  return fmt::format("the catalogue has {} in {}: `import {}`", near[0], set_of.at(near[0]),
                     set_of.at(near[0]));
}

std::string written_out(const CatalogueEntry& entry) {
  expr::Graph graph;
  const std::vector<expr::Definition> found =
      expr::lower_named(parsed(entry.set), std::span(&entry.definition.name, 1), lowering(), graph);
  return expr::to_string(graph, found.front().node);
}

std::string catalogue_fingerprint() {
  Hasher hasher;
  for (const auto& [name, text] : texts()) {
    hasher.update(name);
    hasher.update(text);
  }
  return hasher.hex();
}

std::string reach_text(const expr::Reach& reach) {
  const auto bars = [](std::int64_t offset) {
    return offset == 0 ? std::string("0") : fmt::format("{:+}", offset);
  };
  return fmt::format("[{}, {}]", reach.all_history ? "all" : bars(-reach.lookback),
                     bars(reach.lookahead));
}

}  // namespace tickwerk::factor
