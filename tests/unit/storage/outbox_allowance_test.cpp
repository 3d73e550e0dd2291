#include "shared/storage/outbox_allowance.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

int uncounted(OutboxAllowance& allowance)
{
    int rows = 0;
    while (!allowance.take()) {
        ++rows;
    }
    return rows;
}

TEST_CASE("before the first count the outbox is counted, against the limit")
{
    OutboxAllowance allowance{100};
    CHECK(allowance.take() == 100);
    CHECK(allowance.take() == 100);
}

TEST_CASE("a count allows a tenth of the room without another")
{
    OutboxAllowance allowance{100};
    allowance.counted(0);
    CHECK(uncounted(allowance) == 10);
    allowance.counted(55);
    CHECK(uncounted(allowance) == 4);
}

TEST_CASE("near the limit every row is counted")
{
    OutboxAllowance allowance{100};
    allowance.counted(91);
    CHECK(uncounted(allowance) == 0);
    allowance.counted(100);
    CHECK(uncounted(allowance) == 0);
}

TEST_CASE("a later count that finds less room takes back what an earlier one allowed")
{
    OutboxAllowance allowance{100};
    allowance.counted(0);
    allowance.counted(100);
    CHECK(uncounted(allowance) == 0);
}

}  // namespace
}  // namespace libra
