#include "shared/broker/amqp_publisher.hpp"

#include <utility>

namespace libra {

namespace {

AmqpEndpoint named(AmqpEndpoint endpoint)
{
    endpoint.connection_name += " publisher";
    return endpoint;
}

std::vector<Result<void>> same_for_all(std::size_t count, const std::string& why)
{
    return std::vector<Result<void>>(count, Error{Errc::unavailable, why});
}

}  // namespace

struct AmqpPublisher::Job {
    std::span<const OutgoingMessage> messages;
    Instant deadline;
    std::vector<Result<void>> answers{};
    bool finished{false};
};

AmqpPublisher::AmqpPublisher(
    AmqpEndpoint endpoint,
    BrokerTopology topology,
    Clock& clock,
    Random& random,
    const Log& log,
    PublisherPolicy policy
)
    : queue_{topology.queue},
      clock_{clock},
      policy_{policy},
      dialer_{
          named(std::move(endpoint)),
          std::move(topology),
          clock,
          random,
          log.with({{"connection", "publisher"}}),
          policy.reconnect},
      thread_{[this](const std::stop_token& stop) { run(stop); }}
{
}

AmqpPublisher::~AmqpPublisher()
{
    thread_.request_stop();
    wake_.signal();
    thread_.join();
}

std::vector<Result<void>> AmqpPublisher::publish(std::span<const OutgoingMessage> messages)
{
    Job job{.messages = messages, .deadline = clock_.now() + policy_.times.confirm_within};
    std::unique_lock lock{mutex_};
    if (!open_) {
        return same_for_all(messages.size(), refusal_);
    }
    jobs_.push_back(&job);
    wake_.signal();
    finished_.wait(lock, [&] { return job.finished; });
    return std::move(job.answers);
}

bool AmqpPublisher::healthy() const
{
    return open_ && !line_.blocked && clock_.now() - line_.heard.load() < policy_.fresh_for;
}

std::optional<QueueReading> AmqpPublisher::queue() const
{
    const Instant counted = line_.counted;
    const bool fresh = counted != Instant{} && clock_.now() - counted < policy_.fresh_for;
    if (!healthy() || !fresh) {
        return std::nullopt;
    }
    return QueueReading{.ready = line_.ready, .consumers = line_.consumers};
}

void AmqpPublisher::run(const std::stop_token& stop)
{
    while (auto connection = dialer_.dial(stop)) {
        PublishSession session{std::move(*connection), queue_, clock_, policy_.times, line_};
        const Error why = serve(session, stop);
        refuse_all(why.detail);
        if (stop.stop_requested()) {
            session.close();
            return;
        }
        dialer_.lost(why);
    }
}

Error AmqpPublisher::serve(PublishSession& session, const std::stop_token& stop)
{
    Result<void> alive = session.start();
    while (alive && !stop.stop_requested()) {
        alive = session.turn();
        if (!alive) {
            break;
        }
        if (Job* job = next_job()) {
            alive = session.carry(job->messages, job->deadline, wake_, job->answers);
            finish(*job, alive);
        } else {
            session.wait(wake_, policy_.times.check_every);
        }
    }
    return alive ? Error{Errc::unavailable, "the publisher is being stopped"} : alive.error();
}

AmqpPublisher::Job* AmqpPublisher::next_job()
{
    if (line_.blocked) {
        refuse_all("the broker has blocked publishers");
        return nullptr;
    }
    const std::scoped_lock lock{mutex_};
    open_ = true;
    if (jobs_.empty()) {
        return nullptr;
    }
    Job* job = jobs_.front();
    jobs_.pop_front();
    return job;
}

// Whoever sees the answer of a job that lost the connection also sees that it is lost.
void AmqpPublisher::finish(Job& job, const Result<void>& alive)
{
    const std::scoped_lock lock{mutex_};
    if (!alive) {
        open_ = false;
        refusal_ = alive.error().detail;
    }
    job.finished = true;
    finished_.notify_all();
}

void AmqpPublisher::refuse_all(const std::string& why)
{
    const std::scoped_lock lock{mutex_};
    open_ = false;
    refusal_ = why;
    for (Job* job : std::exchange(jobs_, {})) {
        job->answers = same_for_all(job->messages.size(), why);
        job->finished = true;
    }
    finished_.notify_all();
}

}  // namespace libra
