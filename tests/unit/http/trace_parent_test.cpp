#include "shared/http/trace_parent.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace libra {
namespace {

constexpr std::string_view k_trace = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view k_parent = "00f067aa0ba902b7";

std::string header(
    std::string_view version,
    std::string_view trace,
    std::string_view parent,
    std::string_view flags,
    std::string_view more = ""
)
{
    std::string text{version};
    for (const std::string_view part : {trace, parent, flags}) {
        text += '-';
        text += part;
    }
    return text.append(more);
}

TEST_CASE("a valid traceparent names its trace")
{
    CHECK(trace_id_of(header("00", k_trace, k_parent, "01")) == k_trace);
    CHECK(trace_id_of(header("00", k_trace, k_parent, "00")) == k_trace);
    CHECK(trace_id_of(header("00", k_trace, k_parent, "ff")) == k_trace);
}

TEST_CASE("a version yet to come may say more")
{
    CHECK(trace_id_of(header("cc", k_trace, k_parent, "01")) == k_trace);
    CHECK(trace_id_of(header("cc", k_trace, k_parent, "01", "-what-the-future-brings")) == k_trace);
    CHECK_FALSE(trace_id_of(header("cc", k_trace, k_parent, "01", ".what")));
    CHECK_FALSE(trace_id_of(header("00", k_trace, k_parent, "01", "-what")));
    CHECK_FALSE(trace_id_of(header("ff", k_trace, k_parent, "01")));
}

TEST_CASE("a traceparent that is wrong anywhere names no trace")
{
    const std::string no_trace(32, '0');
    const std::string no_parent(16, '0');

    CHECK_FALSE(trace_id_of(""));
    CHECK_FALSE(trace_id_of("00-"));
    CHECK_FALSE(trace_id_of(header("00", no_trace, k_parent, "01")));
    CHECK_FALSE(trace_id_of(header("00", k_trace, no_parent, "01")));
    CHECK_FALSE(trace_id_of(header("00", "4BF92F3577B34DA6A3CE929D0E0E4736", k_parent, "01")));
    CHECK_FALSE(trace_id_of(header("00", k_trace, "00F067AA0BA902B7", "01")));
    CHECK_FALSE(trace_id_of(header("0x", k_trace, k_parent, "01")));
    CHECK_FALSE(trace_id_of(header("00", k_trace, k_parent, "0.")));
    CHECK_FALSE(trace_id_of(header("00", k_trace, k_parent, "1")));
    CHECK_FALSE(trace_id_of("00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01"));
}

}  // namespace
}  // namespace libra
