#include "deploy-worker/intake/intake.hpp"

#include "shared/wire/queue_message.hpp"

#include <exception>
#include <utility>
#include <variant>

namespace libra {

namespace {

constexpr BackoffPolicy k_database_pauses{
    .base = std::chrono::milliseconds{200},
    .cap = std::chrono::seconds{2}};

const char* to_string(ClaimRefusal refusal)
{
    switch (refusal) {
    case ClaimRefusal::unknown:
        return "no such deployment";
    case ClaimRefusal::terminal:
        return "already finished";
    case ClaimRefusal::cancelled:
        return "cancelled";
    case ClaimRefusal::exhausted:
        return "attempts used up";
    case ClaimRefusal::leased_elsewhere:
        return "another worker holds it";
    case ClaimRefusal::held:
        return "its project's active deployment comes first";
    case ClaimRefusal::parked:
        return "waits for a slot";
    case ClaimRefusal::completed:
        return "live, and completed now";
    }
    return "refused";
}

/// Repeats `call` while the database is away. @return its last answer.
template <class Call>
auto insist(Call call, Clock& clock, Random& random, const Log& log, const std::stop_token& stop)
{
    Backoff pauses{k_database_pauses, random};
    while (true) {
        auto answer = call();
        if (!answer.has_error() || answer.error().code != Errc::unavailable) {
            return answer;
        }
        log.warning("database away; trying again", {{"reason", answer.error().detail}});
        if (!clock.wait_for(pauses.next(), stop)) {
            return answer;
        }
    }
}

}  // namespace

Intake::Intake(
    WorkStore& work,
    DeadLetterStore& dead_letters,
    Pipeline& pipeline,
    Clock& clock,
    Random& random,
    Log log,
    std::string worker_id,
    Room room,
    WorkObserver& observer
)
    : work_{work},
      dead_letters_{dead_letters},
      pipeline_{pipeline},
      clock_{clock},
      random_{random},
      log_{std::move(log)},
      worker_id_{std::move(worker_id)},
      room_{std::move(room)},
      observer_{observer}
{
}

void Intake::accept(Delivery delivery)
{
    const std::scoped_lock lock{mutex_};
    if (ended_) {
        return;  // the delivery goes back to the queue
    }
    waiting_ = std::move(delivery);
    arrived_.notify_one();
}

void Intake::run(const std::stop_token& stop)
{
    while (std::optional<Delivery> delivery = next(stop)) {
        try {
            process(*std::move(delivery), stop);
        } catch (const std::exception& bug) {
            log_.error("delivery failed in an unexpected way", {{"reason", bug.what()}});
        }
    }
}

std::optional<Delivery> Intake::next(const std::stop_token& stop)
{
    std::unique_lock lock{mutex_};
    arrived_.wait(lock, stop, [this] { return waiting_.has_value(); });
    if (stop.stop_requested()) {
        ended_ = true;
        waiting_.reset();
    }
    return std::exchange(waiting_, std::nullopt);
}

void Intake::process(Delivery delivery, const std::stop_token& stop)
{
    const Result<QueueMessage> message = decode_queue_message(delivery.body());
    if (message.has_error()) {
        bury(std::move(delivery), message.error().detail, stop);
        return;
    }
    serve_first_in_line(stop);
    wait_for_room(stop);
    switch (work_on(message->deployment_id, log_of(delivery), stop)) {
    case MessageEnd::settled:
        delivery.ack();
        return;
    case MessageEnd::again:
        return;
    case MessageEnd::poison:
        bury(std::move(delivery), "/deploymentId names no deployment", stop);
        return;
    }
}

void Intake::bury(Delivery delivery, const std::string& reason, const std::stop_token& stop)
{
    const auto record = [&] { return dead_letters_.record_poison(delivery.body(), reason); };
    const Log log = log_of(delivery);
    const Result<void> recorded = insist(record, clock_, random_, log, stop);
    if (recorded.has_error()) {
        log.error("poison message not recorded", {{"reason", recorded.error().detail}});
        return;
    }
    log.warning("poison message sent to the dead letters", {{"reason", reason}});
    observer_.buried(DeadLetterSource::message);
    delivery.ack();
}

void Intake::wait_for_room(const std::stop_token& stop)
{
    constexpr std::chrono::seconds k_pause{1};
    // The broker takes a delivery back after half an hour; by then somebody has to have tried.
    constexpr std::chrono::minutes k_patience{20};
    const Instant give_up = clock_.now() + k_patience;
    if (!room_()) {
        log_.warning("no deployment is begun: there is no room on the disks");
    }
    while (!room_() && clock_.now() < give_up && clock_.wait_for(k_pause, stop)) {
        serve_first_in_line(stop);
    }
}

/// Their own messages wait behind others, and find them done.
void Intake::serve_first_in_line(const std::stop_token& stop)
{
    std::string last;
    while (!stop.stop_requested()) {
        const Result<std::optional<std::string>> first = work_.first_in_line();
        if (first.has_error() || !*first || **first == last) {
            return;
        }
        last = **first;
        static_cast<void>(work_on(last, log_, stop));
    }
}

Log Intake::log_of(const Delivery& delivery) const
{
    const auto parent = delivery.headers().find("traceparent");
    const auto trace =
        parent == delivery.headers().end() ? std::nullopt : read_trace(parent->second, "");
    return trace ? log_.with({{"trace_id", trace->trace_id}}) : log_;
}

Intake::MessageEnd
Intake::work_on(const std::string& deployment_id, const Log& log, const std::stop_token& stop)
{
    Instant claimed_at{};
    const auto claim = [&] {
        claimed_at = clock_.now();
        return work_.claim(deployment_id, worker_id_);
    };
    const Result<ClaimAnswer> answer = insist(claim, clock_, random_, log, stop);
    if (answer.has_error()) {
        log.error(
            "deployment not claimed",
            {{"deployment_id", deployment_id}, {"reason", answer.error().detail}}
        );
        return MessageEnd::again;
    }
    if (const auto* refusal = std::get_if<ClaimRefusal>(&*answer)) {
        log.info(
            "message needs no work",
            {{"deployment_id", deployment_id}, {"reason", to_string(*refusal)}}
        );
        observer_.refused(*refusal);
        return *refusal == ClaimRefusal::unknown ? MessageEnd::poison : MessageEnd::settled;
    }
    ClaimedDeployment claimed = std::get<ClaimedDeployment>(*answer);
    claimed.trace = span_below(claimed.trace, random_);
    const JobEnd end = pipeline_.run(claimed, claimed_at);
    return end == JobEnd::settled ? MessageEnd::settled : MessageEnd::again;
}

}  // namespace libra
