#include "cli/api_client.hpp"

#include "cli/command_failed.hpp"
#include "cli/terminal.hpp"
#include "shared/wire/text_members.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace libra {

namespace {

constexpr int k_tries = 5;
constexpr std::chrono::milliseconds k_first_pause{250};
constexpr std::chrono::seconds k_longest_pause{10};

bool is_passing(const Result<HttpReply>& reply)
{
    if (reply.has_error()) {
        return reply.error().code == Errc::unavailable || reply.error().code == Errc::timed_out;
    }
    return reply->status == 429 || reply->status == 502 || reply->status == 503 ||
           reply->status == 504;
}

std::chrono::milliseconds pause_before(int next_try, const Result<HttpReply>& last)
{
    if (last.has_value()) {
        if (const auto wanted = last->header("retry-after")) {
            int seconds = 0;
            std::from_chars(wanted->data(), wanted->data() + wanted->size(), seconds);
            return std::min<std::chrono::milliseconds>(
                std::chrono::seconds{std::max(seconds, 1)}, k_longest_pause
            );
        }
    }
    return k_first_pause * (1 << next_try);
}

[[noreturn]] void fail_to_reach(const std::string& url, const Error& error)
{
    if (error.code == Errc::cancelled) {
        throw CommandFailed{ExitCode::interrupted, "Interrupted."};
    }
    if (url.empty()) {
        throw CommandFailed{
            ExitCode::usage,
            "You are not logged in.",
            "Log in with `libra login https://…`, or set LIBRA_URL and LIBRA_TOKEN."};
    }
    if (error.code == Errc::invalid_input) {
        throw CommandFailed{
            ExitCode::usage,
            fmt::format("'{}' is no address of a platform.", harmless(url)),
            "It looks like https://deploy.example.com; see `libra login --help`."};
    }
    throw CommandFailed{
        ExitCode::platform,
        fmt::format("{} does not answer: {}.", harmless(url), harmless(error.detail)),
        "`libra doctor` looks for the cause."};
}

std::string hint_for(const HttpReply& reply, std::string_view code)
{
    if (reply.status == 401) {
        return "Log in with `libra login`, or set LIBRA_TOKEN.";
    }
    if (code == "deployment_in_progress") {
        return "Wait for it with `libra logs -f`, or deploy with --on-conflict supersede.";
    }
    if (reply.status == 429) {
        return "Try again in a minute.";
    }
    if (reply.status >= 500) {
        const auto id = reply.header("x-request-id");
        return id ? fmt::format("Tell the platform's operators this request id: {}", harmless(*id))
                  : std::string{};
    }
    return {};
}

/// `: /pointer reason` lines for each detail that is a problem.
std::string problems_of(const JsonValue& error)
{
    std::string lines;
    const JsonValue* const details = locate(error, "details").value;
    if (details == nullptr || !details->IsArray()) {
        return lines;
    }
    for (const JsonValue& detail : details->GetArray()) {
        const std::string reason = shown(detail, "reason");
        if (!reason.empty()) {
            lines += fmt::format("\n  {} {}", harmless(shown(detail, "pointer")), harmless(reason));
        }
    }
    return lines;
}

}  // namespace

std::string ApiAnswer::text_at(std::string_view name) const
{
    const JsonValue* const value = locate(json.root(), name).value;
    return value != nullptr && value->IsString() ? std::string{text_of(*value)} : std::string{};
}

std::string shown(const JsonValue& object, std::string_view name)
{
    const JsonValue* const value = locate(object, name).value;
    if (value == nullptr) {
        return {};
    }
    if (value->IsString()) {
        return std::string{text_of(*value)};
    }
    if (value->IsBool()) {
        return value->GetBool() ? "yes" : "no";
    }
    if (value->IsInt64()) {
        return std::to_string(value->GetInt64());
    }
    return value->IsNumber() ? fmt::format("{}", value->GetDouble()) : std::string{};
}

ApiClient::ApiClient(HttpClient& http, Clock& clock, Server server, std::stop_token stop)
    : http_{http}, clock_{clock}, server_{std::move(server)}, stop_{std::move(stop)}
{
}

