#pragma once

#include <string>
#include <string_view>
#include <vector>

/// @file Which web pages may call the API from a browser.

namespace libra {

/// Immutable.
class CorsPolicy {
public:
    /// Pages of localhost and 127.0.0.1, over http or https, on any port.
    static CorsPolicy development();

    /// @param origins  such as `https://libra.dev`, or `https://*.libra.dev`, in which `*.` stands
    ///                 for one label or more and never for none.
    static CorsPolicy production(std::vector<std::string> origins);

    /// `origin` as the Origin header has it.
    bool allows(std::string_view origin) const;

private:
    std::vector<std::string> origins_;
    bool any_local_port_{false};
};

/// Whether `origin` is one that a CorsPolicy can hold: scheme and host, with a port perhaps, and no
/// path. For the check at start.
bool is_origin_pattern(std::string_view origin);

}  // namespace libra
