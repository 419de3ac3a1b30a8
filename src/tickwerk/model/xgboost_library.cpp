#include "tickwerk/model/xgboost_library.h"

#include <dlfcn.h>

#include <bit>
#include <cstdlib>
#include <new>
#include <vector>

namespace tickwerk::model::xgboost {
namespace {

constexpr int kMajor = 3;
constexpr int kLeastMinor = 2;

template <class Function>
void find(void* opened, const char* name, const std::filesystem::path& file, Function& function) {
  void* const address = ::dlsym(opened, name);
  if (address == nullptr) {
    throw Error(Code::kNotFound, fmt::format("XGBoost's library must have the function {}: found "
                                             "none in {}; `make setup` brings one that has",
                                             name, file.string()));
  }
  function = std::bit_cast<Function>(address);
}

void keep_silent(const char*) {}

/// What the library says, without the time and place in its source before it and the trace after.
std::string_view bare(std::string_view message) {
  message = message.substr(0, message.find("\nStack trace"));
  if (message.starts_with('[')) {
    const std::size_t end_of_place = message.find(": ");
    if (end_of_place != std::string_view::npos) message.remove_prefix(end_of_place + 2);
  }
  while (message.ends_with('\n') || message.ends_with(' ')) message.remove_suffix(1);
  return message;
}

/// Where `make install` puts it, and where the build found it.
std::vector<std::filesystem::path> places() {
  std::vector<std::filesystem::path> found;
  std::error_code failed;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (!failed) {
    found.push_back(
        (program.parent_path() / "../lib/tickwerk/xgboost/lib/libxgboost.so").lexically_normal());
  }
  found.emplace_back(TICKWERK_XGBOOST_LIBRARY);
  return found;
}

Library open_where_it_is() {
  std::string looked_at;
  for (const std::filesystem::path& place : places()) {
    std::error_code failed;
    if (std::filesystem::exists(place, failed)) return open_library(place);
    looked_at += looked_at.empty() ? place.string() : " nor " + place.string();
  }
  throw Error(Code::kNotFound,
              fmt::format("models of trees need XGBoost's library: found neither {}; `make setup` "
                          "brings it",
                          looked_at));
}

}  // namespace

Library open_library(const std::filesystem::path& file) {
  ::setenv("OMP_WAIT_POLICY", "passive", 0);
#ifdef __SANITIZE_THREAD__
  // libgomp is not instrumented, so that each of its loops looks like a race.
  ::setenv("OMP_THREAD_LIMIT", "1", 1);
#endif
  // Never closed: libgomp's threads outlive every call.
  void* const opened = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (opened == nullptr) {
    const char* const reason = ::dlerror();
    throw Error(Code::kNotFound, fmt::format("XGBoost's library must open: {}; `make setup` brings "
                                             "one that does",
                                             reason == nullptr ? file.string() : reason));
  }
  Library library{};
  find(opened, "XGBoostVersion", file, library.version);
  int major = 0;
  int minor = 0;
  int patch = 0;
  library.version(&major, &minor, &patch);
  if (major != kMajor || minor < kLeastMinor) {
    throw Error(Code::kNotFound,
                fmt::format("XGBoost must be version {}.{} or a later {}: found {}.{}.{} in {}; "
                            "`make setup` brings one that is",
                            kMajor, kLeastMinor, kMajor, major, minor, patch, file.string()));
  }
  find(opened, "XGBGetLastError", file, library.last_error);
  find(opened, "XGBRegisterLogCallback", file, library.register_log);
  find(opened, "XGProxyDMatrixCreate", file, library.create_proxy);
  find(opened, "XGProxyDMatrixSetDataColumnar", file, library.set_columns);
  find(opened, "XGDMatrixSetInfoFromInterface", file, library.set_info);
  find(opened, "XGQuantileDMatrixCreateFromCallback", file, library.create_quantile_matrix);
  find(opened, "XGDMatrixCreateFromColumnar", file, library.create_from_columns);
  find(opened, "XGDMatrixFree", file, library.free_matrix);
  find(opened, "XGBoosterCreate", file, library.create_booster);
  find(opened, "XGBoosterFree", file, library.free_booster);
  find(opened, "XGBoosterReset", file, library.reset);
  find(opened, "XGBoosterSetParam", file, library.set_parameter);
  find(opened, "XGBoosterUpdateOneIter", file, library.update);
  find(opened, "XGBoosterPredictFromColumnar", file, library.predict_columns);
  find(opened, "XGBoosterPredictFromDMatrix", file, library.predict_matrix);
  find(opened, "XGBoosterSetStrFeatureInfo", file, library.set_names);
  find(opened, "XGBoosterGetStrFeatureInfo", file, library.get_names);
  find(opened, "XGBoosterFeatureScore", file, library.scores);
  find(opened, "XGBoosterSaveModelToBuffer", file, library.save);
  find(opened, "XGBoosterLoadModelFromBuffer", file, library.load);
  library.register_log(&keep_silent);
  return library;
}

const Library& library() {
  static const Library opened = open_where_it_is();
  return opened;
}

void require(int status, Code code) {
  if (status == 0) return;
  const std::string_view said = library().last_error();
  for (const char* name : {"bad_alloc", "bad_malloc"}) {
    if (said.find(name) != std::string_view::npos) throw std::bad_alloc();
  }
  throw Error(code, fmt::format("XGBoost must do its part: {}", bare(said)));
}

std::string view_of(std::span<const double> values) {
  return fmt::format(R"({{"data":[{},true],"shape":[{}],"typestr":"<f8","version":3}})",
                     std::bit_cast<std::uintptr_t>(values.data()), values.size());
}

std::string view_of(PanelView features, std::size_t first, std::size_t last) {
  std::string views = "[";
  for (std::size_t feature = 0; feature < features.num_rows; ++feature) {
    if (feature > 0) views += ',';
    views += view_of(std::span(features.row(feature) + first, last - first));
  }
  return views += ']';
}

}  // namespace tickwerk::model::xgboost
