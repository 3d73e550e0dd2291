#include "shared/base/trace_context.hpp"

#include "tests/support/fake_random.hpp"

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

TEST_CASE("a valid traceparent names trace and span, and says whether they are recorded")
{
    const auto trace = read_trace(header("00", k_trace, k_parent, "01"), "");

    CHECK(
        trace == TraceContext{.trace_id = std::string{k_trace}, .span_id = std::string{k_parent}}
    );
    CHECK(read_trace(header("00", k_trace, k_parent, "ff"), "")->sampled);
    CHECK_FALSE(read_trace(header("00", k_trace, k_parent, "00"), "")->sampled);
    CHECK_FALSE(read_trace(header("00", k_trace, k_parent, "fe"), "")->sampled);
}

TEST_CASE("a version yet to come may say more")
{
    CHECK(read_trace(header("cc", k_trace, k_parent, "01"), ""));
    CHECK(read_trace(header("cc", k_trace, k_parent, "01", "-what-the-future-brings"), ""));
    CHECK_FALSE(read_trace(header("cc", k_trace, k_parent, "01", ".what"), ""));
    CHECK_FALSE(read_trace(header("00", k_trace, k_parent, "01", "-what"), ""));
    CHECK_FALSE(read_trace(header("ff", k_trace, k_parent, "01"), ""));
}

TEST_CASE("a traceparent that is wrong anywhere names no trace")
{
    const std::string no_trace(32, '0');
    const std::string no_parent(16, '0');
    const std::string wrong = GENERATE_COPY(
        std::string{},
        std::string{"00-"},
        header("00", no_trace, k_parent, "01"),
        header("00", k_trace, no_parent, "01"),
        header("00", "4BF92F3577B34DA6A3CE929D0E0E4736", k_parent, "01"),
        header("00", k_trace, "00F067AA0BA902B7", "01"),
        header("0x", k_trace, k_parent, "01"),
        header("00", k_trace, k_parent, "0."),
        header("00", k_trace, k_parent, "1"),
        std::string{"00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01"}
    );

    CHECK_FALSE(read_trace(wrong, ""));
}

TEST_CASE("a tracestate is carried as it is, up to 512 bytes of text")
{
    const std::string parent = header("00", k_trace, k_parent, "01");
    const std::string longest(512, 'a');

    CHECK(read_trace(parent, "vendor=opaque value ,b=2")->state == "vendor=opaque value ,b=2");
    CHECK(read_trace(parent, longest)->state == longest);
    CHECK(read_trace(parent, longest + "a")->state.empty());
    CHECK(read_trace(parent, "a=1\nb=2")->state.empty());
    CHECK(read_trace(parent, "a=\xC3\xA4")->state.empty());
}

TEST_CASE("a new trace has random ids, is recorded and has nothing above it")
{
    SystemRandom random;

    const TraceContext first = begin_trace(random);
    const TraceContext second = begin_trace(random);

    CHECK(read_trace(first.header(), "") == first);
    CHECK(first.trace_id != second.trace_id);
    CHECK(first.span_id != second.span_id);
    CHECK(first.sampled);
}

TEST_CASE("ids are never all zeros")
{
    testing::FakeRandom zeros{0};

    CHECK(read_trace(begin_trace(zeros).header(), ""));
}

TEST_CASE("a span below another is in its trace, and says what is above it")
{
    SystemRandom random;
    const TraceContext above = *read_trace(header("00", k_trace, k_parent, "00"), "a=1");

    const TraceContext below = span_below(above, random);

    CHECK(below.trace_id == k_trace);
    CHECK(below.parent_id == k_parent);
    CHECK(below.span_id != k_parent);
    CHECK_FALSE(below.sampled);
    CHECK(below.state == "a=1");
    CHECK(span_below({}, random).parent_id.empty());
}

}  // namespace
}  // namespace libra
