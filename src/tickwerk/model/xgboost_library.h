// XGBoost's C interface, opened when it is first asked for: the library is 17 MB that no other
// command should pay for. Used by boosting_*.cpp only. The prototypes are ours and hold for the
// versions that are accepted: 3.2 and later of 3. It first sets OMP_WAIT_POLICY=passive, unless
// the caller set it: waiting threads of libgomp that spin cost several times the work itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "tickwerk/panel/panel.h"

namespace tickwerk::model::xgboost {

using Handle = void*;
using Length = std::uint64_t;

/// The functions by their names without `XGB`, `XGDMatrix` and `XGBooster`. All but `version`,
/// `last_error` and `register_log` give 0 when they did their work: see require().
struct Library {
  void (*version)(int* major, int* minor, int* patch);
  const char* (*last_error)();
  int (*register_log)(void (*callback)(const char*));

  int (*create_proxy)(Handle* out);
  int (*set_columns)(Handle proxy, const char* view);
  int (*set_info)(Handle matrix, const char* field, const char* view);
  int (*create_quantile_matrix)(Handle iterator,
                                Handle proxy,
                                Handle reference,
                                void (*reset)(Handle iterator),
                                int (*next)(Handle iterator),
                                const char* config,
                                Handle* out);
  int (*create_from_columns)(const char* view, const char* config, Handle* out);
  int (*free_matrix)(Handle matrix);

  int (*create_booster)(const Handle* matrices, Length size, Handle* out);
  int (*free_booster)(Handle booster);
  int (*reset)(Handle booster);
  int (*set_parameter)(Handle booster, const char* name, const char* value);
  int (*update)(Handle booster, int iteration, Handle matrix);
  int (*predict_columns)(Handle booster,
                         const char* view,
                         const char* config,
                         Handle proxy,
                         const Length** shape,
                         Length* dimensions,
                         const float** values);
  int (*predict_matrix)(Handle booster,
                        Handle matrix,
                        const char* config,
                        const Length** shape,
                        Length* dimensions,
                        const float** values);
  int (*set_names)(Handle booster, const char* field, const char** names, Length size);
  int (*get_names)(Handle booster, const char* field, Length* size, const char*** names);
  int (*scores)(Handle booster,
                const char* config,
                Length* num_features,
                const char*** features,
                Length* dimensions,
                const Length** shape,
                const float** values);
  int (*save)(Handle booster, const char* config, Length* size, const char** bytes);
  int (*load)(Handle booster, const void* bytes, Length size);
};

/// Opens it the first time. Throws kNotFound when it is neither where `make install` puts it beside
/// the program nor in the wheel that the build found, or is of another version.
const Library& library();

/// The same from one file: for tests.
Library open_library(const std::filesystem::path& file);

/// Throws what the library says failed, without its stack trace: std::bad_alloc when memory ran
/// out, else Error of `code`.
void require(int status, Code code = Code::kInternal);

struct FreeMatrix {
  void operator()(void* matrix) const noexcept { library().free_matrix(matrix); }
};
struct FreeBooster {
  void operator()(void* booster) const noexcept { library().free_booster(booster); }
};
using Matrix = std::unique_ptr<void, FreeMatrix>;
using Booster = std::unique_ptr<void, FreeBooster>;

/// The array-interface text of columns [first, last) of a [feature, row] matrix: a list of one
/// array a feature. Nothing is copied: the matrix must live as long as the text is used.
std::string view_of(PanelView features, std::size_t first, std::size_t last);
std::string view_of(std::span<const double> values);

}  // namespace tickwerk::model::xgboost
