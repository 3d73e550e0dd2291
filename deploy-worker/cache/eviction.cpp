#include "deploy-worker/cache/eviction.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace libra {

std::vector<KeptEntry>::iterator
next_to_go(std::vector<KeptEntry>& kept, const WantedRoom& wanted, std::uint64_t max_bytes)
{
    std::map<std::string, std::uint64_t> of_organization;
    if (wanted.bytes > 0) {
        of_organization[wanted.organization] = wanted.bytes;
    }
    std::uint64_t total = wanted.bytes;
    for (const KeptEntry& entry : kept) {
        of_organization[entry.organization] += entry.bytes;
        total += entry.bytes;
    }
    if (total <= max_bytes) {
        return kept.end();
    }
    const std::uint64_t share = max_bytes / std::max<std::size_t>(of_organization.size(), 1);
    const auto turn = [&](const KeptEntry& entry) {
        const bool within_share = of_organization[entry.organization] <= share;
        return std::tuple{entry.in_use, entry.readable, within_share, entry.used};
    };
    const auto next = std::min_element(
        kept.begin(),
        kept.end(),
        [&](const KeptEntry& one, const KeptEntry& other) { return turn(one) < turn(other); }
    );
    return next == kept.end() || next->in_use ? kept.end() : next;
}

}  // namespace libra
