#include "site-rules/guide/guide.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace libra {

namespace {

struct Asked {
    std::string_view path{};
    std::string_view query{};
};

/// `/a?b`, or `http://host/a?b` where a client writes its requests like one to a proxy.
Asked parse_uri(std::string_view uri)
{
    if (const std::size_t scheme = uri.find("://");
        !uri.starts_with('/') && scheme != std::string_view::npos) {
        const std::size_t slash = uri.find('/', scheme + 3);
        uri = slash == std::string_view::npos ? std::string_view{"/"} : uri.substr(slash);
    }
    const std::size_t question = uri.find('?');
    return {
        .path = uri.substr(0, question),
        .query = question == std::string_view::npos ? "" : uri.substr(question + 1)};
}

bool has(const HeaderOutcome& outcome, std::string_view name)
{
    return std::any_of(outcome.set.begin(), outcome.set.end(), [&](const auto& header) {
        return equal_without_case(header.first, name);
    });
}

/// What the host would add by itself and is not to. A default gives way to what is set without
/// being told; a content type is no default.
std::string instead_of_host(const HeaderOutcome& outcome)
{
    constexpr std::array<std::string_view, 2> k_defaults{"cache-control", "x-content-type-options"};
    std::string names{"on"};
    names += has(outcome, "content-type") ? " content-type" : "";
    for (const std::string_view name : k_defaults) {
        if (outcome.detached.contains(name) && !has(outcome, name)) {
            names += " -" + std::string{name};
        }
    }
    return names;
}

HttpResponse redirect(RedirectOutcome outcome)
{
    HttpResponse response{.status = outcome.status};
    response.headers.emplace_back("Location", std::move(outcome.target));
    return response;
}

}  // namespace

Guide::Guide(ServedSites& sites, Log log) : sites_{sites}, log_{std::move(log)} {}

std::optional<HttpResponse> Guide::answer_at_once(const HttpRequest& /*head*/)
{
    return std::nullopt;
}

HttpResponse Guide::answer(const HttpRequest& request)
{
    const std::string_view host = request.header("Libra-Site").value_or("");
    const Asked asked = parse_uri(request.header("Libra-Uri").value_or(""));
    const std::shared_ptr<const ServedRelease> release = sites_.find(host);
    if (!release) {
        return {.status = 404};
    }
    auto rule = release->redirects.find(asked.path, asked.query, [&] {
        return release->shows(asked.path);
    });
    if (rule && rule->status != 200 && rule->status != 404) {
        return redirect(*std::move(rule));
    }
    const HeaderOutcome headers = release->headers.find(host, asked.path);
    HttpResponse response;
    response.headers.emplace_back("Libra-Release", release->name);
    response.headers.emplace_back("Libra-Rules", instead_of_host(headers));
    if (rule) {
        response.headers.emplace_back("Libra-Path", rule->target);
        if (rule->status != 200) {
            response.headers.emplace_back("Libra-Status", std::to_string(rule->status));
        }
    }
    response.headers.insert(response.headers.end(), headers.set.begin(), headers.set.end());
    return response;
}

HttpResponse Guide::refuse(const ErrorKind& error)
{
    return {.status = error.status};
}

void Guide::finish(const HttpRequest& /*request*/, HttpResponse& /*response*/) {}

void Guide::served(const ServedRequest& served)
{
    if (served.status >= 500) {
        log_.warning("request not answered", {{"status", std::to_string(served.status)}});
    }
}

}  // namespace libra
