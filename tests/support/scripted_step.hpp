#pragma once

#include "deploy-worker/pipeline/step.hpp"

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace libra::testing {

/// Runs a lambda, or succeeds.
class ScriptedStep final : public Step {
public:
    using Body = std::function<Outcome<void>(Job&, StepControl&)>;

    explicit ScriptedStep(StepName name, Body body = {}) : name_{name}, body_{std::move(body)} {}

    StepName name() const override { return name_; }

    std::string milestone() const override { return std::string{to_string(name_)} + "..."; }

    std::chrono::milliseconds time_limit() const override { return std::chrono::seconds{30}; }

    bool needed(const Job& job) const override { return !before_upload || !job.uploaded; }

    bool before_upload{false};  // its work is in the uploaded artifact

    Outcome<void> run(Job& job, StepControl& control) override
    {
        return body_ ? body_(job, control) : Outcome<void>{};
    }

private:
    StepName name_;
    Body body_;
};

/// All six steps, each succeeding, but for `step`, which runs `body`. The deploy step sets an
/// address.
inline std::vector<std::unique_ptr<Step>> steps_with(StepName step, const ScriptedStep::Body& body)
{
    std::vector<std::unique_ptr<Step>> steps;
    for (const StepName name : k_steps) {
        ScriptedStep::Body own = name == step ? body : ScriptedStep::Body{};
        if (!own && name == StepName::deploy) {
            own = [](Job& job, StepControl&) -> Outcome<void> {
                job.address = ReleaseAddress{.url = "http://site.example/"};
                return {};
            };
        }
        steps.push_back(std::make_unique<ScriptedStep>(name, std::move(own)));
    }
    return steps;
}

}  // namespace libra::testing
