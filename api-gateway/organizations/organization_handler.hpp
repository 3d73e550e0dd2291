#pragma once

#include "api-gateway/api/principal_handler.hpp"
#include "shared/base/random.hpp"
#include "shared/storage/organization_store.hpp"
#include "shared/wire/organization_answers.hpp"
#include "shared/wire/problem.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// @file What every endpoint about organisations does.

namespace libra {

class OrganizationHandler : public PrincipalHandler {
public:
    struct Parts {
        AdmissionStore& admissions;
        OrganizationStore& organizations;
        Clock& clock;
        Random& random;
    };

    /// What `parts` refers to must outlive it. `scope` as for PrincipalHandler.
    OrganizationHandler(const Parts& parts, std::string_view scope, Log log);

protected:
    struct Page {
        std::optional<std::string> after{};
        int limit{};
    };

    const Parts& parts() const { return parts_; }

    OrganizationStore& organizations() const { return parts_.organizations; }

    /// An operator of the platform acts in every organisation.
    static Requester requester_of(const HttpRequest& request, const Principal& caller);

    /// `limit` and `cursor`, an id; or the answer that refuses them.
    std::variant<Page, HttpResponse> read_page(const HttpRequest& request) const;

    /// The answer to every verdict but `done`.
    HttpResponse refused(OrganizationVerdict verdict) const;

    static OrganizationAnswer to_answer(const OrganizationRecord& organization);

private:
    Parts parts_;
};

/// An OrganizationHandler whose path is `/organizations/{orgId}` or goes on from there.
class OneOrganizationHandler : public OrganizationHandler {
public:
    using OrganizationHandler::OrganizationHandler;

protected:
    HttpResponse answer(const HttpRequest& request, const Principal& caller) final;

    virtual HttpResponse answer_for(
        const std::string& org_id,
        const HttpRequest& request,
        const Requester& requester
    ) = 0;
};

}  // namespace libra
