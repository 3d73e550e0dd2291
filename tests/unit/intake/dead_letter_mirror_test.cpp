#include "deploy-worker/intake/dead_letter_mirror.hpp"

#include "tests/support/fake_dead_letter_store.hpp"
#include "tests/support/recording_log.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

const std::string k_readable{
    R"({"deploymentId":"d1","params":{"projectId":"p","orgId":"o","userId":"u"},)"
    R"("metadata":{"timestamp":"2026-01-01T00:00:00.000Z","retryCount":0,"priority":0}})"};

/// Messages in memory.
class MemoryDeadLetterQueue final : public DeadLetterQueue {
public:
    std::vector<DeadMessage> messages{};
    Result<void> away{};
    bool whole{true};  // of the visits' answer
    int visits{0};

    Result<std::int64_t> depth() override
    {
        if (away.has_error()) {
            return away.error();
        }
        return static_cast<std::int64_t>(messages.size());
    }

    Result<bool> visit(const Keeps& keeps, const std::stop_token&) override
    {
        ++visits;
        std::vector<DeadMessage> kept;
        while (!messages.empty()) {
            const Result<bool> keep = keeps(messages.front());
            if (keep.has_error()) {
                messages.insert(messages.begin(), kept.begin(), kept.end());
                return keep.error();
            }
            if (*keep) {
                kept.push_back(messages.front());
            }
            messages.erase(messages.begin());
        }
        messages = std::move(kept);
        return whole;
    }
};

DeadMessage copy_of_letter(const std::string& id)
{
    return {.headers = {{k_letter_header, id}}, .body = testing::FakeDeadLetterStore::k_message};
}

struct Fixture {
    testing::FakeDeadLetterStore store;
    MemoryDeadLetterQueue queue;
    testing::RecordingLog log;
    DeadLetterMirror mirror{store, queue, log.log()};
};

TEST_CASE("a queue that holds as many messages as it should is left alone")
{
    Fixture fixture;
    fixture.queue.messages = {copy_of_letter("1")};
    fixture.store.copies = 1;

    fixture.mirror.pass({});

    CHECK(fixture.queue.visits == 0);
}

TEST_CASE("a queue whose number is right by chance is looked through all the same, if later")
{
    Fixture fixture;
    fixture.queue.messages = {{.body = "no json"}};
    fixture.store.copies = 1;

    for (int pass = 1; pass < k_routine_look; ++pass) {
        fixture.mirror.pass({});
    }
    CHECK(fixture.queue.visits == 0);
    fixture.mirror.pass({});

    CHECK(fixture.queue.visits == 1);
    CHECK(fixture.store.buried.size() == 1);
}

TEST_CASE("copies of open letters stay, those of resolved ones and second copies go")
{
    Fixture fixture;
    fixture.store.letters = {{1, LetterCopy::wanted}, {2, LetterCopy::resolved}};
    fixture.store.copies = 1;
    fixture.queue.messages = {copy_of_letter("1"), copy_of_letter("2"), copy_of_letter("1")};

    fixture.mirror.pass({});

    REQUIRE(fixture.queue.messages.size() == 1);
    CHECK(fixture.queue.messages[0].headers.at(k_letter_header) == "1");
    CHECK(fixture.store.buried.empty());
}

TEST_CASE("what the broker or somebody else put into the queue becomes a letter")
{
    Fixture fixture;
    std::string expected;
    SECTION("the broker gave up on a deployment's message")
    {
        fixture.queue.messages = {
            {.headers =
                 {{"x-first-death-reason", "delivery_limit"},
                  {"x-first-death-queue", "deployment-queue"}},
             .body = k_readable}};
        expected =
            "d1: The broker gave up on it: it was delivered too often without being settled.";
    }
    SECTION("the broker moved a message for another reason")
    {
        fixture.queue.messages = {
            {.headers =
                 {{"x-first-death-reason", "expired"}, {"x-first-death-queue", "deployment-queue"}},
             .body = "{}"}};
        expected = "-: The broker moved it from 'deployment-queue': expired.";
    }
    SECTION("somebody put a message there by hand")
    {
        fixture.queue.messages = {{.body = "no json"}};
        expected = "-: It was put into the dead letter queue by somebody else.";
    }
    SECTION("its number is of no letter")
    {
        fixture.queue.messages = {copy_of_letter("77")};
        expected = "-: It was put into the dead letter queue by somebody else.";
    }
    SECTION("its number is of a letter with another message")
    {
        fixture.store.letters = {{1, LetterCopy::resolved}};
        fixture.queue.messages = {{.headers = {{k_letter_header, "1"}}, .body = "edited"}};
        expected = "-: It was put into the dead letter queue by somebody else.";
    }
    SECTION("its number is none")
    {
        fixture.queue.messages = {copy_of_letter("1; drop table")};
        expected = "-: It was put into the dead letter queue by somebody else.";
    }

    fixture.mirror.pass({});

    CHECK(fixture.store.buried == std::vector<std::string>{expected});
    CHECK(fixture.queue.messages.empty());
}

TEST_CASE("a message stays in the queue until the database has it")
{
    Fixture fixture;
    fixture.queue.messages = {{.body = "no json"}};
    fixture.store.errors = {Errc::unavailable};

    fixture.mirror.pass({});
    CHECK(fixture.queue.messages.size() == 1);

    fixture.mirror.pass({});
    CHECK(fixture.queue.messages.empty());
    CHECK(fixture.store.buried.size() == 1);
}

TEST_CASE("a copy that is missing is sent again, if all of the queue was seen")
{
    Fixture fixture;
    fixture.store.letters = {
        {1, LetterCopy::wanted}, {2, LetterCopy::wanted}, {3, LetterCopy::resolved}};
    fixture.store.copies = 2;
    fixture.queue.messages = {copy_of_letter("2")};
    fixture.queue.whole = GENERATE(true, false);

    fixture.mirror.pass({});

    CHECK(fixture.store.sent_again.size() == (fixture.queue.whole ? 1U : 0U));
    CHECK(fixture.queue.messages.size() == 1);
}

TEST_CASE("a look at too long a queue that did nothing is not repeated until a number changes")
{
    Fixture fixture;
    fixture.store.letters = {{1, LetterCopy::wanted}};
    fixture.store.copies = 2;
    fixture.queue.messages = {copy_of_letter("1")};
    fixture.queue.whole = false;

    fixture.mirror.pass({});
    fixture.mirror.pass({});
    fixture.mirror.pass({});
    CHECK(fixture.queue.visits == 1);

    fixture.store.copies = 3;
    fixture.mirror.pass({});
    CHECK(fixture.queue.visits == 2);
}

TEST_CASE("numbers that were the same in between are worth another look")
{
    Fixture fixture;
    fixture.store.letters = {{1, LetterCopy::wanted}};
    fixture.store.copies = 2;
    fixture.queue.messages = {copy_of_letter("1")};
    fixture.queue.whole = false;

    fixture.mirror.pass({});
    fixture.store.copies = 1;
    fixture.mirror.pass({});
    fixture.store.copies = 2;
    fixture.mirror.pass({});

    CHECK(fixture.queue.visits == 2);
}

TEST_CASE("a mirror waits for a broker or a database that is away")
{
    Fixture fixture;
    fixture.queue.messages = {{.body = "no json"}};
    SECTION("the broker")
    {
        fixture.queue.away = Error{Errc::unavailable, "away"};
    }
    SECTION("the database")
    {
        fixture.store.copies = Error{Errc::unavailable, "away"};
    }

    fixture.mirror.pass({});

    CHECK(fixture.queue.visits == 0);
}

}  // namespace
}  // namespace libra
