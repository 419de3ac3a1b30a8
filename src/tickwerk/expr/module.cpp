#include "tickwerk/expr/module.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "tickwerk/base/nearest.h"
#include "tickwerk/expr/diagnostic.h"
#include "tickwerk/expr/lower.h"
#include "tickwerk/expr/names.h"
#include "tickwerk/expr/parser.h"
#include "tickwerk/io/mapped_file.h"

namespace tickwerk::expr {
namespace syntax {

Found File::find(std::string_view name, std::size_t tree) const {
  const auto entry = by_name.find(name);
  if (entry == by_name.end()) return {};
  const std::vector<const Declaration*>& all = entry->second;
  const auto own = std::find_if(all.begin(), all.end(),
                                [&](const Declaration* found) { return found->tree == tree; });
  if (own != all.end()) return {*own, nullptr};
  if (all.size() > 1) return {nullptr, all[1]};
  return {all.front(), nullptr};
}

}  // namespace syntax

namespace {

constexpr std::size_t kMaxImportDepth = 50;

/// Where a text comes from: what tells that two imports mean the same one.
struct Origin {
  std::string key;
  std::string shown;
  std::filesystem::path folder;
};

std::string key_of(const std::filesystem::path& file) {
  std::error_code ignored;
  const std::filesystem::path canonical = std::filesystem::weakly_canonical(file, ignored);
  return "file " + (ignored ? file : canonical).string();
}

class Loader {
 public:
  explicit Loader(const ParseOptions& options) : options_(options) {}

  std::shared_ptr<const syntax::File> load(std::string_view text, Origin origin) {
    file_->trees.emplace_back();
    done_.insert(origin.key);
    add(0, text, std::move(origin), options_.bare);
    return file_;
  }

 private:
  void add(std::size_t index, std::string_view text, Origin origin, BareExpressions bare) {
    file_->trees[index] = nullptr;
    std::unique_ptr<syntax::Tree> tree = parse_file(
        {origin.shown, std::string(text), index == 0 ? options_.written : nullptr}, bare);
    for (syntax::Declaration& declaration : tree->declarations) {
      declaration.tree = static_cast<std::uint32_t>(index);
    }
    const syntax::Tree& added = *tree;
    file_->trees[index] = std::move(tree);
    chain_.push_back(std::move(origin));
    for (const syntax::Import& line : added.imports) import(added, line);
    chain_.pop_back();
    for (const syntax::Declaration& declaration : added.declarations) declare(added, declaration);
  }

  void import(const syntax::Tree& from, const syntax::Import& line) {
    const auto fail = [&](Code code, std::string message, std::string hint) {
      throw error_at(from.source, line.span, {std::move(message), std::move(hint), code});
    };
    const std::string* text = nullptr;
    std::optional<io::MappedFile> file;
    Origin origin;
    if (line.kind == syntax::ImportKind::kCatalogue) {
      origin = {fmt::format("catalogue {}", line.name), std::string(line.name), {}};
      if (options_.catalogue) text = options_.catalogue(line.name);
      if (text == nullptr) {
        fail(
            Code::kNotFound, fmt::format("the catalogue has no set '{}'", line.name),
            fmt::format("a file is imported by its name in quotes: import \"{}.expr\"", line.name));
      }
    } else {
      if (chain_.back().key.starts_with("catalogue ")) {
        fail(Code::kInvalidArgument, "a catalogue set must import catalogue sets only", {});
      }
      const std::filesystem::path path = chain_.back().folder / std::string(line.name);
      origin = {key_of(path), path.string(), path.parent_path()};
    }
    const auto open = std::find_if(chain_.begin(), chain_.end(),
                                   [&](const Origin& outer) { return outer.key == origin.key; });
    if (open != chain_.end()) {
      std::vector<std::string> names;
      for (auto it = open; it != chain_.end(); ++it) names.push_back(it->shown);
      names.push_back(open->shown);
      fail(Code::kInvalidArgument,
           fmt::format("a file must not import itself: {}", fmt::join(names, " -> ")), {});
    }
    if (!done_.insert(origin.key).second) return;
    if (chain_.size() > kMaxImportDepth) {
      fail(Code::kInvalidArgument,
           fmt::format("imports must nest at most {} files deep", kMaxImportDepth), {});
    }
    if (text == nullptr) {
      try {
        file.emplace(origin.shown);
      } catch (const Error& error) {
        fail(error.code(), error.what(), "file names are relative to the file that imports them");
      }
    }
    file_->trees.emplace_back();
    add(file_->trees.size() - 1, text != nullptr ? std::string_view(*text) : file->bytes(),
        std::move(origin), BareExpressions::kRefused);
  }

  void declare(const syntax::Tree& tree, const syntax::Declaration& declaration) {
    const std::string_view name = declaration.name;
    if (declaration.named_by_text) {
      file_->declarations.push_back(&declaration);
      return;
    }
    if (const auto reserved = reserved_as(name)) {
      throw error_at(tree.source, declaration.name_span,
                     {fmt::format("a definition must not be called '{}', {}", name, *reserved),
                      fmt::format("call it my_{}", name)});
    }
    std::vector<const syntax::Declaration*>& same = file_->by_name[name];
    for (const syntax::Declaration* other : same) {
      if (name.starts_with('_') && other->tree != declaration.tree) continue;
      throw error_at(
          tree.source, declaration.name_span,
          {fmt::format("a name must be defined once: '{}' stands at {} already", quoted_text(name),
                       line_place(file_->trees[other->tree]->source, other->line)),
           {}});
    }
    same.push_back(&declaration);
    file_->declarations.push_back(&declaration);
  }

