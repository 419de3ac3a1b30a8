# Flags every target is compiled with. The three floating-point flags are part of the contract: without
# contraction the vector clones of a kernel give the same bits; the other two change no value and let
# masked loops become vector code.
add_compile_options(
  -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Werror
  -ffp-contract=off -fno-trapping-math -fno-math-errno
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g")

set(TICKWERK_SANITIZE "" CACHE STRING "Sanitizers to build with, for example address,undefined")
if(TICKWERK_SANITIZE)
  add_compile_options(-fsanitize=${TICKWERK_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TICKWERK_SANITIZE})
endif()

option(TICKWERK_FRAME_POINTERS "Keep frame pointers, for sampling profilers" OFF)
if(TICKWERK_FRAME_POINTERS)
  add_compile_options(-fno-omit-frame-pointer)
endif()

find_program(TICKWERK_MOLD mold)
if(TICKWERK_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
