#pragma once

#include "shared/http/message.hpp"

#include <string_view>
#include <vector>

/// @file What an endpoint is to the router.

namespace libra {

/// One endpoint's answer. Called from several threads at once.
class Handler {
public:
    virtual ~Handler() = default;

    /// May block only on a route that `Runs::on_worker`.
    virtual HttpResponse handle(const HttpRequest& request) = 0;
};

enum class Runs { at_once, on_worker };
enum class Access { open, credential };     // a JWT is one only on a route that `Runs::on_worker`
enum class Takes { nothing, json, bytes };  // `nothing`: a body that comes is not looked at

struct Route {
    std::string_view method{};  // GET answers HEAD too
    std::string_view path{};    // may have segments such as `{id}`; a literal one is preferred
    Runs runs{Runs::at_once};
    Access access{Access::open};
    Takes takes{Takes::nothing};
    Handler* handler{};
};

using Routes = std::vector<Route>;

}  // namespace libra
