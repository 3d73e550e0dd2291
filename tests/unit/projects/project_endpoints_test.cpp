#include "api-gateway/projects/project_endpoints.hpp"

#include "bench.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using testing::ProjectBench;

TEST_CASE_METHOD(ProjectBench, "every endpoint about projects needs a credential")
{
    ProjectEndpoints endpoints{parts(), log.log()};

    for (const Route& route : endpoints.routes()) {
        CAPTURE(route.method, route.path);
        CHECK(route.access == Access::credential);
        CHECK(route.runs == Runs::on_worker);
        CHECK(route.handler->handle({}).status == 401);
    }
}

TEST_CASE_METHOD(ProjectBench, "a token that may only read changes nothing about projects")
{
    admissions.principal = Principal{.user_id = "user-1", .scopes = {"read"}};
    ProjectEndpoints endpoints{parts(), log.log()};

    for (const Route& route : endpoints.routes()) {
        CAPTURE(route.method, route.path);
        const int status =
            route.handler->handle(to("/projects/p-1/domains/a.example", "{}")).status;
        CHECK(status == (route.method == "GET" ? 200 : 403));
    }
}

}  // namespace
}  // namespace libra
