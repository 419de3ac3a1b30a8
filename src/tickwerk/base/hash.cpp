#include "tickwerk/base/hash.h"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tickwerk {

struct Hasher::State {
  XXH3_state_t xxh;
};

Hasher::Hasher() : state_(std::make_unique<State>()) { XXH3_128bits_reset(&state_->xxh); }
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(const void* bytes, std::size_t size) {
  XXH3_128bits_update(&state_->xxh, bytes, size);
}

void Hasher::update(std::string_view text) {
  const std::uint64_t size = text.size();
  update(&size, sizeof size);
  update(text.data(), text.size());
}

std::string Hasher::hex() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(&state_->xxh);
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::uint64_t Hasher::low_64() const { return XXH3_128bits_digest(&state_->xxh).low64; }

}  // namespace tickwerk
