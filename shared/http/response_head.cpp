#include "shared/http/response_head.hpp"

#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace libra {

namespace {

void append_header(std::string& out, std::string_view name, std::string_view value)
{
    out += name;
    out += ": ";
    const auto start = static_cast<std::ptrdiff_t>(out.size());
    out += value;
    std::replace_if(
        out.begin() + start, out.end(), [](char c) { return c == '\r' || c == '\n'; }, ' '
    );
    out += "\r\n";
}

bool has_no_content(int status)
{
    return status / 100 == 1 || status == 204 || status == 304;
}

}  // namespace

void append_head(std::string& out, const HttpResponse& response, const ResponseFrame& frame)
{
    const auto status = static_cast<unsigned>(response.status);
    const std::string_view reason =
        boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", status, reason);
    append_header(out, "Date", frame.date);
    append_header(out, "Server", "libra");
    append_header(out, "Connection", frame.keep_alive ? "keep-alive" : "close");
    append_header(out, "X-Request-Id", frame.request_id);
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(frame.elapsed);
    fmt::format_to(std::back_inserter(out), "X-Response-Time: {}ms\r\n", milliseconds.count());
    for (const auto& [name, value] : response.headers) {
        append_header(out, name, value);
    }
    if (response.stream) {
        if (frame.chunked) {
            append_header(out, "Transfer-Encoding", "chunked");
        }
    } else if (!has_no_content(response.status)) {
        fmt::format_to(
            std::back_inserter(out), "Content-Length: {}\r\n", response.content().size()
        );
    }
    out += "\r\n";
}

std::string http_date(std::chrono::sys_seconds time)
{
    constexpr std::array k_days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array k_months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        k_days.at(std::chrono::weekday{day}.c_encoding()),
        static_cast<unsigned>(date.day()),
        k_months.at(static_cast<unsigned>(date.month()) - 1),
        static_cast<int>(date.year()),
        clock.hours().count(),
        clock.minutes().count(),
        clock.seconds().count()
    );
}

}  // namespace libra
