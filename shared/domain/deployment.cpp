#include "shared/domain/deployment.hpp"

#include <algorithm>
#include <utility>

namespace libra {

namespace {

constexpr std::array k_deployment_words{
    std::pair{DeploymentStatus::queued, std::string_view{"queued"}},
    std::pair{DeploymentStatus::in_progress, std::string_view{"in_progress"}},
    std::pair{DeploymentStatus::completed, std::string_view{"completed"}},
    std::pair{DeploymentStatus::failed, std::string_view{"failed"}},
    std::pair{DeploymentStatus::cancelled, std::string_view{"cancelled"}},
};

constexpr std::array k_kind_words{
    std::pair{DeploymentKind::deploy, std::string_view{"deploy"}},
    std::pair{DeploymentKind::retry, std::string_view{"retry"}},
    std::pair{DeploymentKind::promote, std::string_view{"promote"}},
    std::pair{DeploymentKind::rollback, std::string_view{"rollback"}},
};

constexpr std::array k_step_name_words{
    std::pair{StepName::validate, std::string_view{"validate"}},
    std::pair{StepName::sync, std::string_view{"sync"}},
    std::pair{StepName::sandbox, std::string_view{"sandbox"}},
    std::pair{StepName::build, std::string_view{"build"}},
    std::pair{StepName::deploy, std::string_view{"deploy"}},
    std::pair{StepName::cleanup, std::string_view{"cleanup"}},
};

constexpr std::array k_step_status_words{
    std::pair{StepStatus::pending, std::string_view{"pending"}},
    std::pair{StepStatus::in_progress, std::string_view{"in_progress"}},
    std::pair{StepStatus::completed, std::string_view{"completed"}},
    std::pair{StepStatus::failed, std::string_view{"failed"}},
};

constexpr std::array k_on_conflict_words{
    std::pair{OnConflict::reject, std::string_view{"reject"}},
    std::pair{OnConflict::supersede, std::string_view{"supersede"}},
    std::pair{OnConflict::queue, std::string_view{"queue"}},
};

template <class Words, class Value>
std::string_view word_of(const Words& words, Value value) noexcept
{
    for (const auto& [candidate, word] : words) {
        if (candidate == value) {
            return word;
        }
    }
    return "unknown";
}

template <class Value, class Words>
std::optional<Value> value_of(const Words& words, std::string_view sought) noexcept
{
    for (const auto& [value, word] : words) {
        if (word == sought) {
            return value;
        }
    }
    return std::nullopt;
}

}  // namespace

std::string_view to_string(DeploymentStatus status) noexcept
{
    return word_of(k_deployment_words, status);
}

std::string_view to_string(DeploymentKind kind) noexcept
{
    return word_of(k_kind_words, kind);
}

std::string_view to_string(StepName step) noexcept
{
    return word_of(k_step_name_words, step);
}

std::string_view to_string(StepStatus status) noexcept
{
    return word_of(k_step_status_words, status);
}

std::optional<DeploymentStatus> parse_deployment_status(std::string_view word) noexcept
{
    return value_of<DeploymentStatus>(k_deployment_words, word);
}

std::optional<DeploymentKind> parse_deployment_kind(std::string_view word) noexcept
{
    return value_of<DeploymentKind>(k_kind_words, word);
}

std::optional<StepName> parse_step_name(std::string_view word) noexcept
{
    return value_of<StepName>(k_step_name_words, word);
}

std::optional<StepStatus> parse_step_status(std::string_view word) noexcept
{
    return value_of<StepStatus>(k_step_status_words, word);
}

std::string_view to_string(OnConflict choice) noexcept
{
    return word_of(k_on_conflict_words, choice);
}

std::optional<OnConflict> parse_on_conflict(std::string_view word) noexcept
{
    return value_of<OnConflict>(k_on_conflict_words, word);
}

bool is_terminal(DeploymentStatus status) noexcept
{
    return status != DeploymentStatus::queued && status != DeploymentStatus::in_progress;
}

bool DeploymentParams::has_uploads() const
{
    return std::any_of(init_files.begin(), init_files.end(), [](const SourceFile& file) {
        return std::holds_alternative<Upload>(file.content);
    });
}

}  // namespace libra
