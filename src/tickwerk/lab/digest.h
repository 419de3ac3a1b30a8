// The digest of a job's outputs: equal digests mean the same files with the same bytes, whatever
// was measured meanwhile. Used by the runner on the files a job names; never sees logs, records or
// cached input.
#pragma once

#include <filesystem>
#include <span>
#include <string>

namespace tickwerk::lab {

/// XXH3-128 over the sorted names and the contents of `files`, which lie in `folder`; 32
/// hexadecimal digits. Throws kNotFound for a file that is not there, kIo.
std::string output_digest(const std::filesystem::path& folder,
                          std::span<const std::filesystem::path> files);

}  // namespace tickwerk::lab
