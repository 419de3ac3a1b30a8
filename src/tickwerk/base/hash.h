// 128-bit content hashes (XXH3) for fingerprints of data and digests of outputs; same on every
// machine of one byte order. Not for secrets. Used by `io` (files), `market` (fingerprint of bars)
// and `lab`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace tickwerk {

/// Collects bytes in order; `hex()` gives 32 lower-case hexadecimal digits of all bytes so far.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void update(const void* bytes, std::size_t size);
  /// The text and its length, so that ("ab", "c") differs from ("a", "bc").
  void update(std::string_view text);
  void update(std::span<const double> values) { update(values.data(), values.size_bytes()); }

  std::string hex() const;
  /// The low half of the same 128 bits: for tables of many hashes.
  std::uint64_t low_64() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tickwerk
