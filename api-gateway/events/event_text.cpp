#include "api-gateway/events/event_text.hpp"

#include "api-gateway/api/query_reader.hpp"
#include "shared/wire/history_answers.hpp"

#include <fmt/format.h>

#include <iterator>

namespace libra {

void append_event(std::string& out, const DeploymentEvent& event)
{
    // JSON has no line breaks of its own, so one `data` line holds it.
    const std::string data = event.line ? encode_log_line(
                                              {.seq = event.line->seq,
                                               .at = event.line->at,
                                               .step = event.line->step,
                                               .stream = event.line->stream,
                                               .line = event.line->line}
                                          )
                                        : event.data_json;
    fmt::format_to(
        std::back_inserter(out), "id: {}\nevent: {}\ndata: {}\n\n", event.place, event.kind, data
    );
}

std::optional<std::int64_t> parse_event_id(std::string_view text)
{
    return text == "0" ? std::optional<std::int64_t>{0} : parse_positive(text);
}

}  // namespace libra
