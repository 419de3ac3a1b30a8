#include "tickwerk/report/csv_writer.h"

#include <algorithm>
#include <vector>

#include "tickwerk/base/parallel.h"
#include "tickwerk/io/atomic_file.h"

namespace tickwerk::report {
namespace {

constexpr std::size_t kRowsAChunk = 2048;
constexpr std::size_t kChunksAThread = 4;

}  // namespace

void write_csv(const std::filesystem::path& path,
               std::string_view header,
               std::size_t num_rows,
               const std::function<void(std::string& text, std::size_t first, std::size_t last)>&
                   append_rows) {
  io::AtomicFile file(path);
  file.write(header);
  std::vector<std::string> chunks(kChunksAThread * static_cast<std::size_t>(num_threads()));
  const std::size_t rows_a_wave = kRowsAChunk * chunks.size();
  for (std::size_t begin = 0; begin < num_rows; begin += rows_a_wave) {
    const std::size_t size = std::min(rows_a_wave, num_rows - begin);
    parallel_for(size, kRowsAChunk, [&](std::size_t first, std::size_t last) {
      std::string& text = chunks[first / kRowsAChunk];
      text.clear();
      append_rows(text, begin + first, begin + last);
    });
    for (std::size_t chunk = 0; chunk * kRowsAChunk < size; ++chunk) file.write(chunks[chunk]);
  }
  file.commit();
}

}  // namespace tickwerk::report
