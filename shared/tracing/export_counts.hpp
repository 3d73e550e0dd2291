#pragma once

#include <cstdint>

namespace libra {

/// Spans since the start.
struct ExportCounts {
    std::uint64_t exported{};
    std::uint64_t dropped{};
};

}  // namespace libra
