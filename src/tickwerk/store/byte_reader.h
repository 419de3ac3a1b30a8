// Numbers and texts in the binary files of the store: appended in the order of the machine, read
// back with every length checked. Used by prints and states; knows nothing of their meaning.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tickwerk/base/error.h"

namespace tickwerk::store {

template <class T>
void append(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

inline void append_text(std::string& bytes, std::string_view text) {
  append(bytes, std::uint64_t{text.size()});
  bytes.append(text);
}

template <class T>
void append_all(std::string& bytes, std::span<const T> values) {
  append(bytes, std::uint64_t{values.size()});
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

/// Throws kCorruptData where the bytes end too early.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  T value() {
    T result;
    std::memcpy(&result, take(sizeof result).data(), sizeof result);
    return result;
  }
  std::string text() { return std::string(take(value<std::uint64_t>())); }

  template <class T>
  std::vector<T> all() {
    const auto size = value<std::uint64_t>();
    if (size > rest_.size() / sizeof(T)) fail();
    const std::string_view bytes = take(size * sizeof(T));
    std::vector<T> values(size);
    if (size > 0) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  void expect(std::string_view magic) {
    if (rest_.size() < magic.size() || take(magic.size()) != magic) fail();
  }
  void expect_end() const {
    if (!rest_.empty()) fail();
  }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) fail();
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }
  [[noreturn]] static void fail() {
    throw Error(Code::kCorruptData,
                "a file of the store must be as it was written, found other bytes");
  }

  std::string_view rest_;
};

}  // namespace tickwerk::store
