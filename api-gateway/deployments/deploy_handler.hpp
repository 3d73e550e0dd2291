#pragma once

#include "api-gateway/api/errors.hpp"
#include "api-gateway/api/route.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/base/random.hpp"
#include "shared/objects/object_store.hpp"
#include "shared/storage/admission_store.hpp"
#include "shared/tracing/span_sink.hpp"
#include "shared/wire/deploy_request.hpp"

#include <functional>

/// @file POST /deploy.

namespace libra {

/// A good request without large contents costs one round trip to the database. Nothing is stored
/// for a caller who is unknown.
class DeployHandler final : public Handler {
public:
    struct Parts {
        AdmissionStore& admissions;
        ObjectStore& objects;
        Clock& clock;
        Random& random;
        std::function<void()> wake_relay;  // told after each accepted deployment; never blocks
        RequestLimits limits{};
        std::function<bool()> storage_full = [] { return false; };  // never blocks
        SpanSink& spans = no_spans();
    };

    /// What `parts` refers to must outlive it.
    DeployHandler(Parts parts, Log log);

    HttpResponse handle(const HttpRequest& request) override;

private:
    HttpResponse refuse_body(const ParsedRequest& parsed);
    HttpResponse admit(
        const Credential& credential,
        const NewDeployment& deployment,
        const DeploymentParams& params,
        const HttpRequest& request
    );
    HttpResponse refuse(const Admission& admission);
    HttpResponse accept(const Admission& admission, const NewDeployment& deployment);
    HttpResponse error(const ErrorKind& kind, std::string_view message = {});
    HttpResponse failed(const Error& error_found, const HttpRequest& request);

    Parts parts_;
    Log log_;
};

}  // namespace libra
