#pragma once

#include "api-gateway/api/errors.hpp"
#include "api-gateway/api/route.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/base/result.hpp"
#include "shared/storage/admission_store.hpp"

#include <string_view>

/// @file What every endpoint does that needs to know who asks.

namespace libra {

class PrincipalHandler : public Handler {
public:
    struct Parts {
        AdmissionStore& admissions;
        Clock& clock;
    };

    /// What `parts` refers to must outlive it. Lets nobody through without `scope`, a literal.
    PrincipalHandler(Parts parts, std::string_view scope, Log log);

    /// Answers 401 and 403 itself.
    HttpResponse handle(const HttpRequest& request) final;

protected:
    virtual HttpResponse answer(const HttpRequest& request, const Principal& caller) = 0;

    UtcTime now() const { return parts_.clock.utc_now(); }

    const Log& log() const { return log_; }

    HttpResponse error(const ErrorKind& kind, std::string_view message = {}) const;

    /// The answer to an error of a store; `missing` is the one to `not_found`.
    HttpResponse failed(
        const Error& error_found,
        const HttpRequest& request,
        const ErrorKind& missing = k_not_found
    ) const;

private:
    Parts parts_;
    std::string_view scope_;
    Log log_;
};

}  // namespace libra
