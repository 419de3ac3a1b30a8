// libFuzzer target of the front end of the expression language: any bytes are either refused with
// an Error about the text, or become a graph whose nodes, written out as text, are read as the same
// nodes again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tickwerk/base/error.h"
#include "tickwerk/expr/module.h"

namespace {

using namespace tickwerk;
using namespace tickwerk::expr;

const std::string kCatalogue =
    "param n = 5\n"
    "mom = close[-n] / close - 1\n"
    "_t = mom\n"
    "f(x, k=n) = ts_mean(x, k)\n"
    "label y = close[+n]\n";

ParseOptions parse_options() {
  ParseOptions options;
  options.catalogue = [](std::string_view name) { return name == "core" ? &kCatalogue : nullptr; };
  options.folder = "/nonexistent";
  return options;
}

LowerOptions lower_options() {
  LowerOptions options;
  options.fields.groups.emplace("sector", "sectors.csv");
  options.fields.events.emplace("earnings.eps", "earnings.csv");
  return options;
}

void must(bool holds, std::string_view what, std::string_view text) {
  if (holds) return;
  std::fprintf(stderr, "%.*s: %.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(text.size()), text.data());
  std::abort();
}

void read_back(Graph& graph, NodeId node) {
  constexpr std::size_t kMaxText = 10'000;
  const std::string text = to_string(graph, node);
  if (text.size() > kMaxText || text.find('$') != std::string::npos) return;
  try {
    const Module module = Module::parse("label x = " + text, "again", {});
    const NodeId again = lower_all(module, lower_options(), graph).front().node;
    must(again == node, "written out it is another node", text);
  } catch (const Error& error) {
    // Definitions may nest deeper together than one text may.
    must(std::string_view(error.what()).find("must nest at most") != std::string_view::npos,
         error.what(), text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const Module module = Module::parse(text, "fuzz.expr", parse_options());
    Graph graph;
    const auto definitions = lower_all(module, lower_options(), graph);
    for (std::size_t i = 0; i < std::min<std::size_t>(definitions.size(), 4); ++i) {
      read_back(graph, definitions[i].node);
    }
  } catch (const Error& error) {
    must(error.code() == Code::kInvalidArgument || error.code() == Code::kNotFound ||
             error.code() == Code::kIo,
         "an error about the text", error.what());
  }
  return 0;
}
