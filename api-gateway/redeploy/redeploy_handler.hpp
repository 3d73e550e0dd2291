#pragma once

#include "api-gateway/api/principal_handler.hpp"
#include "shared/base/random.hpp"
#include "shared/storage/redeploy_store.hpp"
#include "shared/tracing/span_sink.hpp"

#include <functional>
#include <optional>
#include <string>

/// @file What every endpoint does that makes a new deployment from an earlier one.

namespace libra {

class RedeployHandler : public PrincipalHandler {
public:
    struct Parts {
        AdmissionStore& admissions;
        RedeployStore& redeployments;
        Clock& clock;
        Random& random;
        std::function<void()> wake_relay;  // told after each accepted deployment; never blocks
        std::function<bool()> storage_full = [] { return false; };  // never blocks
        SpanSink& spans = no_spans();
    };

    /// What `parts` refers to must outlive it.
    RedeployHandler(Parts parts, Log log);

protected:
    /// What is to be made, for `accept` to complete.
    struct Wanted {
        DeploymentKind kind{DeploymentKind::retry};
        std::optional<std::string> source_id{};
        std::optional<std::string> project_id{};
    };

    /// Accepts it, or says why not; 202 as from POST /deploy. A service token may do so for every
    /// organisation.
    HttpResponse accept(const Wanted& wanted, const HttpRequest& request, const Principal& caller);

private:
    HttpResponse refused(const RedeployAnswer& answer, const Wanted& wanted) const;

    Parts parts_;
};

}  // namespace libra
