#include "npy.h"

#include <fmt/format.h>

#include <fstream>
#include <string>

namespace tickwerk::bench {

void write_npy(PanelView panel, const std::filesystem::path& file) {
  std::string header =
      fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}, {}), }}", panel.num_rows,
                  panel.num_symbols);
  constexpr std::size_t kPreamble = 10;
  header.append(64 - (kPreamble + header.size() + 1) % 64, ' ');
  header += '\n';
  const auto length = static_cast<std::uint16_t>(header.size());
  std::ofstream out(file, std::ios::binary);
  out.write("\x93NUMPY\x01\x00", 8);
  out.put(static_cast<char>(length & 0xff)).put(static_cast<char>(length >> 8));
  out << header;
  for (std::size_t t = 0; t < panel.num_rows; ++t) {
    out.write(reinterpret_cast<const char*>(panel.row(t)),
              static_cast<std::streamsize>(panel.num_symbols * sizeof(double)));
  }
  if (!out.flush()) throw Error(Code::kIo, fmt::format("cannot write {}", file.string()));
}

}  // namespace tickwerk::bench
