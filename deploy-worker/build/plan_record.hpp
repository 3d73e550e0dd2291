#pragma once

#include "deploy-worker/build/build_plan.hpp"
#include "shared/wire/build_record.hpp"

#include <string>

/// @file A plan as it is kept with the deployment it was made for.

namespace libra {

/// `output_directory` is where the site was found, below /work; empty if it was not.
BuildRecord record_of(const BuildPlan& plan, const std::string& output_directory);

/// What had been decided when it turned out that there can be no plan.
BuildRecord record_of(const NoPlan& none);

}  // namespace libra
