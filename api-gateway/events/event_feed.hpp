#pragma once

#include "api-gateway/events/event_feed_limits.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/log.hpp"
#include "shared/http/body_stream.hpp"
#include "shared/storage/event_signals.hpp"
#include "shared/storage/event_store.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

/// @file From the events in the database to everyone who watches a deployment on this gateway.
///
/// One thread reads for all streams. A stream keeps one page at most: the next one is read when the
/// client has taken what is there, so a slow one costs itself time and nobody else anything.

namespace libra {

enum class Seating { seated, full, user_full };

/// Thread-safe. Must outlive its streams.
class EventFeed {
public:
    /// The references must outlive it.
    EventFeed(EventStore& store, Clock& clock, Log log, EventFeedLimits limits);
    ~EventFeed();
    EventFeed(const EventFeed&) = delete;
    EventFeed& operator=(const EventFeed&) = delete;

    struct Opened {
        Seating seating{};
        std::shared_ptr<BodyStream> stream{};  // when seated
    };

    /// A stream of what comes after the place `after`. It ends with the deployment, when the
    /// reader may not see it any more, and after `longest`.
    Opened open(const Reader& reader, const std::string& deployment_id, std::int64_t after);

    /// To be called with what EventSignals tells.
    void notice(const std::string& deployment_id);

    /// Reads for the streams until `stop`. One thread.
    void run(const std::stop_token& stop);

    /// Reads one page for each stream that may have something to come. @return whether the
    /// database answered. For `run` and for tests.
    bool read_once();

    /// As if word had come of everything.
    void notice_all();

    std::size_t streams() const;

private:
    struct Subscriber;
    class Stream;
    struct Question;
    using Subscribers = std::vector<std::shared_ptr<Subscriber>>;

    std::map<Question, Subscribers> due();
    bool answer(const Question& question, const Subscribers& askers);
    void deliver(Subscriber& subscriber, const EventPage& page, const std::string& text) const;
    static void end(Subscriber& subscriber);
    void leave(const std::shared_ptr<Subscriber>& subscriber);

    EventStore& store_;
    Clock& clock_;
    const Log log_;
    const EventFeedLimits limits_;
    mutable std::mutex mutex_;  // of all below, and of what subscribers hold
    std::condition_variable_any changed_;
    std::set<std::shared_ptr<Subscriber>> subscribers_;
    std::map<std::string, std::size_t> by_user_;
    bool something_due_{false};
};

}  // namespace libra
