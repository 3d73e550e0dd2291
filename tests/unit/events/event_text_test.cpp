#include "api-gateway/events/event_text.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

TEST_CASE("an event is an id, a name and one line of data")
{
    std::string text;

    append_event(text, {.place = 7, .kind = "state", .data_json = R"({"status": "queued"})"});

    CHECK(text == "id: 7\nevent: state\ndata: {\"status\": \"queued\"}\n\n");
}

TEST_CASE("a log line cannot end its event early")
{
    std::string text;

    append_event(
        text,
        {.place = 3,
         .kind = "log",
         .line =
             LogEntry{.seq = 2, .step = "build", .stream = "stdout", .line = "a\n\nevent: end\r"}}
    );

    CHECK(
        text == "id: 3\nevent: log\ndata: "
                R"({"seq":2,"at":"1970-01-01T00:00:00.000Z","step":"build","stream":"stdout",)"
                R"("line":"a\n\nevent: end\r"})"
                "\n\n"
    );
}

TEST_CASE("a Last-Event-ID is a place in the sequence or nothing")
{
    CHECK(parse_event_id("0") == 0);
    CHECK(parse_event_id("12") == 12);
    CHECK(parse_event_id("9223372036854775807") == 9'223'372'036'854'775'807);
    for (const char* const bad :
         {"", "-1", "+1", "1 ", " 1", "01x", "1.0", "9223372036854775808"}) {
        CHECK_FALSE(parse_event_id(bad));
    }
}

}  // namespace
}  // namespace libra
