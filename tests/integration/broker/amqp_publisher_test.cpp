#include "shared/broker/amqp_publisher.hpp"

#include "tests/support/broker_corner.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/publisher_bench.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <thread>

namespace libra {
namespace {

using testing::BrokerCorner;
using testing::eventually;
using testing::PublisherBench;

TEST_CASE("a confirmed message is on the queue")
{
    BrokerCorner corner;
    PublisherBench bench{corner.endpoint(), corner.topology()};
    bench.wait_until_healthy();

    const auto answer = bench.publish(bench.message("1", R"({"n":1})"));

    CHECK(answer.has_value());
    CHECK(corner.take() == R"({"n":1})");
}

TEST_CASE("a publisher knows how many messages wait")
{
    BrokerCorner corner;
    PublisherBench bench{corner.endpoint(), corner.topology()};
    bench.wait_until_healthy();
    const auto waiting = [&] {
        return bench.publisher().queue().value_or(QueueReading{.ready = -1}).ready;
    };
    REQUIRE(eventually([&] { return waiting() == 0; }));

    REQUIRE(bench.publish(bench.message("1", "{}")).has_value());
    REQUIRE(bench.publish(bench.message("2", "{}")).has_value());

    CHECK(eventually([&] { return waiting() == 2; }));
}

TEST_CASE("a batch keeps its order and is confirmed message by message")
{
    BrokerCorner corner;
    PublisherBench bench{corner.endpoint(), corner.topology()};
    bench.wait_until_healthy();
    std::vector<OutgoingMessage> batch;
    batch.reserve(300);
    for (int i = 0; i < 300; ++i) {
        batch.push_back(bench.message(std::to_string(i), std::to_string(i)));
    }

    const auto answers = bench.publisher().publish(batch);

    REQUIRE(answers.size() == 300);
    CHECK(std::all_of(answers.begin(), answers.end(), [](const auto& a) { return a.has_value(); }));
    for (int i = 0; i < 300; ++i) {
        REQUIRE(corner.take() == std::to_string(i));
    }
}

TEST_CASE("a message larger than a frame arrives whole")
{
    BrokerCorner corner;
    PublisherBench bench{corner.endpoint(), corner.topology()};
    bench.wait_until_healthy();
    const std::string large(3 << 20, 'x');

    CHECK(bench.publish(bench.message("1", large)).has_value());

    CHECK(corner.take() == large);
}

TEST_CASE("a message that no queue takes is rejected, its neighbours are not")
{
    BrokerCorner corner;
    PublisherBench bench{corner.endpoint(), corner.topology()};
    bench.wait_until_healthy();
    std::vector batch{bench.message("1"), bench.message("2"), bench.message("3")};
    batch[1].routing_key = "nowhere";

    const auto answers = bench.publisher().publish(batch);

    CHECK(answers[0].has_value());
    REQUIRE(answers[1].has_error());
    CHECK(answers[1].error().code == Errc::rejected);
    CHECK(answers[2].has_value());
    CHECK(bench.publisher().healthy());
}

TEST_CASE("a message to an exchange that does not exist is rejected, and the next one goes through")
{
    BrokerCorner corner;
    PublisherBench bench{corner.endpoint(), corner.topology()};
    bench.wait_until_healthy();
    OutgoingMessage lost = bench.message("1");
    lost.exchange = corner.topology().exchange + ".missing";

    const auto answer = bench.publish(lost);

    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::rejected);
    bench.wait_until_healthy();
    CHECK(bench.publish(bench.message("2")).has_value());
}

TEST_CASE("a full queue rejects what is more")
{
    BrokerCorner corner;
    corner.topology().max_length = 2;
    PublisherBench bench{corner.endpoint(), corner.topology()};
    bench.wait_until_healthy();

    // A quorum queue may take a few more than its limit before it refuses.
    Result<void> answer{};
    for (int i = 0; i < 20 && answer; ++i) {
        answer = bench.publish(bench.message(std::to_string(i)));
    }

    REQUIRE(answer.has_error());
    CHECK(answer.error().code == Errc::rejected);
    CHECK_THAT(answer.error().detail, Catch::Contains("full"));
}

TEST_CASE("any number of threads may publish at once")
{
    BrokerCorner corner;
    PublisherBench bench{corner.endpoint(), corner.topology()};
    bench.wait_until_healthy();
    std::atomic<int> confirmed{0};

    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 10; ++i) {
                const std::string id = std::to_string(100 * thread + i);
                confirmed += bench.publish(bench.message(id)).has_value() ? 1 : 0;
            }
        });
    }
    threads.clear();

    CHECK(confirmed == 40);
    CHECK(corner.waiting() == 40);
}

}  // namespace
}  // namespace libra
