#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file PostgreSQL connection strings, as pure functions.

namespace libra {

using ConnectionParameters = std::vector<std::pair<std::string, std::string>>;

/// Adds parameters to a connection string of either form, `postgresql://…` or `key=value …`.
/// One that is there already is overridden.
std::string with_parameters(std::string_view conninfo, const ConnectionParameters& parameters);

/// What a log may say about a connection that failed: libpq's words where they only name the
/// server, and fixed words where libpq quotes the connection string, which may hold a password.
std::string describe_connect_failure(std::string_view libpq_message);

}  // namespace libra
