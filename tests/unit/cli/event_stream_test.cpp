#include "cli/event_stream.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace libra {
namespace {

const std::string k_stream{": hello\n"
                           "id: 1\nevent: state\ndata: {\"a\":1}\n\n"
                           "id: 2\r\nevent: log\r\ndata: one\r\ndata:two\r\n\r\n"
                           ":\n\n"
                           "data: bare\n\n"
                           "id: 3\nevent: end\ndata: cut off"};

std::vector<std::string> read_in_pieces_of(std::size_t size)
{
    std::vector<std::string> events;
    EventStreamReader reader{[&](const ServerEvent& event) {
        events.push_back(event.id + '|' + event.kind + '|' + event.data);
    }};
    for (std::size_t at = 0; at < k_stream.size(); at += size) {
        reader.feed(std::string_view{k_stream}.substr(at, size));
    }
    return events;
}

TEST_CASE("events are the same however the stream is cut, and an unfinished one is none")
{
    const std::vector<std::string> expected{
        "1|state|{\"a\":1}", "2|log|one\ntwo", "2|message|bare"};

    for (const std::size_t size : {1UL, 2UL, 7UL, 1000UL}) {
        CAPTURE(size);
        CHECK(read_in_pieces_of(size) == expected);
    }
}

}  // namespace
}  // namespace libra
