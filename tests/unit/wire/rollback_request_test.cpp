#include "shared/wire/rollback_request.hpp"

#include <catch2/catch.hpp>

namespace libra::testing {

TEST_CASE("a rollback goes to the deployment it names, or to none in particular")
{
    const RollbackRequest named{.deployment_id = "d-1"};

    CHECK(std::get<RollbackRequest>(parse_rollback_request(R"({"deploymentId":"d-1"})")) == named);
    CHECK(std::get<RollbackRequest>(parse_rollback_request("{}")) == RollbackRequest{});
    CHECK(
        std::get<RollbackRequest>(parse_rollback_request(R"({"deploymentId":null})")) ==
        RollbackRequest{}
    );
}

TEST_CASE("a misspelt rollback is no rollback to the release before")
{
    CHECK(std::holds_alternative<Problems>(parse_rollback_request(R"({"deployment":"d-1"})")));
    CHECK(std::holds_alternative<Unreadable>(parse_rollback_request("")));
}

}  // namespace libra::testing
