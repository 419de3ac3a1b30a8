// A text file that is part of the program: catalogue files and built-in strategies. Made by
// cmake/EmbedText.cmake, which defines `embedded_texts()` in the namespace of the folder that has
// them.
#pragma once

#include <string_view>

namespace tickwerk {

struct EmbeddedText {
  std::string_view name;  // of the file, without folder and extension
  std::string_view text;
};

}  // namespace tickwerk
