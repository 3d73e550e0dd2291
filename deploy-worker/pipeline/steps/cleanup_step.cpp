#include "deploy-worker/pipeline/steps/cleanup_step.hpp"

#include "deploy-worker/pipeline/steps/dependency_cache.hpp"
#include "deploy-worker/pipeline/steps/framework_cache.hpp"

#include <filesystem>
#include <system_error>

namespace libra {

Outcome<void> CleanupStep::run(Job& job, StepControl& control)
{
    std::error_code failed;
    if (job.sandbox) {
        if (job.build) {
            save_framework_cache(cache_, control.clock, job);
        }
        const Result<void> destroyed = job.sandbox->destroy();
        job.sandbox.reset();
        if (destroyed.has_error()) {
            return transient_failure("the removal of the build sandbox", destroyed.error());
        }
        publish_dependencies(cache_, control.clock, job, control.output);
    }
    std::filesystem::remove_all(job.directory, failed);
    if (failed) {
        return transient_failure(
            "the removal of the work tree", {Errc::unavailable, failed.message()}
        );
    }
    return {};
}

}  // namespace libra
