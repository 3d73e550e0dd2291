#pragma once

#include "shared/domain/deployment.hpp"
#include "shared/wire/problem.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

/// @file POST /deploy's body: bytes from a stranger → DeploymentParams.
///
/// Source of the rules: proto-schemas/deployment-params.json and SPEC, "Limits".

namespace libra {

struct RequestLimits {
    std::size_t files{5000};
    std::size_t file_bytes{25U << 20U};
    std::size_t history_messages{1000};
    std::string platform_domain{"localhost"};  // custom domains may not lie at or below it
};

using ParsedRequest = std::variant<DeploymentParams, Problems, Unreadable>;

/// Pure. Names every problem at once, at most 100, in document order.
ParsedRequest parse_deploy_request(std::string_view body, const RequestLimits& limits);

/// The `params` object of the queue message and of the stored deployment: like the request body,
/// but a `content` may be replaced by `sha256` and `bytes`; an Upload is left for the database to
/// complete. Keys in a fixed order.
std::string encode_params(const DeploymentParams& params);

}  // namespace libra
