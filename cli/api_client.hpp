#pragma once

#include "shared/base/clock.hpp"
#include "shared/net/http_client.hpp"
#include "shared/wire/json.hpp"

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace libra {

struct ApiAnswer {
    int status{};
    std::string text{};  // as it came
    JsonDocument json;   // the same, read

    /// Of the member `name`; empty where it is missing or no string.
    std::string text_at(std::string_view name) const;
};

/// The member `name` of an object as text for people: strings as they are, numbers and truth values
/// as JSON writes them, empty where it is missing.
std::string shown(const JsonValue& object, std::string_view name);

/// The platform's API for one user. One thread, but for `upload`.
class ApiClient {
public:
    struct Server {
        std::string url{};    // without a slash at its end
        std::string token{};  // empty where nobody has logged in
    };

    /// The references must outlive it. `stop` ends calls that are under way.
    ApiClient(HttpClient& http, Clock& clock, Server server, std::stop_token stop);

    /// The same for another platform or user.
    ApiClient as(Server server) const { return {http_, clock_, std::move(server), stop_}; }

    const std::string& url() const { return server_.url; }

    /// Ends calls that begin from now on.
    void stop_with(std::stop_token stop) { stop_ = std::move(stop); }

    // All throw CommandFailed for anything but a 2xx, with the platform's own words. What may be
    // done twice is tried again, a few times within some seconds, while the platform is away or
    // busy.

    ApiAnswer get(const std::string& path);
    ApiAnswer put(const std::string& path, std::string body);
    ApiAnswer patch(const std::string& path, std::string body);
    ApiAnswer remove(const std::string& path, std::string body = {});

    /// Tried once, unless `idempotency_key` is given.
    ApiAnswer
    post(const std::string& path, std::string body, const std::string& idempotency_key = {});

    /// PUT of bytes. Any thread.
    void upload(const std::string& path, std::string bytes, const std::stop_token& stop);

    /// One GET whose body is given to `take` in pieces until it ends or `take` says no. Nothing is
    /// tried again. @return the answer, with the body of an error.
    Result<HttpReply> follow(
        const std::string& path,
        std::vector<HttpField> headers,
        const std::function<bool(std::string_view)>& take,
        std::chrono::milliseconds timeout
    );

    /// The error that a reply is. Pure.
    [[noreturn]] static void fail(const HttpReply& reply);

private:
    HttpCall call_to(
        HttpMethod method,
        const std::string& path,
        std::string body,
        std::string content_type = "application/json"
    ) const;
    HttpReply send(const HttpCall& call, bool repeatable, const std::stop_token& stop) const;
    ApiAnswer ask(const HttpCall& call, bool repeatable);

    HttpClient& http_;
    Clock& clock_;
    Server server_;
    std::stop_token stop_;
};

/// For a part of a path or a query.
std::string percent_encoded(std::string_view text);

}  // namespace libra
