#pragma once

#include "deploy-worker/diagnosis/project_view.hpp"
#include "shared/domain/failure_report.hpp"

/// @file From what a failed command said, and the project's files, to a cause and a fix.

namespace libra {

/// Fills `cause`, `likely_cause` and `fix` from what was recognised, from the phase and the limit
/// that was hit. Leaves them empty where nothing is known: a wrong explanation is worse than none.
/// Pure but for `project.read`.
void explain(FailureReport& report, const ProjectView& project);

}  // namespace libra
