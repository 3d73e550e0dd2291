#include "shared/base/secrets.hpp"

#include "shared/base/text.hpp"

#include <algorithm>

namespace libra {

void Redactor::add(const Secret& secret)
{
    constexpr std::size_t k_shortest_bytes = 6;
    if (secret.reveal().size() < k_shortest_bytes) {
        return;
    }
    const std::scoped_lock lock{mutex_};
    values_.push_back(secret.reveal());
    std::sort(values_.begin(), values_.end(), [](const std::string& a, const std::string& b) {
        return a.size() > b.size();
    });
}

void Redactor::add_url_password(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) {
        return;
    }
    const std::string_view rest = url.substr(scheme + 3);
    const std::string_view authority = rest.substr(0, rest.find('/'));
    const std::size_t at = authority.rfind('@');
    const std::size_t colon = authority.find(':');
    if (at != std::string_view::npos && colon < at) {
        const std::string_view password = authority.substr(colon + 1, at - colon - 1);
        add(Secret{std::string{password}});
        add(Secret{percent_decoded(password).value_or("")});
    }
}

std::string Redactor::redact(std::string_view text) const
{
    constexpr std::string_view k_mark{"[redacted]"};
    std::string clean{text};
    const std::scoped_lock lock{mutex_};
    for (const std::string& value : values_) {
        std::size_t at = clean.find(value);
        while (at != std::string::npos) {
            clean.replace(at, value.size(), k_mark);
            at = clean.find(value, at + k_mark.size());
        }
    }
    return clean;
}

}  // namespace libra
