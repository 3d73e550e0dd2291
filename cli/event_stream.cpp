#include "cli/event_stream.hpp"

#include <utility>

namespace libra {

void EventStreamReader::feed(std::string_view piece)
{
    rest_ += piece;
    std::size_t start = 0;
    for (std::size_t end = rest_.find('\n'); end != std::string::npos;
         end = rest_.find('\n', start)) {
        std::string_view text = std::string_view{rest_}.substr(start, end - start);
        if (text.ends_with('\r')) {
            text.remove_suffix(1);
        }
        line(text);
        start = end + 1;
    }
    rest_.erase(0, start);
}

void EventStreamReader::line(std::string_view text)
{
    if (text.empty()) {
        if (has_data_) {
            if (event_.kind.empty()) {
                event_.kind = "message";
            }
            take_(event_);
        }
        event_ = ServerEvent{.id = std::move(event_.id)};
        has_data_ = false;
        return;
    }
    const std::size_t colon = text.find(':');
    const std::string_view field = text.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    if (value.starts_with(' ')) {
        value.remove_prefix(1);
    }
    if (field == "data") {
        if (has_data_) {
            event_.data += '\n';
        }
        event_.data += value;
        has_data_ = true;
    } else if (field == "event") {
        event_.kind = value;
    } else if (field == "id") {
        event_.id = value;
    }
}

}  // namespace libra
