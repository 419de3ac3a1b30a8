# Flags every target is compiled with. The three floating-point flags are part of the contract: without
# contraction the vector clones of a kernel give the same bits; the other two change no value and let
# masked loops become vector code.
add_compile_options(
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Werror
  -ffp-contract=off -fno-trapping-math -fno-math-errno)

# Source paths in messages and profiles start at the clone, whether the compiler was handed an absolute path
# or, by ccache, one relative to the build folder.
file(RELATIVE_PATH source_from_build "${PROJECT_BINARY_DIR}" "${PROJECT_SOURCE_DIR}")
add_compile_options(
  "-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=" "-ffile-prefix-map=${source_from_build}=")

set(TICKWERK_SANITIZE "" CACHE STRING "Sanitizers to build with, for example address,undefined")
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
if(TICKWERK_SANITIZE)
  # Enough optimisation for the tests to end soon, enough debug information for lines in the reports.
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
  add_compile_options(
    -fsanitize=${TICKWERK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TICKWERK_SANITIZE})
else()
  set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g")
endif()

option(TICKWERK_FRAME_POINTERS "Keep frame pointers, for sampling profilers" OFF)
if(TICKWERK_FRAME_POINTERS)
  add_compile_options(-fno-omit-frame-pointer)
endif()

find_program(TICKWERK_MOLD mold)
if(TICKWERK_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
