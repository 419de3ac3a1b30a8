#include "cli/expressions.h"

#include <charconv>

#include "cli/run_flags.h"
#include "tickwerk/base/error.h"
#include "tickwerk/factor/catalogue.h"
#include "tickwerk/job/prepare.h"

namespace tickwerk::cli {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  return fmt::format("{}", fmt::join(lines, "\n"));
}

/// The definitions of -e with those of the file in reach, which come last so that -e keeps its line
/// numbers in messages.
expr::Module with_import(const std::vector<std::string>& lines,
                         const std::string& file,
                         const expr::ParseOptions& options) {
  if (file.find_first_of("\"\n") != std::string::npos) {
    throw Error(Code::kInvalidArgument,
                fmt::format("a file beside -e must have no quote in its name, found {}", file));
  }
  const std::string text = fmt::format("{}\nimport \"{}\"\n", joined(lines), file);
  return expr::Module::parse(text, "-e", options);
}

}  // namespace

FlagGroup expression_flags() {
  FlagGroup group{.title = "Expressions", .flags = {}};
  group.flags.push_back({.key = "expr",
                         .letter = "e",
                         .kind = Kind::kTexts,
                         .placeholder = "LINE",
                         .text = "a line of the language, such as `x = ema(close, 20) / close - 1` "
                                 "or `label y = close[+5] / close - 1`; may be given again"});
  group.flags.push_back({.key = "file",
                         .placeholder = "FILE",
                         .text = "a file of such lines; -e may use what it defines"});
  group.flags.push_back({.key = "param",
                         .kind = Kind::kPairs,
                         .placeholder = "NAME=NUMBER",
                         .text = "another value for a `param` of the expressions; may be given "
                                 "again"});
  return group;
}

Expressions read_expressions(const Settings& settings, const std::string& file) {
  const std::vector<std::string> lines = settings.texts("expr");
  expr::ParseOptions options{.catalogue = factor::find_catalogue_text,
                             .folder = std::filesystem::current_path(),
                             .bare = expr::BareExpressions::kNamedByText};
  if (lines.empty() && file.empty()) {
    throw Error(Code::kInvalidArgument, "expressions must be given by -e or as a file, found none");
  }
  const auto parsed = [&] {
    if (!file.empty()) {
      options.bare = expr::BareExpressions::kRefused;
      return expr::Module::load(file, options);
    }
    return expr::Module::parse(joined(lines), "-e", options);
  };
  Expressions expressions{.module = parsed(), .names = {}, .params = {}};
  expressions.names = expressions.module.outputs();
  if (!lines.empty() && !file.empty()) {
    options.bare = expr::BareExpressions::kNamedByText;
    expressions.module = with_import(lines, file, options);
    const std::vector<std::string> more = expressions.module.outputs();
    expressions.names.insert(expressions.names.end(), more.begin(), more.end());
  }
  if (expressions.names.empty()) {
    throw Error(Code::kInvalidArgument,
                fmt::format("expressions must define a name that does not begin with '_', found "
                            "none in {}",
                            file.empty() ? "-e" : file));
  }
  expressions.params = params_of(settings);
  return expressions;
}

std::map<std::string, double, std::less<>> params_of(const Settings& settings) {
  std::map<std::string, double, std::less<>> params;
  for (const auto& [name, value] : settings.pairs("param")) {
    std::from_chars(value.data(), value.data() + value.size(), params[name]);
  }
  return params;
}

ExpressionData load_data(const Invocation& invocation) {
  ExpressionData data;
  job::RunConfig& config = data.config;
  config = bars_config(invocation.settings);
  job::prepare_run(config);
  data.loaded = market::load(config.load);
  for (const std::string& note : data.loaded.notes) invocation.output.note(note);
  data.beside = factor::load_sources(config.sources, data.loaded.bars);
  for (const std::string& note : data.beside.notes) invocation.output.note(note);
  say_warnings(invocation, data.beside.warnings);
  return data;
}

void say_warnings(const Invocation& invocation, const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) invocation.output.warning(warning);
}

std::vector<FlagGroup> expression_groups() {
  return {expression_flags(), bars_flags(), source_flags()};
}

std::vector<Command> expression_commands() {
  std::vector<Command> commands;
  commands.push_back(expr_eval_command());
  commands.push_back(expr_plan_command());
  commands.push_back(expr_ops_command());
  commands.push_back(check_command());
  return commands;
}

}  // namespace tickwerk::cli
