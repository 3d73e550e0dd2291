#include "shared/http/request_id.hpp"

namespace libra {

namespace {

constexpr std::size_t k_longest = 128;
constexpr std::string_view k_allowed{
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"};

}  // namespace

std::string choose_request_id(const HttpRequest& request, Random& random)
{
    const std::string_view brought = request.header("X-Request-Id").value_or("");
    const bool valid = !brought.empty() && brought.size() <= k_longest &&
                       brought.find_first_not_of(k_allowed) == std::string_view::npos;
    return valid ? std::string{brought} : new_id(random);
}

}  // namespace libra
