#pragma once

#include "shared/base/clock.hpp"

#include <chrono>
#include <string_view>
#include <vector>

/// @file What an attempt looked for among what earlier ones left, and whether it was there.

namespace libra {

struct Job;

enum class CacheName { site, dependencies, downloads, frameworks, tools };

std::string_view to_string(CacheName cache) noexcept;

struct CacheLookup {
    CacheName cache{};
    bool hit{};
    std::chrono::milliseconds saved{};  // what making it took; 0 where that is not known

    bool operator==(const CacheLookup&) const = default;
};

/// Of an attempt that began at `began`: what was made since was not there before.
std::vector<CacheLookup> cache_lookups(const Job& job, UtcTime began);

}  // namespace libra
