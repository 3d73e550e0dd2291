#pragma once

#include <string>

namespace libra {

struct Job;

/// What an attempt needed and made, as the deployment's record shows it: a JSON object of times,
/// sizes, what the caches gave, and what was decided about the build.
std::string statistics_json(const Job& job);

}  // namespace libra
