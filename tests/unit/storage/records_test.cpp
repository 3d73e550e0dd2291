#include "shared/storage/admission_store.hpp"
#include "shared/storage/deployment_reader.hpp"
#include "shared/storage/redrive_store.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("a scope includes those below it")
{
    CHECK(Principal{.scopes = {"admin"}}.has_scope("deploy"));
    CHECK(Principal{.scopes = {"read", "deploy"}}.has_scope("deploy"));
    CHECK_FALSE(Principal{.scopes = {"deploy"}}.has_scope("admin"));
    CHECK(Principal{.scopes = {"deploy"}}.has_scope("read"));
    CHECK_FALSE(Principal{.scopes = {"read"}}.has_scope("deploy"));
    CHECK_FALSE(Principal{.scopes = {"admin"}}.has_scope("typo"));
    CHECK_FALSE(Principal{}.has_scope("read"));
}

TEST_CASE("a record's progress is that of its steps")
{
    DeploymentRecord record{.status = DeploymentStatus::in_progress};
    record.steps[0].status = StepStatus::completed;
    record.steps[1].status = StepStatus::completed;
    record.steps[2].status = StepStatus::in_progress;

    CHECK(record.progress() == 33);
}

TEST_CASE("a dead letter's state comes back from its word")
{
    for (const LetterState state :
         {LetterState::open, LetterState::requeued, LetterState::discarded}) {
        CHECK(parse_letter_state(to_string(state)) == state);
    }
    CHECK(to_string(LetterState::open) == "open");
    CHECK_FALSE(parse_letter_state("all"));
    CHECK_FALSE(parse_letter_state("Open"));
}

}  // namespace
}  // namespace libra
