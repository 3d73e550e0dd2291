#pragma once

#include "api-gateway/api/principal_handler.hpp"
#include "shared/storage/history_store.hpp"

#include <string>

/// @file What every endpoint of the history does: it shows a caller what is of its organisations.

namespace libra {

class HistoryHandler : public PrincipalHandler {
public:
    struct Parts {
        AdmissionStore& admissions;
        HistoryStore& history;
        Clock& clock;
    };

    /// What `parts` refers to must outlive it.
    HistoryHandler(const Parts& parts, Log log);

protected:
    HistoryStore& history() const { return history_; }

    /// A service token reads everywhere. The scope `admin` alone does not: members have that too.
    static Reader reader_of(const Principal& caller);

private:
    HistoryStore& history_;
};

/// A HistoryHandler whose path is `/deployments/{id}` or goes on from there.
class OneDeploymentHandler : public HistoryHandler {
public:
    using HistoryHandler::HistoryHandler;

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) final;

    virtual HttpResponse answer_for(
        const std::string& deployment_id,
        const HttpRequest& request,
        const Reader& reader
    ) = 0;
};

}  // namespace libra
