#include "shared/base/random.hpp"
#include "shared/storage/pg_event_signals.hpp"
#include "shared/storage/pg_event_store.hpp"
#include "stage.hpp"
#include "tests/support/recording_log.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace libra {
namespace {

using Catch::Matchers::Contains;
using testing::Stage;

struct EventStage : Stage {
    PgEventStore events{pool};
    Reader member{.user_id = seeded.user_id};

    EventPage after(std::int64_t place, int limit = 1000, const std::string& id = "d1")
    {
        return events.events(member, id, place, limit).value();
    }

    /// Each event as its kind and what it is about.
    static std::string words(const EventPage& page)
    {
        std::string words;
        for (const DeploymentEvent& event : page.events) {
            words += event.line ? event.line->line : event.kind;
            words += ' ';
        }
        return words;
    }

    void say(const Lease& lease, const std::vector<std::string>& texts)
    {
        std::vector<LogLine> lines;
        for (const std::string& text : texts) {
            lines.push_back({.step = StepName::build, .stream = LogStream::out, .text = text});
        }
        REQUIRE(work.append_log(lease, lines).has_value());
    }

    void fail(const Lease& lease)
    {
        const Failure failure{
            .failure_class = FailureClass::user,
            .code = "build_failed",
            .message = "It did not build"};
        REQUIRE(work.fail(lease, failure, StepName::build, {.statistics_json = "{}"}).has_value());
    }
};

TEST_CASE_METHOD(EventStage, "all that happens to a deployment is one sequence in its order")
{
    const Lease lease = accept_and_claim("d1");
    REQUIRE(work.begin_step(lease, StepName::build, "Building").has_value());
    say(lease, {"a", "b"});
    REQUIRE(work.end_step(lease, StepName::build, "exit code 2").has_value());
    say(lease, {"c"});
    fail(lease);

    const EventPage page = after(0);

    CHECK(words(page) == "state state Building step a b step c state end ");
    CHECK(page.last == 10);
    CHECK(page.finished);
    CHECK_THAT(page.events[0].data_json, Contains(R"("status": "queued")"));
    CHECK_THAT(page.events[1].data_json, Contains(R"("status": "in_progress")"));
    CHECK_THAT(page.events[3].data_json, Contains(R"("step": "build")"));
    CHECK_THAT(page.events[6].data_json, Contains(R"("error": "exit code 2")"));
    CHECK_THAT(page.events[9].data_json, Contains(R"("errorCode": "build_failed")"));
    CHECK_THAT(page.events[9].data_json, Contains(R"("at": ")"));
}

TEST_CASE_METHOD(EventStage, "wherever reading goes on, there is no gap and no repeat")
{
    const Lease lease = accept_and_claim("d1");
    REQUIRE(work.begin_step(lease, StepName::build, "Building").has_value());
    say(lease, {"a", "b", "c"});
    REQUIRE(work.end_step(lease, StepName::build, {}).has_value());
    say(lease, {"d", "e"});
    fail(lease);
    const EventPage whole = after(0);

    for (std::int64_t place = 0; place <= whole.last; ++place) {
        for (const int limit : {1, 2, 3, 1000}) {
            const EventPage page = after(place, limit);
            const auto expected = std::min<std::int64_t>(limit, whole.last - place);
            REQUIRE(std::cmp_equal(page.events.size(), expected));
            for (const DeploymentEvent& event : page.events) {
                const DeploymentEvent& same =
                    whole.events.at(static_cast<std::size_t>(event.place - 1));
                CHECK(event.place == same.place);
                CHECK(event.kind == same.kind);
                CHECK(event.data_json == same.data_json);
                CHECK(event.line.has_value() == same.line.has_value());
            }
            CHECK(page.finished == (place + expected == whole.last));
        }
    }
}

TEST_CASE_METHOD(EventStage, "places are found while several write and one reads")
{
    const Lease lease = accept_and_claim("d1");
    std::vector<std::int64_t> places;
    std::string lines;
    const auto follow = [&] {
        std::int64_t place = 0;
        while (true) {
            const EventPage page = after(place, 7);
            for (const DeploymentEvent& event : page.events) {
                places.push_back(event.place);
                place = event.place;
                lines += event.line ? event.line->line + " " : "";
            }
            if (page.finished) {
                return;
            }
        }
    };

    {
        const std::jthread follower{follow};
        const auto steps = [&] {
            for (const StepName step : k_steps) {
                CHECK(work.begin_step(lease, step, "begin").has_value());
                CHECK(work.end_step(lease, step, {}).has_value());
            }
        };
        std::jthread stepping{steps};
        for (int number = 0; number < 100; ++number) {
            say(lease, {"x", "y"});
        }
        stepping.join();
        fail(lease);
    }

    CHECK(std::cmp_equal(places.size(), after(0).last));
    for (std::size_t index = 0; index < places.size(); ++index) {
        REQUIRE(std::cmp_equal(places[index], index + 1));
    }
    CHECK(std::count(lines.begin(), lines.end(), 'x') == 100);
}

TEST_CASE_METHOD(EventStage, "a lost attempt is a warning")
{
    accept_and_claim("d1");
    let_lease_expire("d1");
    claim("d1", "worker-2");

    const EventPage page = after(0);

    CHECK(words(page) == "state state warning ");
    CHECK_THAT(page.events[2].data_json, Contains(R"("message": "Attempt 1 was interrupted.")"));
}

TEST_CASE_METHOD(EventStage, "the end comes last, whatever else its transaction does")
{
    const Lease lease = accept_and_claim("d1");
    REQUIRE(work.begin_step(lease, StepName::build, "Building").has_value());
    let_lease_expire("d1");

    REQUIRE(cancel("d1") == CancelVerdict::cancelled);

    const EventPage page = after(4);
    REQUIRE_FALSE(page.events.empty());
    CHECK(page.events.back().kind == "end");
    CHECK_THAT(page.events.back().data_json, Contains(R"("status": "cancelled")"));
    CHECK_THAT(words(page), Contains("step"));
    CHECK(page.finished);
}

TEST_CASE_METHOD(EventStage, "an end that was not the last word is a state to later readers")
{
    fail(accept_and_claim("d1"));
    const EventPage first = after(0);
    REQUIRE(first.events.back().kind == "end");

    database.run(
        "update deployments set status = 'queued', finished_at = null, failure_class = null, "
        "error = null where id = 'd1'"
    );

    CHECK(words(after(0)) == "state state state state state ");
    CHECK(words(after(first.last)) == "state ");
    CHECK_FALSE(after(0).finished);
}

TEST_CASE_METHOD(EventStage, "nobody reads the events of an organisation of others")
{
    accept("d1");

    const auto page = events.events({.user_id = "stranger"}, "d1", 0, 10);
    REQUIRE(page.has_error());
    CHECK(page.error().code == Errc::not_found);
    CHECK(events.events({.user_id = "stranger", .everywhere = true}, "d1", 0, 10).has_value());
    CHECK(events.events(member, "no-such", 0, 10).error().code == Errc::not_found);
}

TEST_CASE_METHOD(EventStage, "a database that is away is unavailable")
{
    accept("d1");
    PgSettings nowhere = database.settings();
    nowhere.url = Secret{"postgresql://127.0.0.1:1/none"};
    PgPool closed{nowhere, clock};
    PgEventStore unreachable{closed};

    CHECK(unreachable.events(member, "d1", 0, 10).error().code == Errc::unavailable);
}

/// Keeps what it is told.
struct Ear {
    void hear(const std::string& id)
    {
        const std::scoped_lock lock{mutex};
        heard.push_back(id);
        changed.notify_all();
    }

    void wait_for(std::size_t connections, const std::string& id)
    {
        std::unique_lock lock{mutex};
        REQUIRE(changed.wait_for(lock, std::chrono::seconds{30}, [&] {
            return std::cmp_greater_equal(
                       std::count(heard.begin(), heard.end(), std::string{}), connections
                   ) &&
                   (id.empty() || std::count(heard.begin(), heard.end(), id) > 0);
        }));
    }

    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> heard;
};

TEST_CASE_METHOD(EventStage, "word comes of what happens, also after the connection broke")
{
    SystemRandom random;
    testing::RecordingLog log;
    PgEventSignals signals{database.settings(), clock, random, log.log()};
    Ear ear;
    const std::jthread listening{[&](const std::stop_token& stop) {
        signals.listen(stop, [&](const std::string& id) { ear.hear(id); });
    }};
    ear.wait_for(1, {});

    const Lease lease = accept_and_claim("d1");
    ear.wait_for(1, "d1");

    database.end_connections();
    ear.wait_for(2, {});
    accept_elsewhere("d2");
    claim("d2");
    ear.wait_for(2, "d2");
}

}  // namespace
}  // namespace libra
