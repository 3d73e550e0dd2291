#pragma once

#include "shared/base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// @file What is written down of a cache's entry.

namespace libra {

struct EntryFacts {
    std::uint64_t bytes{};         // on the disk
    std::uint64_t content_size{};  // of an image: the file's size; 0 for a directory
    UtcTime made{};
    std::chrono::milliseconds cost{};
    std::string boot{};  // of the host, when it was made

    bool operator==(const EntryFacts&) const = default;
};

std::string encode_entry(const EntryFacts& facts);

/// Nothing if it is not what `encode_entry` writes.
std::optional<EntryFacts> decode_entry(std::string_view text);

}  // namespace libra
