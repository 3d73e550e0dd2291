#pragma once

#include "shared/domain/failure_report.hpp"

#include <string>

namespace libra {

/// The member `failure` of GET /deployments/{id} (proto-schemas/failure-report.json). Whatever text
/// it holds, the result is well-formed UTF-8 without NUL, which the store would not take.
std::string encode_failure_report(const FailureReport& report);

}  // namespace libra
