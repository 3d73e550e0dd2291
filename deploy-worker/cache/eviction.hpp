#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// @file Whose cache entry goes first where there is no room for another.
///
/// Upstream: the store, which knows what is there. A pure function of that.

namespace libra {

struct KeptEntry {
    std::filesystem::path directory{};
    std::string organization{};  // empty: everybody's, which counts as one more
    std::uint64_t bytes{};
    std::int64_t used{};  // when last, in any unit
    bool readable{true};  // else it is of no use
    bool in_use{};        // stays
};

/// What is to come in.
struct WantedRoom {
    std::string organization{};
    std::uint64_t bytes{};
};

/// The entry to remove next, so that all that stay and what is wanted come within `max_bytes`; end
/// if they are, or if nothing can go.
///
/// That is the one not used for longest of the organisations that have more than their share, which
/// is the same for all that have anything. So who builds a lot drives out his own entries, and
/// those of others only as far as they have more than their share as well; or where his own do not
/// make enough room, because they are in use, or one entry is larger than a share.
std::vector<KeptEntry>::iterator
next_to_go(std::vector<KeptEntry>& kept, const WantedRoom& wanted, std::uint64_t max_bytes);

}  // namespace libra
