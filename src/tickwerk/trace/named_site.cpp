#include "tickwerk/trace/named_site.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

namespace tickwerk::trace {
namespace {

struct OwnedSite {
  std::string name;
  std::string file;
  ZoneSite site{};
};

using Place = std::tuple<std::string_view, std::string_view, int>;

struct Sites {
  std::mutex mutex;
  std::map<Place, std::unique_ptr<OwnedSite>> all;  // keys point into the values
};

/// Never destroyed: call trees point here until the process ends.
Sites& sites() {
  static Sites* const only = new Sites;
  return *only;
}

}  // namespace

const ZoneSite& named_site(std::string_view name, std::string_view file, int line) {
  Sites& known = sites();
  const std::lock_guard lock(known.mutex);
  if (const auto found = known.all.find(Place{name, file, line}); found != known.all.end()) {
    return found->second->site;
  }
  auto owned = std::make_unique<OwnedSite>(OwnedSite{std::string(name), std::string(file)});
  owned->site = {owned->name.c_str(), owned->file.c_str(), line};
  const Place place{owned->name, owned->file, line};
  return known.all.emplace(place, std::move(owned)).first->second->site;
}

}  // namespace tickwerk::trace
