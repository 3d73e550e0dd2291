#include "tests/fuzz/target.hpp"

#include <cstddef>
#include <cstdint>

// libFuzzer calls it by name.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    const void* const begin = bytes;
    libra::fuzz::try_input({static_cast<const char*>(begin), size});
    return 0;
}
