#pragma once

#include "shared/wire/json.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <string>

namespace libra::testing {

/// A file of the folder `tables`.
inline JsonDocument table(const std::string& name)
{
    std::ifstream file{std::string{LIBRA_TABLES} + "/" + name, std::ios::binary};
    REQUIRE(file);
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    return JsonDocument::parse(text).value();
}

}  // namespace libra::testing
