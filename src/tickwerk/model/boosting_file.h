// Models of trees as files: XGBoost's portable format (`.ubj`, UBJSON), which Python's and every
// other XGBoost reads. Used by trainers and by everything that predicts with a model trained
// before. A file is checked before the library sees it, since the library trusts its numbers: a
// child that no tree has would make it read beyond its memory. Refuses what is not one number a
// row: several classes or targets, categories, boosters other than trees.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "tickwerk/model/boosting.h"

namespace tickwerk::model {

/// Writes or replaces the file, whole or not at all.
void save_boosting(const BoostingModel& model, const std::filesystem::path& path);

/// Throws kNotFound without the file, kCorruptData for a damaged one, kUnsupported for a model of
/// another kind or of a later major version, naming it.
std::unique_ptr<BoostingModel> load_boosting(const std::filesystem::path& path);

/// The same from the bytes of a file; `name` says in errors where they are from. Cost: about 40 ms
/// for 200 trees of depth 6.
std::unique_ptr<BoostingModel> parse_boosting(std::string_view bytes, std::string_view name);

}  // namespace tickwerk::model