  const ParseOptions& options_;
  std::shared_ptr<syntax::File> file_ = std::make_shared<syntax::File>();
  std::vector<Origin> chain_;
  std::set<std::string> done_;
};

bool is_definition(const syntax::Declaration& declaration) {
  return declaration.kind == syntax::DeclarationKind::kFactor ||
         declaration.kind == syntax::DeclarationKind::kLabel;
}

bool is_param(const syntax::Declaration& declaration) {
  return declaration.kind == syntax::DeclarationKind::kParam;
}

}  // namespace

FieldTable FieldTable::of_bars() {
  FieldTable table;
  for (const char* name : {"open", "high", "low", "close", "volume"}) {
    table.series.emplace(name, Shape::kPanel);
  }
  return table;
}

Module Module::parse(std::string_view text, std::string_view name, const ParseOptions& options) {
  Module module;
  module.file_ = Loader(options).load(
      text, {key_of(options.folder / std::string(name)), std::string(name), options.folder});
  return module;
}

Module Module::load(const std::filesystem::path& file, const ParseOptions& options) {
  const io::MappedFile mapped(file);
  Module module;
  module.file_ =
      Loader(options).load(mapped.bytes(), {key_of(file), file.string(), file.parent_path()});
  return module;
}

std::vector<std::pair<std::string, double>> Module::params() const {
  return param_defaults(*file_);
}

std::vector<std::string> Module::param_names() const {
  std::vector<std::string> names;
  for (const syntax::Declaration* declaration : file_->declarations) {
    if (is_param(*declaration)) names.emplace_back(declaration->name);
  }
  return names;
}

std::vector<std::string> Module::derived_params() const {
  std::vector<std::string> names;
  for (const syntax::Declaration* declaration : file_->declarations) {
    if (!is_param(*declaration)) continue;
    const std::vector<syntax::Expr>& exprs = file_->trees[declaration->tree]->exprs;
    for (syntax::ExprId id = declaration->body.first; id <= declaration->body.root; ++id) {
      if (exprs[id].kind != syntax::ExprKind::kName) continue;
      names.emplace_back(declaration->name);
      break;
    }
  }
  return names;
}

std::vector<std::string> Module::outputs() const {
  std::vector<std::string> names;
  for (const syntax::Declaration& declaration : file_->trees.front()->declarations) {
    if (is_definition(declaration) && !declaration.name.starts_with('_')) {
      names.emplace_back(declaration.name);
    }
  }
  return names;
}

std::vector<std::string> Module::names() const {
  std::vector<std::string> names;
  for (const syntax::Declaration* declaration : file_->declarations) {
    if (is_definition(*declaration)) names.emplace_back(declaration->name);
  }
  return names;
}

std::vector<Definition> lower_all(const Module& module, const LowerOptions& options, Graph& graph) {
  const syntax::File& file = module.file();
  Lowering lowering(file, options, graph);
  for (const syntax::Declaration* declaration : file.declarations) {
    if (is_param(*declaration)) lowering.declared(*declaration);
  }
  std::vector<Definition> definitions;
  for (const syntax::Declaration& declaration : file.trees.front()->declarations) {
    if (!is_definition(declaration)) continue;
    if (declaration.name.starts_with('_')) {
      lowering.declared(declaration);  // an unused one must be right, too
    } else {
      definitions.push_back(lowering.definition(declaration));
    }
  }
  return definitions;
}

std::vector<Definition> lower_imported(const Module& module,
                                       const LowerOptions& options,
                                       Graph& graph) {
  const syntax::File& file = module.file();
  Lowering lowering(file, options, graph);
  for (const syntax::Declaration& declaration : file.trees.front()->declarations) {
    if (is_definition(declaration)) lowering.declared(declaration);
  }
  std::vector<Definition> definitions;
  for (const syntax::Declaration* declaration : file.declarations) {
    const bool is_shared = declaration->tree != 0 && is_definition(*declaration) &&
                           !declaration->name.starts_with('_');
    if (is_shared && lowering.has_lowered(*declaration)) {
      definitions.push_back(lowering.definition(*declaration));
    }
  }
  return definitions;
}

std::vector<Definition> lower_named(const Module& module,
                                    std::span<const std::string> names,
                                    const LowerOptions& options,
                                    Graph& graph) {
  const syntax::File& file = module.file();
  Lowering lowering(file, options, graph);
  std::vector<Definition> definitions;
  for (const std::string& name : names) {
    const syntax::Declaration* found = file.find(name, 0).declaration;
    for (const syntax::Declaration& own : file.trees.front()->declarations) {
      if (own.named_by_text && own.name == name) found = &own;
    }
    if (found == nullptr || !is_definition(*found)) {
      const std::vector<std::string> known = module.names();
      throw Error(
          Code::kInvalidArgument,
          fmt::format("a definition must stand in the text, found '{}'{} ({})", quoted_text(name),
                      nearest_hint(name, known), file.trees.front()->source.name));
    }
    definitions.push_back(lowering.definition(*found));
  }
  return definitions;
}

Definition lower_expression(const Module& module,
                            std::string_view text,
                            std::string_view name,
                            Role role,
                            const LowerOptions& options,
                            Graph& graph) {
  const ParsedExpression parsed =
      parse_expression({std::string(name), std::string(text)}, Dialect::kUser);
  Lowering lowering(module.file(), options, graph);
  return lowering.expression(*parsed.tree, parsed.body, parsed.text, name, role);
}

}  // namespace tickwerk::expr