HttpCall ApiClient::call_to(
    HttpMethod method,
    const std::string& path,
    std::string body,
    std::string content_type
) const
{
    HttpCall call{
        .method = method,
        .url = server_.url + path,
        .headers = {{"Accept", "application/json"}},
        .body = std::move(body),
        .connect_timeout = std::chrono::seconds{10},
        .timeout = std::chrono::seconds{60},
        .max_body_bytes = 64U << 20U};
    if (method != HttpMethod::get) {
        call.headers.push_back({"Content-Type", std::move(content_type)});
    }
    if (!server_.token.empty()) {
        call.headers.push_back({"Authorization", "Bearer " + server_.token});
    }
    return call;
}

HttpReply ApiClient::send(const HttpCall& call, bool repeatable, const std::stop_token& stop) const
{
    for (int tries = 1;; ++tries) {
        Result<HttpReply> reply = http_.send(call, stop);
        const bool again = repeatable && tries < k_tries && is_passing(reply);
        if (again && clock_.wait_for(pause_before(tries, reply), stop)) {
            continue;
        }
        if (reply.has_error()) {
            fail_to_reach(server_.url, reply.error());
        }
        return *std::move(reply);
    }
}

void ApiClient::fail(const HttpReply& reply)
{
    const ExitCode exit =
        reply.status >= 500 || reply.status == 429 ? ExitCode::platform : ExitCode::usage;
    const Result<JsonDocument> document = JsonDocument::parse(reply.body);
    const std::string message = document ? shown(document->root(), "message") : std::string{};
    if (message.empty()) {
        throw CommandFailed{
            exit,
            fmt::format("The address answers with {}, and not as a platform does.", reply.status),
            "Is it the address of Libra Deploy's API?"};
    }
    throw CommandFailed{
        exit,
        harmless(message) + problems_of(document->root()),
        hint_for(reply, shown(document->root(), "error"))};
}

ApiAnswer ApiClient::ask(const HttpCall& call, bool repeatable)
{
    HttpReply reply = send(call, repeatable, stop_);
    if (reply.status < 200 || reply.status > 299) {
        fail(reply);
    }
    Result<JsonDocument> document = JsonDocument::parse(reply.body);
    if (document.has_error()) {
        throw CommandFailed{
            ExitCode::platform,
            fmt::format("{} does not answer as a platform does.", harmless(server_.url)),
            "Is it the address of Libra Deploy's API?"};
    }
    return {.status = reply.status, .text = std::move(reply.body), .json = *std::move(document)};
}

ApiAnswer ApiClient::get(const std::string& path)
{
    return ask(call_to(HttpMethod::get, path, {}), true);
}

ApiAnswer ApiClient::put(const std::string& path, std::string body)
{
    return ask(call_to(HttpMethod::put, path, std::move(body)), true);
}

ApiAnswer ApiClient::patch(const std::string& path, std::string body)
{
    return ask(call_to(HttpMethod::patch, path, std::move(body)), true);
}

ApiAnswer ApiClient::remove(const std::string& path, std::string body)
{
    return ask(call_to(HttpMethod::remove, path, std::move(body)), false);
}

ApiAnswer
ApiClient::post(const std::string& path, std::string body, const std::string& idempotency_key)
{
    HttpCall call = call_to(HttpMethod::post, path, std::move(body));
    if (!idempotency_key.empty()) {
        call.headers.push_back({"Idempotency-Key", idempotency_key});
    }
    return ask(call, !idempotency_key.empty());
}

void ApiClient::upload(const std::string& path, std::string bytes, const std::stop_token& stop)
{
    HttpCall call = call_to(HttpMethod::put, path, std::move(bytes), "application/octet-stream");
    call.timeout = std::chrono::minutes{10};
    const HttpReply reply = send(call, true, stop);
    if (reply.status < 200 || reply.status > 299) {
        fail(reply);
    }
}

Result<HttpReply> ApiClient::follow(
    const std::string& path,
    std::vector<HttpField> headers,
    const std::function<bool(std::string_view)>& take,
    std::chrono::milliseconds timeout
)
{
    HttpCall call = call_to(HttpMethod::get, path, {});
    call.headers.erase(call.headers.begin());  // Accept
    call.headers.insert(call.headers.end(), headers.begin(), headers.end());
    call.timeout = timeout;
    call.take_piece = take;
    return http_.send(call, stop_);
}

std::string percent_encoded(std::string_view text)
{
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view{"-._~"}.find(c) != std::string_view::npos;
        if (plain) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

}  // namespace libra
