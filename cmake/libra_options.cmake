# Linked PRIVATE by every target of ours and by nothing of anyone else's.
add_library(libra_options INTERFACE)
target_compile_features(libra_options INTERFACE cxx_std_20)
target_compile_options(libra_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
    -Woverloaded-virtual
    # Under optimization GCC 12 sees null pointers in inlined Boost and libstdc++ code that our checks
    # exclude.
    $<$<CONFIG:Debug>:-Wnull-dereference>
    $<$<CXX_COMPILER_ID:GNU>:-Wlogical-op>
    $<$<BOOL:${LIBRA_WERROR}>:-Werror>
)
target_compile_definitions(libra_options INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
if(LIBRA_SANITIZE)  # "address,undefined" or "thread"
    target_compile_options(libra_options INTERFACE
        -fsanitize=${LIBRA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
        # RapidJSON adds to null pointers where a list is empty, which Clang sees and GCC does not.
        $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=pointer-overflow>)
    target_link_options(libra_options INTERFACE -fsanitize=${LIBRA_SANITIZE})
endif()
