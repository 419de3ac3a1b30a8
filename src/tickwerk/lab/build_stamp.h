// What this program was built from and with. The values are written by build_stamp.cmake: compiler
// and libraries when the build is configured, the commit on every build; only the one generated
// file depends on them.
#pragma once

#include <string>

namespace tickwerk::lab {

struct BuildStamp {
  std::string version;     // of tickwerk
  std::string git_commit;  // 40 hexadecimal digits, or `unknown` where there is no repository
  std::string git_state;   // `clean`, `dirty` (files under version control differ) or `unknown`
  std::string compiler;
  std::string flags;
  std::string build_type;  // `Release`
  std::string sanitizers;  // empty = none
  std::string libraries;   // `arrow 26.0.0; fmt 9.1.0; ...`

  bool operator==(const BuildStamp&) const = default;
};

BuildStamp build_stamp();

}  // namespace tickwerk::lab
