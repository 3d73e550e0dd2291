#include "api-gateway/service/backlog_metrics.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace libra {

namespace {

constexpr std::chrono::seconds k_fresh_for{5};

double seconds(std::chrono::milliseconds time)
{
    return std::chrono::duration<double>{time}.count();
}

}  // namespace

BacklogMetrics::BacklogMetrics(
    OperationsStore& operations,
    Clock& clock,
    std::function<bool()> database_up,
    Metrics& metrics
)
    : operations_{operations}, clock_{clock}, database_up_{std::move(database_up)}
{
    follow(
        metrics,
        "libra_outbox_messages",
        "Messages of the platform that wait for the broker; the same from every gateway.",
        [](const BacklogReading& left) { return static_cast<double>(left.unsent); }
    );
    follow(
        metrics,
        "libra_outbox_oldest_seconds",
        "For how long the oldest of them has been due; the same from every gateway.",
        [](const BacklogReading& left) { return seconds(left.unsent_oldest); }
    );
    follow(
        metrics,
        "libra_deployment_oldest_queued_seconds",
        "Age of the oldest queued deployment that could run, not held up by its project or "
        "organisation; the same from every gateway.",
        [](const BacklogReading& left) { return seconds(left.queued_oldest); }
    );
    follow(
        metrics,
        "libra_dead_letters_open",
        "Dead letters that nobody has dealt with; the same from every gateway.",
        [](const BacklogReading& left) { return static_cast<double>(left.open_letters); }
    );
    metrics.follow_all(
        "libra_deployments",
        "Deployments that are not over, by status; the same from every gateway.",
        [this] {
            Samples samples;
            if (const std::optional<BacklogReading> left = reading()) {
                samples.push_back({{{"status", "queued"}}, static_cast<double>(left->queued)});
                samples.push_back(
                    {{{"status", "in_progress"}}, static_cast<double>(left->in_progress)}
                );
            }
            return samples;
        }
    );
}

void BacklogMetrics::follow(
    Metrics& metrics,
    const std::string& name,
    const std::string& help,
    Value value
)
{
    metrics.follow_all(name, help, [this, value = std::move(value)] {
        const std::optional<BacklogReading> left = reading();
        return left ? Samples{{.value = value(*left)}} : Samples{};
    });
}

std::optional<BacklogReading> BacklogMetrics::reading()
{
    const std::scoped_lock lock{mutex_};
    if (!database_up_()) {
        return std::nullopt;
    }
    if (!asked_at_ || clock_.now() - *asked_at_ >= k_fresh_for) {
        const Result<BacklogReading> left = operations_.backlog();
        reading_ = left.has_value() ? std::optional{*left} : std::nullopt;
        asked_at_ = clock_.now();
    }
    return reading_;
}

}  // namespace libra
