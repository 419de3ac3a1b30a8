// libFuzzer target of what the factor store reads besides Parquet: metadata, prints and states. Any
// bytes are refused with an Error or become values that are written as they were read. Metadata are
// tried as they come and under a good checksum, which would else keep every mutation out.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tickwerk/base/error.h"
#include "tickwerk/store/metadata.h"
#include "tickwerk/store/prints.h"
#include "tickwerk/store/state_file.h"

namespace {

using namespace tickwerk;
using namespace tickwerk::store;

template <class Read>
void read(const Read& body) {
  try {
    body();
  } catch (const Error& error) {
    if (error.code() == Code::kCorruptData || error.code() == Code::kUnsupported) return;
    std::fprintf(stderr, "an error about the bytes: %s\n", error.what());
    std::abort();
  }
}

void must(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void read_metadata_text(std::string_view text) {
  read([&] {
    const std::string again = to_json(metadata_from_json(text, "fuzz"));
    must(to_json(metadata_from_json(again, "fuzz")) == again, "written out they are others");
  });
  read([&] { to_json(superseded_from_json(text, "fuzz")); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_metadata_text(bytes);
  read_metadata_text("{\n  \"checksum\": \"" + checksum_of(bytes) + "\",\n" + std::string(bytes));
  read([&] { must(to_bytes(prints_from_bytes(bytes)) == bytes, "prints are others"); });
  read([&] { to_bytes(state_from_bytes(bytes)); });
  return 0;
}
