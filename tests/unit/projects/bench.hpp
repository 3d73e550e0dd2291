#pragma once

#include "api-gateway/projects/project_handler.hpp"
#include "shared/base/base64.hpp"
#include "tests/support/fake_admission_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_domain_registry.hpp"
#include "tests/support/fake_project_registry.hpp"
#include "tests/support/fake_random.hpp"
#include "tests/support/fake_variable_registry.hpp"
#include "tests/support/recording_log.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace libra::testing {

/// What the handlers of /projects are made of, and requests to them.
struct ProjectBench {
    ProjectBench() { admissions.principal = Principal{.user_id = "user-1", .scopes = {"deploy"}}; }

    ProjectHandler::Parts parts()
    {
        return {
            .admissions = admissions,
            .projects = projects,
            .domains = domains,
            .variables = variables,
            .clock = clock,
            .random = random,
            .sites = {.domain = "sites.example", .port = 80},
            .secrets = secrets ? &*secrets : nullptr};
    }

    static HttpRequest to(std::string path, std::string_view body = {})
    {
        HttpRequest request;
        request.path = std::move(path);
        request.headers = {{"Authorization", "Bearer tok-1"}};
        request.body = body;
        request.request_id = "req-1";
        return request;
    }

    /// Of a handler that lets everybody through who may do what it does.
    template <class Handler>
    HttpResponse ask(std::string_view scope, const HttpRequest& request)
    {
        return Handler{parts(), scope, log.log()}.handle(request);
    }

    FakeAdmissionStore admissions;
    FakeProjectRegistry projects;
    FakeDomainRegistry domains;
    FakeVariableRegistry variables;
    std::optional<SecretBox> secrets{
        SecretBox::from_keys(Secret{to_base64(std::string(32, 'k'))}).value()};
    FakeClock clock;
    FakeRandom random;
    RecordingLog log;
};

}  // namespace libra::testing
