// The bytes of UTF-8 characters (Unicode 15, table 3-7), for text that is read, measured or shown.
// Knows no widths and no properties of characters.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace tickwerk {

/// Bytes of the character at `at`, or 0 when they are not UTF-8. Requires at < text.size().
std::size_t utf8_character_size(std::string_view text, std::size_t at = 0) noexcept;

/// Offset of the first byte that is not UTF-8; empty when all is.
std::optional<std::size_t> first_not_utf8(std::string_view text) noexcept;

/// Characters, not bytes, of UTF-8 text.
std::size_t num_utf8_characters(std::string_view text) noexcept;

/// Whether a byte of UTF-8 text begins a character.
inline bool begins_utf8_character(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
}

}  // namespace tickwerk
