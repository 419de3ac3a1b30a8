#include "tickwerk/lab/digest.h"

#include <algorithm>
#include <fstream>
#include <vector>

#include "tickwerk/base/error.h"
#include "tickwerk/base/hash.h"

namespace tickwerk::lab {

std::string output_digest(const std::filesystem::path& folder,
                          std::span<const std::filesystem::path> files) {
  std::vector<std::filesystem::path> sorted(files.begin(), files.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto& left, const auto& right) {
    return left.generic_string() < right.generic_string();
  });
  Hasher all;
  std::vector<char> block(1 << 20);
  for (const auto& file : sorted) {
    std::ifstream in(folder / file, std::ios::binary);
    if (!in) {
      throw Error(Code::kNotFound, fmt::format("every output a job names must exist, not found: {}",
                                               (folder / file).string()));
    }
    Hasher content;
    while (in) {
      in.read(block.data(), static_cast<std::streamsize>(block.size()));
      content.update(block.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (in.bad()) {
      throw Error(Code::kIo,
                  fmt::format("an output must be readable: {}", (folder / file).string()));
    }
    all.update(std::string_view(file.generic_string()));
    all.update(std::string_view(content.hex()));
  }
  return all.hex();
}

}  // namespace tickwerk::lab
