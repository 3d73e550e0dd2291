#include "deploy-worker/pipeline/work_observer.hpp"

namespace libra {

std::string_view to_string(StepOutcome outcome) noexcept
{
    switch (outcome) {
    case StepOutcome::completed:
        return "completed";
    case StepOutcome::failed:
        return "failed";
    case StepOutcome::stopped:
        return "stopped";
    }
    return "unknown";
}

std::string_view to_string(AttemptOutcome outcome) noexcept
{
    switch (outcome) {
    case AttemptOutcome::completed:
        return "completed";
    case AttemptOutcome::failed:
        return "failed";
    case AttemptOutcome::cancelled:
        return "cancelled";
    case AttemptOutcome::retry:
        return "retry";
    case AttemptOutcome::handed_back:
        return "handed_back";
    case AttemptOutcome::abandoned:
        return "abandoned";
    }
    return "unknown";
}

std::string_view to_string(DeadLetterSource source) noexcept
{
    return source == DeadLetterSource::message ? "message" : "broker";
}

std::string_view to_string(RescueKind kind) noexcept
{
    switch (kind) {
    case RescueKind::message:
        return "message";
    case RescueKind::slot:
        return "slot";
    case RescueKind::site:
        return "site";
    case RescueKind::name:
        return "name";
    }
    return "unknown";
}

WorkObserver& no_observer()
{
    static WorkObserver nobody;
    return nobody;
}

}  // namespace libra
