# The build stamp of the lab. Included, it adds the generated source to tickwerk_lab and a target that looks at
# the repository on every build; run as a script by that target, it writes the source when the stamp changed.
if(CMAKE_SCRIPT_MODE_FILE)
  include("${STAMP_VALUES}")
  set(stamp_git_commit unknown)
  set(stamp_git_state unknown)
  find_program(git git)
  if(git AND EXISTS "${STAMP_SOURCE}/.git")
    execute_process(COMMAND "${git}" -C "${STAMP_SOURCE}" rev-parse HEAD
      OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE no_commit)
    execute_process(
      COMMAND "${git}" --no-optional-locks -C "${STAMP_SOURCE}" status --porcelain --untracked-files=no
      OUTPUT_VARIABLE changes ERROR_QUIET RESULT_VARIABLE no_changes)
    if(no_commit EQUAL 0)
      set(stamp_git_commit "${commit}")
    endif()
    if(no_changes EQUAL 0 AND changes STREQUAL "")
      set(stamp_git_state clean)
    elseif(no_changes EQUAL 0)
      set(stamp_git_state dirty)
    endif()
  endif()
  configure_file("${CMAKE_CURRENT_LIST_DIR}/build_stamp.cpp.in" "${STAMP_OUTPUT}" @ONLY)
  return()
endif()

get_directory_property(stamp_options COMPILE_OPTIONS)
list(FILTER stamp_options EXCLUDE REGEX "prefix-map")
string(TOUPPER "${CMAKE_BUILD_TYPE}" stamp_type)
string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${stamp_type}}" stamp_flags)
string(JOIN " " stamp_flags ${stamp_flags} ${stamp_options})
set(stamp_version "${PROJECT_VERSION}")
set(stamp_compiler "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}")
set(stamp_build_type "${CMAKE_BUILD_TYPE}")
set(stamp_sanitizers "${TICKWERK_SANITIZE}")
set(stamp_libraries "arrow ${arrow_version}${Arrow_VERSION}; fmt ${fmt_VERSION}; nlohmann_json ${nlohmann_json_VERSION}; tbb ${TBB_VERSION}; yaml-cpp ${yaml-cpp_VERSION}; zlib ${ZLIB_VERSION_STRING}")

set(stamp_values "${CMAKE_CURRENT_BINARY_DIR}/build_stamp_values.cmake")
set(stamp_lines "")
foreach(name IN ITEMS version compiler flags build_type sanitizers libraries)
  string(REPLACE "\\" "\\\\" value "${stamp_${name}}")
  string(REPLACE "\"" "\\\\\"" value "${value}")
  string(APPEND stamp_lines "set(stamp_${name} [==[${value}]==])\n")
endforeach()
file(GENERATE OUTPUT "${stamp_values}" CONTENT "${stamp_lines}")

set(stamp_cpp "${CMAKE_CURRENT_BINARY_DIR}/build_stamp.cpp")
add_custom_target(build_stamp
  COMMAND "${CMAKE_COMMAND}" "-DSTAMP_SOURCE=${PROJECT_SOURCE_DIR}" "-DSTAMP_VALUES=${stamp_values}"
    "-DSTAMP_OUTPUT=${stamp_cpp}" -P "${CMAKE_CURRENT_LIST_FILE}"
  BYPRODUCTS "${stamp_cpp}"
  COMMENT "")
target_sources(tickwerk_lab PRIVATE "${stamp_cpp}")
add_dependencies(tickwerk_lab build_stamp)
