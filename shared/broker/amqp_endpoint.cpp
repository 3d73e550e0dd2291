#include "shared/broker/amqp_endpoint.hpp"

#include "shared/base/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

namespace libra {

namespace {

constexpr std::uint16_t k_tls_port = 5671;
constexpr unsigned k_longest_heartbeat_s = 600;

Error wrong(std::string reason)
{
    return Error{Errc::invalid_input, std::move(reason)};
}

template <class Number>
std::optional<Number> number(std::string_view text)
{
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

Result<std::string> decoded_part(std::string_view text, std::string_view part)
{
    std::optional<std::string> decoded = percent_decoded(text);
    if (!decoded || decoded->find('\0') != std::string::npos) {
        return wrong(fmt::format("the {} has a '%' without two hex digits after it", part));
    }
    return *std::move(decoded);
}

/// Splits at the first `mark`; the second part is empty when there is none.
std::pair<std::string_view, std::string_view> split(std::string_view text, char mark)
{
    const auto at = text.find(mark);
    if (at == std::string_view::npos) {
        return {text, {}};
    }
    return {text.substr(0, at), text.substr(at + 1)};
}

Result<void> read_login(std::string_view login, AmqpEndpoint& out)
{
    const auto [user_text, password_text] = split(login, ':');
    const auto user = decoded_part(user_text, "user name");
    if (!user) {
        return user.error();
    }
    const auto password = decoded_part(password_text, "password");
    if (!password) {
        return password.error();
    }
    if (user->empty()) {
        return wrong("the user name before '@' is empty");
    }
    out.user = *user;
    out.password = Secret{*password};
    return {};
}

Result<void> read_place(std::string_view place, AmqpEndpoint& out)
{
    std::string_view host = place;
    std::string_view port;
    if (place.starts_with('[')) {
        const auto close = place.find(']');
        if (close == std::string_view::npos) {
            return wrong("the address after '[' has no ']'");
        }
        host = place.substr(1, close - 1);
        port = place.substr(close + 1);
        if (!port.empty() && port.front() != ':') {
            return wrong("only ':' and a port may follow ']'");
        }
        port = port.empty() ? port : port.substr(1);
    } else {
        std::tie(host, port) = split(place, ':');
    }
    const auto decoded = decoded_part(host, "host");
    if (!decoded) {
        return decoded.error();
    }
    if (decoded->empty()) {
        return wrong("it names no host");
    }
    out.host = *decoded;
    if (port.empty()) {
        return {};
    }
    const auto value = number<std::uint16_t>(port);
    if (!value || *value == 0) {
        return wrong("the port is not a number from 1 to 65535");
    }
    out.port = *value;
    return {};
}

/// Nothing is quoted: what stands where a port or a setting should be may be a part of a password
/// in which a '/' or '?' was not encoded.
Result<void> read_setting(std::string_view setting, AmqpEndpoint& out)
{
    const auto [name, text] = split(setting, '=');
    if (name != "heartbeat" && name != "cacertfile") {
        return wrong("after '?' stands an unknown setting; there are heartbeat and cacertfile");
    }
    const auto value = decoded_part(text, name);
    if (!value) {
        return value.error();
    }
    if (name == "cacertfile") {
        if (value->empty()) {
            return wrong("cacertfile names no file");
        }
        out.ca_file = *value;
        return {};
    }
    const auto seconds = number<unsigned>(*value);
    if (!seconds || *seconds > k_longest_heartbeat_s) {
        return wrong("heartbeat is not a number of seconds from 0 to 600");
    }
    out.heartbeat = std::chrono::seconds{*seconds};
    return {};
}

Result<void> read_settings(std::string_view query, AmqpEndpoint& out)
{
    while (!query.empty()) {
        const auto [setting, rest] = split(query, '&');
        if (auto read = read_setting(setting, out); !read) {
            return read;
        }
        query = rest;
    }
    return {};
}

}  // namespace

Result<AmqpEndpoint> parse_amqp_url(std::string_view url)
{
    AmqpEndpoint out;
    // rabbitmq-c takes C strings, and would see the beginning only.
    if (url.find('\0') != std::string_view::npos) {
        return wrong("it holds a NUL byte");
    }
    if (url.starts_with("amqps://")) {
        out.tls = true;
        out.port = k_tls_port;
        url.remove_prefix(8);
    } else if (url.starts_with("amqp://")) {
        url.remove_prefix(7);
    } else {
        return wrong("it does not begin with amqp:// or amqps://");
    }

    const auto [address, query] = split(url, '?');
    auto [place, path] = split(address, '/');
    if (const auto at = place.rfind('@'); at != std::string_view::npos) {
        if (const auto read = read_login(place.substr(0, at), out); !read) {
            return read.error();
        }
        place.remove_prefix(at + 1);
    }
    if (const auto read = read_place(place, out); !read) {
        return read.error();
    }
    if (path.find('/') != std::string_view::npos) {
        return wrong("the vhost holds a '/'; write it as %2F");
    }
    const auto vhost = decoded_part(path, "vhost");
    if (!vhost) {
        return vhost.error();
    }
    if (!vhost->empty()) {
        out.vhost = *vhost;
    }
    if (const auto read = read_settings(query, out); !read) {
        return read.error();
    }
    return out;
}

}  // namespace libra
