// What this program was built from and with. The values are written by build_stamp.cmake: compiler
// and libraries when the build is configured, the commit on every build; only the one generated
// file depends on them.
#pragma once

#include <string_view>

namespace tickwerk::lab {

struct BuildStamp {
  std::string_view version;     // of tickwerk
  std::string_view git_commit;  // 40 hexadecimal digits, or `unknown` where there is no repository
  std::string_view git_state;  // `clean`, `dirty` (files under version control differ) or `unknown`
  std::string_view compiler;
  std::string_view flags;
  std::string_view build_type;  // `Release`
  std::string_view sanitizers;  // empty = none
  std::string_view libraries;   // `arrow 26.0.0; fmt 9.1.0; ...`
};

BuildStamp build_stamp() noexcept;

}  // namespace tickwerk::lab
