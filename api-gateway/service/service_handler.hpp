#pragma once

#include "api-gateway/api/route.hpp"
#include "shared/base/clock.hpp"

#include <string>

/// @file GET /.

namespace libra {

class ServiceHandler final : public Handler {
public:
    /// Lists `routes`, which may be filled until the first request. The references must outlive it.
    ServiceHandler(const Routes& routes, Clock& clock, std::string version);

    HttpResponse handle(const HttpRequest& request) override;

private:
    const Routes& routes_;
    Clock& clock_;
    std::string version_;
};

}  // namespace libra
