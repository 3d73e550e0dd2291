#include "api-gateway/deployments/idempotency_key.hpp"

#include <algorithm>
#include <cstddef>

namespace libra {

namespace {

constexpr std::string_view k_header{"Idempotency-Key"};
constexpr std::size_t k_longest = 255;

}  // namespace

IdempotencyKey read_idempotency_key(const HttpRequest& request)
{
    const std::optional<std::string_view> sent = request.header(k_header);
    if (!sent) {
        return {};
    }
    const bool visible =
        std::all_of(sent->begin(), sent->end(), [](char c) { return c > ' ' && c <= '~'; });
    const bool valid =
        visible && !sent->empty() && sent->size() <= k_longest && request.count(k_header) == 1;
    return {.key = std::string{*sent}, .valid = valid};
}

}  // namespace libra
