#include "shared/broker/consumer.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace libra {
namespace {

using Verdicts = std::vector<Delivery::Verdict>;

Delivery delivery(Verdicts& verdicts)
{
    return {"body", "1", false, [&](Delivery::Verdict verdict) { verdicts.push_back(verdict); }};
}

TEST_CASE("a delivery that is dropped goes back to the queue")
{
    Verdicts verdicts;

    {
        const Delivery dropped = delivery(verdicts);
    }

    CHECK(verdicts == Verdicts{Delivery::Verdict::requeue});
}

TEST_CASE("a delivery is settled once, however often it is acknowledged")
{
    Verdicts verdicts;

    {
        Delivery kept = delivery(verdicts);
        kept.ack();
        kept.ack();
    }

    CHECK(verdicts == Verdicts{Delivery::Verdict::ack});
}

TEST_CASE("moving a delivery moves the duty to settle it")
{
    Verdicts verdicts;

    {
        Delivery first = delivery(verdicts);
        Delivery second{std::move(first)};
        CHECK(second.body() == "body");
        CHECK(verdicts.empty());
        second.ack();
    }

    CHECK(verdicts == Verdicts{Delivery::Verdict::ack});
}

TEST_CASE("a delivery that is assigned over goes back first")
{
    Verdicts old_verdicts;
    Verdicts new_verdicts;

    {
        Delivery kept = delivery(old_verdicts);
        kept = delivery(new_verdicts);
        CHECK(old_verdicts == Verdicts{Delivery::Verdict::requeue});
        kept.ack();
    }

    CHECK(new_verdicts == Verdicts{Delivery::Verdict::ack});
}

}  // namespace
}  // namespace libra
