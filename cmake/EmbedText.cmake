# tickwerk_embed_text(NAME SUBFOLDER EXTENSION): the files SUBFOLDER/*.EXTENSION of src/tickwerk/NAME become part
# of its library, as `std::span<const EmbeddedText> tickwerk::NAME::embedded_texts()` (base/embedded_text.h), sorted
# by name. A text that changes is embedded again by the next build. Run with -P it writes the source file.
if(CMAKE_SCRIPT_MODE_FILE)
  set(rows "")
  foreach(path IN LISTS TEXTS)
    get_filename_component(name "${path}" NAME_WE)
    file(READ "${path}" text)
    string(FIND "${text}" ")TICKWERK\"" end_of_literal)
    if(NOT end_of_literal EQUAL -1)
      message(FATAL_ERROR "${path} must not hold the end of a raw string literal")
    endif()
    string(APPEND rows "    {\"${name}\", R\"TICKWERK(${text})TICKWERK\"},\n")
  endforeach()
  file(WRITE "${OUT}" "#include \"tickwerk/base/embedded_text.h\"

#include <array>
#include <span>

namespace tickwerk::${NAME} {

std::span<const EmbeddedText> embedded_texts() {
  static constexpr auto kTexts = std::to_array<EmbeddedText>({
${rows}  });
  return kTexts;
}

}  // namespace tickwerk::${NAME}
")
  return()
endif()

set(tickwerk_embed_text_script "${CMAKE_CURRENT_LIST_FILE}")

function(tickwerk_embed_text name subfolder extension)
  file(GLOB texts CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/${subfolder}/*.${extension}")
  list(SORT texts)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/${name}_texts.cpp")
  add_custom_command(
    OUTPUT "${source}"
    COMMAND "${CMAKE_COMMAND}" "-DNAME=${name}" "-DTEXTS=${texts}" "-DOUT=${source}"
            -P "${tickwerk_embed_text_script}"
    DEPENDS ${texts} "${tickwerk_embed_text_script}"
    VERBATIM)
  target_sources(tickwerk_${name} PRIVATE "${source}")
endfunction()
