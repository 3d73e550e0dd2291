# libra_embed(TARGET NAME FILE): compiles FILE into TARGET as `std::string_view libra::embedded::NAME()`.
# The bytes are included by the assembler, so a multi-megabyte file costs no compile time.
function(libra_embed target name file)
    get_filename_component(path ${file} ABSOLUTE)
    set(source ${CMAKE_CURRENT_BINARY_DIR}/embed_${name}.cpp)
    file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[#include <string_view>

__asm__(
    ".section .rodata\n"
    "libra_embedded_@name@_begin: .incbin \"@path@\"\n"
    "libra_embedded_@name@_end: .byte 0\n"
    ".previous\n");

extern "C" const char libra_embedded_@name@_begin[];
extern "C" const char libra_embedded_@name@_end[];

namespace libra::embedded {

std::string_view @name@();

std::string_view @name@()
{
    return {libra_embedded_@name@_begin, libra_embedded_@name@_end};
}

}  // namespace libra::embedded
]])
    set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${path})
    target_sources(${target} PRIVATE ${source})
endfunction()
