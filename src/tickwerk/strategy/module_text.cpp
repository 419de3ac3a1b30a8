#include "tickwerk/strategy/module_text.h"

namespace tickwerk::strategy {

using expr::syntax::Origin;
using expr::syntax::Span;

void ModuleText::add(const Body& body) {
  const auto begin = static_cast<std::uint32_t>(text_.size());
  text_ += body.text;
  for (const Origin& origin : body.origins) {
    origins_.push_back({{begin + origin.part.begin, begin + origin.part.end}, origin.written});
  }
}

void ModuleText::add(std::string_view words, Span written) {
  const auto begin = static_cast<std::uint32_t>(text_.size());
  text_ += words;
  origins_.push_back({{begin, static_cast<std::uint32_t>(text_.size())}, written});
}

std::shared_ptr<const expr::syntax::Written> ModuleText::written(std::string file) const {
  return std::make_shared<expr::syntax::Written>(std::move(file), origins_);
}

}  // namespace tickwerk::strategy
