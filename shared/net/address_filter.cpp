#include "shared/net/address_filter.hpp"

#include <optional>
#include <stdexcept>

namespace libra {

namespace {

void fill(IpNetworks& networks, std::initializer_list<std::string_view> from)
{
    for (const std::string_view network : from) {
        if (const Result<void> added = networks.add(network); added.has_error()) {
            throw std::logic_error{added.error().detail};
        }
    }
}

}  // namespace

AddressFilter::AddressFilter()
{
    fill(special_, {"0.0.0.0/8",       "10.0.0.0/8",      "100.64.0.0/10",   "127.0.0.0/8",
                    "169.254.0.0/16",  "172.16.0.0/12",   "192.0.0.0/24",    "192.0.2.0/24",
                    "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",  "192.168.0.0/16",
                    "192.175.48.0/24", "198.18.0.0/15",   "198.51.100.0/24", "203.0.113.0/24",
                    "224.0.0.0/4",     "240.0.0.0/4",
                    "2001::/23",  // Teredo and other protocols
                    "2001:db8::/32",
                    "2002::/16",  // 6to4
                    "3fff::/20"});
    fill(global_v6_, {"2000::/3"});
}

bool AddressFilter::lets_through(std::string_view address) const
{
    const std::optional<IpAddress> parsed = IpAddress::parse(address);
    if (!parsed) {
        return false;
    }
    if (allowed_.contains(*parsed)) {
        return true;
    }
    return (parsed->is_v4() || global_v6_.contains(*parsed)) && !special_.contains(*parsed);
}

}  // namespace libra
