#include "shared/base/key_list.hpp"

#include "shared/base/base64.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace libra {

Result<std::vector<std::string>> parse_keys(const Secret& keys)
{
    constexpr std::size_t k_key_bytes = 32;
    std::vector<std::string> decoded;
    for (std::string_view rest = keys.reveal();;) {
        const std::size_t comma = rest.find(',');
        std::optional<std::string> key = from_base64(rest.substr(0, comma));
        if (!key || key->size() != k_key_bytes) {
            return Error{
                Errc::invalid_input, "must be 32 bytes in base64, or several such with commas"};
        }
        decoded.push_back(*std::move(key));
        if (comma == std::string_view::npos) {
            return decoded;
        }
        rest.remove_prefix(comma + 1);
    }
}

}  // namespace libra
