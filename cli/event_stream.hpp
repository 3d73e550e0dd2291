#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace libra {

struct ServerEvent {
    std::string id{};
    std::string kind{};  // `message` where the stream names none
    std::string data{};
};

/// Puts together the events of a `text/event-stream` that comes in pieces cut anywhere.
/// Source:
/// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
class EventStreamReader {
public:
    using Take = std::function<void(const ServerEvent&)>;

    explicit EventStreamReader(Take take) : take_{std::move(take)} {}

    void feed(std::string_view piece);

private:
    void line(std::string_view text);

    Take take_;
    std::string rest_;
    ServerEvent event_;
    bool has_data_{false};
};

}  // namespace libra
