#pragma once

#include "deploy-worker/pipeline/pipeline.hpp"
#include "shared/base/backoff.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/broker/consumer.hpp"
#include "shared/storage/dead_letter_store.hpp"
#include "shared/storage/work_store.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

/// @file From a message to a claimed deployment, and from its end to the acknowledgement.
///
/// Upstream: the consumer's thread calls `accept`. Downstream: the pipeline, on the thread that
/// called `run`.

namespace libra {

class Intake {
public:
    /// Whether there is room on this worker's disks for another deployment. Never blocks.
    using Room = std::function<bool()>;

    /// The references must outlive the intake.
    Intake(
        WorkStore& work,
        DeadLetterStore& dead_letters,
        Pipeline& pipeline,
        Clock& clock,
        Random& random,
        Log log,
        std::string worker_id,
        Room room = [] { return true; },
        WorkObserver& observer = no_observer()
    );

    /// Takes a delivery over and returns at once. With prefetch 1 there is never a second one. Once
    /// `run` has ended it goes back to the queue.
    void accept(Delivery delivery);

    /// Works off deliveries until `stop` is requested and the one under way is done.
    void run(const std::stop_token& stop);

private:
    /// @return nothing once `stop` is requested.
    std::optional<Delivery> next(const std::stop_token& stop);
    void process(Delivery delivery, const std::stop_token& stop);
    enum class MessageEnd {
        settled,  // nothing is left of it to do
        again,    // has to come again
        poison,   // of no deployment
    };

    void bury(Delivery delivery, const std::string& reason, const std::stop_token& stop);
    /// What makes a finished release live again needs no room, and goes on meanwhile.
    void wait_for_room(const std::stop_token& stop);
    void serve_first_in_line(const std::stop_token& stop);
    MessageEnd
    work_on(const std::string& deployment_id, const Log& log, const std::stop_token& stop);
    /// For lines about a message that may come to nothing: what is claimed says its trace itself.
    Log log_of(const Delivery& delivery) const;

    WorkStore& work_;
    DeadLetterStore& dead_letters_;
    Pipeline& pipeline_;
    Clock& clock_;
    Random& random_;
    Log log_;
    std::string worker_id_;
    Room room_;
    WorkObserver& observer_;
    std::mutex mutex_;
    std::condition_variable_any arrived_;
    std::optional<Delivery> waiting_;
    bool ended_{false};
};

}  // namespace libra
