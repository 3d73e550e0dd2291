#pragma once

#include "api-gateway/api/errors.hpp"
#include "api-gateway/api/route.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/storage/admission_store.hpp"
#include "shared/storage/redrive_store.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// @file What every endpoint of /dlq does: it lets nobody through but administrators.

namespace libra {

class LetterHandler : public Handler {
public:
    struct Parts {
        AdmissionStore& admissions;
        RedriveStore& letters;
        Clock& clock;
    };

    /// What `parts` refers to must outlive it.
    LetterHandler(Parts parts, Log log);

    /// Answers 401 and 403 itself, to all but tokens with the scope `admin`.
    HttpResponse handle(const HttpRequest& request) final;

protected:
    virtual HttpResponse answer(const HttpRequest& request, const Principal& admin) = 0;

    RedriveStore& letters() const { return parts_.letters; }

    UtcTime now() const { return parts_.clock.utc_now(); }

    HttpResponse error(const ErrorKind& kind, std::string_view message = {}) const;

    /// The answer to an error of the store: 404 for `not_found`.
    HttpResponse failed(const Error& error_found, const HttpRequest& request) const;

private:
    Parts parts_;
    Log log_;
};

/// A LetterHandler whose path is `/dlq/{id}` or goes on from there.
class OneLetterHandler : public LetterHandler {
public:
    using LetterHandler::LetterHandler;

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& admin) final;

    virtual HttpResponse
    answer_for(std::int64_t id, const HttpRequest& request, const Principal& admin) = 0;
};

}  // namespace libra
