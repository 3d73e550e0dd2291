#pragma once

#include "shared/wire/json.hpp"

#include <valijson/exceptions.hpp>
#include <valijson/internal/adapter.hpp>
#include <valijson/internal/basic_adapter.hpp>
#include <valijson/internal/frozen_value.hpp>

// With exceptions on, the adapter's header would insist on a RAPIDJSON_ASSERT of its own, which
// makes a std::string each time it is passed.
#undef VALIJSON_USE_EXCEPTIONS
#include <valijson/adapters/rapidjson_adapter.hpp>
#define VALIJSON_USE_EXCEPTIONS 1
