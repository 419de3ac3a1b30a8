#include <cmath>

#include "cli/factors.h"
#include "tickwerk/base/error.h"

namespace tickwerk::cli {
namespace {

constexpr std::size_t kLongestWrittenOut = 2000;  // bytes; a screen

std::string bars_of(std::int64_t count) {
  return fmt::format("{} bar{}", count, count == 1 ? "" : "s");
}

std::string reach_words(const expr::Reach& reach) {
  std::string words;
  if (reach.all_history) {
    words = "all bars before, ";
    words += std::isfinite(reach.half_life)
                 ? fmt::format("half of their weight within {:.4g} bars", reach.half_life)
                 : "none forgotten";
  } else if (reach.lookback > 0) {
    words = bars_of(reach.lookback) + " back";
  }
  if (reach.lookahead > 0) {
    words += fmt::format("{}{} ahead", words.empty() ? "" : ", ", bars_of(reach.lookahead));
  }
  if (words.empty()) words = "the bar itself";
  return words;
}

std::string text_of(const factor::CatalogueEntry& entry) {
  const expr::Definition& definition = entry.definition;
  std::string text = fmt::format(
      "{}\n\n"
      "{}\n\n"
      "set         {}\n"
      "role        {}\n"
      "value       {}\n"
      "reads       {}\n"
      "reach       {}  {}\n"
      "prices      {}\n",
      definition.description, entry.line, entry.set, role_word(definition.role),
      entry.shape == expr::Shape::kPanel ? "one a symbol and bar" : "one a day",
      fmt::join(entry.fields, ", "), factor::reach_text(entry.reach), reach_words(entry.reach),
      definition.depends_on_level
          ? "depends on their level, so that on adjusted bars it changes with later splits and "
            "dividends"
          : "does not depend on their level");
  const std::string expanded = factor::written_out(entry);
  // What holds a `$` uses operators that nobody can write.
  const bool can_be_written = expanded.find('$') == std::string::npos;
  if (expanded != definition.text && can_be_written && expanded.size() <= kLongestWrittenOut) {
    text += fmt::format("in full     {}\n", expanded);
  }
  return text;
}

int run(const Invocation& invocation) {
  const std::string& name = invocation.operands[0];
  const bool json = invocation.output.format() == Format::kJson;
  if (const std::string* set = factor::find_catalogue_text(name)) {
    invocation.output.result(json ? nlohmann::json{{"set", name}, {"text", *set}}.dump(2) : *set);
    return 0;
  }
  const factor::CatalogueEntry entry = factor::catalogue_entry(name);
  invocation.output.result(json ? entry_json(entry).dump(2) : text_of(entry));
  return 0;
}

}  // namespace

Command factors_show_command() {
  return {.name = "factors show",
          .summary = "a factor or label as it is written, or the whole file of a set",
          .operands = "NAME|SET",
          .min_operands = 1,
          .max_operands = 1,
          .details =
              "The file of a set is a valid file of the expression language: save it under "
              "another name, change it, and give it to --file.",
          .run = run};
}

}  // namespace tickwerk::cli
