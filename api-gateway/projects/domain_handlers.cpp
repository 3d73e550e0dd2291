#include "api-gateway/projects/domain_handlers.hpp"

#include "api-gateway/api/body_refused.hpp"
#include "api-gateway/api/json_response.hpp"
#include "api-gateway/projects/errors.hpp"
#include "shared/domain/rules.hpp"
#include "shared/wire/project_requests.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace libra {

namespace {

DomainAnswer domain_answer(const DomainRecord& domain)
{
    return {.hostname = domain.hostname, .created_at = domain.created_at};
}

}  // namespace

HttpResponse DomainListHandler::answer_for(
    const std::string& project_id,
    const HttpRequest& request,
    const Requester& requester
)
{
    const auto found = parts().domains.list(requester, project_id);
    if (!found) {
        return failed(found.error(), request, k_project_not_found);
    }
    std::vector<DomainAnswer> domains;
    for (const DomainRecord& domain : *found) {
        domains.push_back(domain_answer(domain));
    }
    return json_response(200, encode_domains(domains, now()));
}

HttpResponse DomainAddHandler::answer_for(
    const std::string& project_id,
    const HttpRequest& request,
    const Requester& requester
)
{
    const auto parsed = parse_new_domain(request.body, parts().sites.domain);
    if (const auto* const unreadable = std::get_if<Unreadable>(&parsed)) {
        return body_refused(*unreadable, now());
    }
    if (const auto* const problems = std::get_if<Problems>(&parsed)) {
        return body_refused(*problems, now());
    }
    const auto& wanted = std::get<NewDomainRequest>(parsed);
    const Result<DomainAddition> addition =
        parts().domains.add(requester, project_id, wanted.hostname);
    if (!addition) {
        return failed(addition.error(), request);
    }
    return outcome(*addition);
}

HttpResponse DomainAddHandler::outcome(const DomainAddition& addition) const
{
    switch (addition.verdict) {
    case AddVerdict::added:
        return json_response(201, encode_added_domain(domain_answer(addition.domain), now()));
    case AddVerdict::present:
        return json_response(200, encode_added_domain(domain_answer(addition.domain), now()));
    case AddVerdict::taken:
        return error(k_domain_taken);
    case AddVerdict::too_many:
        return error(k_too_many_domains);
    case AddVerdict::project_not_found:
        return error(k_project_not_found);
    case AddVerdict::role_not_sufficient:
        return error(k_role_not_sufficient);
    }
    throw std::logic_error{"no such verdict"};
}

HttpResponse DomainRemoveHandler::answer_for(
    const std::string& project_id,
    const HttpRequest& request,
    const Requester& requester
)
{
    const HostName host = check_custom_domain(request.segment(3), parts().sites.domain);
    if (!host.problem.empty()) {
        return error(
            k_invalid_hostname, fmt::format("The host name in the path {}.", host.problem)
        );
    }
    const Result<RemoveVerdict> verdict = parts().domains.remove(requester, project_id, host.ascii);
    if (!verdict) {
        return failed(verdict.error(), request);
    }
    return outcome(*verdict, host.ascii);
}

HttpResponse DomainRemoveHandler::outcome(RemoveVerdict verdict, const std::string& hostname) const
{
    switch (verdict) {
    case RemoveVerdict::removed:
        return json_response(
            200,
            encode_removed_domain(
                hostname, "The domain is removed; the site stops answering to it.", now()
            )
        );
    case RemoveVerdict::absent:
        return error(k_domain_not_found);
    case RemoveVerdict::project_not_found:
        return error(k_project_not_found);
    case RemoveVerdict::role_not_sufficient:
        return error(k_role_not_sufficient);
    }
    throw std::logic_error{"no such verdict"};
}

}  // namespace libra
