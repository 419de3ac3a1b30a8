// `year=2024.parquet`: links to the current versions, so that a reader who knows no metadata finds
// each year once and whole. Our own reads never follow them. Internal to `store`.
#pragma once

#include <filesystem>

#include "tickwerk/store/metadata.h"

namespace tickwerk::store {

/// Makes the links those of the metadata: others are replaced or removed. Each changes in one step.
/// Throws kIo.
void write_links(const std::filesystem::path& folder, const Metadata& metadata);

}  // namespace tickwerk::store
