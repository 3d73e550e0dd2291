#include "shared/tracing/otlp_settings.hpp"

#include "shared/base/text.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace libra {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string_view trimmed_item(std::string_view text)
{
    constexpr std::string_view k_blank{" \t"};
    text.remove_prefix(std::min(text.find_first_not_of(k_blank), text.size()));
    return text.substr(0, text.find_last_not_of(k_blank) + 1);
}

/// `name=value,name=value`, percent-encoded. @return nothing if it is anything else.
std::optional<Pairs> pairs_of(std::string_view list)
{
    Pairs pairs;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        const std::string_view item = trimmed_item(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
        if (item.empty()) {
            continue;
        }
        const std::size_t sign = item.find('=');
        const std::string_view name = trimmed_item(item.substr(0, std::min(sign, item.size())));
        if (sign == std::string_view::npos || name.empty()) {
            return std::nullopt;
        }
        const auto value = percent_decoded(trimmed_item(item.substr(sign + 1)));
        if (!value) {
            return std::nullopt;
        }
        pairs.emplace_back(name, *value);
    }
    return pairs;
}

Pairs read_pairs(Environment& environment, const std::string& variable, std::string_view list)
{
    const std::optional<Pairs> pairs = pairs_of(list);
    if (!pairs) {
        environment.complain(
            variable, "must be name=value,name=value, with values percent-encoded"
        );
    }
    return pairs.value_or(Pairs{});
}

/// The last value under a name, which is not among the pairs any more.
std::string taken_out(Pairs& pairs, std::string_view name, std::string value)
{
    for (const auto& pair : pairs) {
        if (pair.first == name) {
            value = pair.second;
        }
    }
    std::erase_if(pairs, [&](const auto& pair) { return pair.first == name; });
    return value;
}

std::string read_url(Environment& environment)
{
    const std::string name{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"};
    const std::string base_name{"OTEL_EXPORTER_OTLP_ENDPOINT"};
    const std::string base = environment.text(base_name, "");
    std::string url = environment.text(name, "");
    const auto check = [&](const std::string& variable, const std::string& text) {
        if (!text.empty() && !text.starts_with("http://") && !text.starts_with("https://")) {
            environment.complain(variable, "must be an http:// or https:// URL");
        }
    };
    check(name, url);
    check(base_name, base);
    if (!url.empty() || base.empty()) {
        return url;
    }
    return base + (base.ends_with('/') ? "v1/traces" : "/v1/traces");
}

}  // namespace

OtlpSettings read_otlp_settings(
    Environment& environment,
    const std::string& service,
    const std::string& instance
)
{
    using namespace std::chrono_literals;
    OtlpSettings settings;
    settings.url = read_url(environment);
    settings.timeout =
        environment.milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT", settings.timeout, 1ms, 600'000ms);
    const std::string headers{"OTEL_EXPORTER_OTLP_HEADERS"};
    for (auto& [name, value] :
         read_pairs(environment, headers, environment.secret(headers).reveal())) {
        settings.headers.push_back({.name = name, .value = value});
    }
    const std::string resource{"OTEL_RESOURCE_ATTRIBUTES"};
    settings.resource = read_pairs(environment, resource, environment.text(resource, ""));
    const std::string name = environment.text(
        "OTEL_SERVICE_NAME", taken_out(settings.resource, "service.name", service)
    );
    const std::string id = taken_out(settings.resource, "service.instance.id", instance);
    taken_out(settings.resource, "service.version", "");
    settings.resource.insert(
        settings.resource.begin(),
        {{"service.name", name}, {"service.instance.id", id}, {"service.version", LIBRA_VERSION}}
    );
    return settings;
}

void hide(const OtlpSettings& settings, Redactor& redactor)
{
    redactor.add_url_password(settings.url);
    for (const HttpField& header : settings.headers) {
        redactor.add(Secret{header.value});
        // The credential alone, after its scheme.
        redactor.add(Secret{header.value.substr(header.value.rfind(' ') + 1)});
    }
}

}  // namespace libra
