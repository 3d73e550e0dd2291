#pragma once

#include "api-gateway/api/principal_handler.hpp"
#include "shared/storage/redrive_store.hpp"

#include <cstdint>

/// @file What every endpoint of /dlq does: it lets nobody through but administrators.

namespace libra {

class LetterHandler : public PrincipalHandler {
public:
    struct Parts {
        AdmissionStore& admissions;
        RedriveStore& letters;
        Clock& clock;
    };

    /// What `parts` refers to must outlive it.
    LetterHandler(const Parts& parts, Log log);

protected:
    RedriveStore& letters() const { return letters_; }

    /// The answer to an error of the store: 404 for `not_found`.
    HttpResponse failed(const Error& error_found, const HttpRequest& request) const;

private:
    RedriveStore& letters_;
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
