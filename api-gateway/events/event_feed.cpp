#include "api-gateway/events/event_feed.hpp"

#include "api-gateway/events/event_subscriber.hpp"
#include "api-gateway/events/event_text.hpp"

#include <utility>

namespace libra {

class EventFeed::Stream final : public BodyStream {
public:
    Stream(EventFeed& feed, std::shared_ptr<Subscriber> subscriber)
        : feed_{feed}, subscriber_{std::move(subscriber)}
    {
    }

    ~Stream() override { feed_.leave(subscriber_); }

    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    void start(std::function<void()> wake) override
    {
        const std::scoped_lock lock{feed_.mutex_};
        subscriber_->wake = std::move(wake);
    }

    More take(std::string& piece) override
    {
        const std::scoped_lock lock{feed_.mutex_};
        piece += std::exchange(subscriber_->ready, {});
        if (subscriber_->over) {
            return More::none;
        }
        if (subscriber_->behind) {
            feed_.something_due_ = true;
            feed_.changed_.notify_one();
        }
        return More::to_come;
    }

    std::string_view filler() const override { return k_event_comment; }

    std::chrono::milliseconds quiet_limit() const override { return feed_.limits_.quiet; }

private:
    EventFeed& feed_;
    std::shared_ptr<Subscriber> subscriber_;  // the feed may be reading for it when this goes
};

EventFeed::EventFeed(EventStore& store, Clock& clock, Log log, EventFeedLimits limits)
    : store_{store}, clock_{clock}, log_{std::move(log)}, limits_{limits}
{
}

EventFeed::~EventFeed() = default;

EventFeed::Opened
EventFeed::open(const Reader& reader, const std::string& deployment_id, std::int64_t after)
{
    auto subscriber = std::make_shared<Subscriber>();
    subscriber->reader = reader;
    subscriber->deployment_id = deployment_id;
    subscriber->place = after;
    subscriber->since = clock_.now();
    {
        const std::scoped_lock lock{mutex_};
        if (subscribers_.size() >= limits_.streams) {
            return {.seating = Seating::full};
        }
        std::size_t& of_user = by_user_[reader.user_id];
        if (of_user >= limits_.streams_per_user) {
            return {.seating = Seating::user_full};
        }
        ++of_user;
        subscribers_.insert(subscriber);
    }
    return {.seating = Seating::seated, .stream = std::make_shared<Stream>(*this, subscriber)};
}

void EventFeed::leave(const std::shared_ptr<Subscriber>& subscriber)
{
    const std::scoped_lock lock{mutex_};
    subscriber->wake = nullptr;
    subscriber->over = true;
    subscribers_.erase(subscriber);
    const auto of_user = by_user_.find(subscriber->reader.user_id);
    if (--of_user->second == 0) {
        by_user_.erase(of_user);
    }
}

void EventFeed::notice(const std::string& deployment_id)
{
    if (deployment_id.empty()) {
        notice_all();
        return;
    }
    const std::scoped_lock lock{mutex_};
    for (const auto& subscriber : subscribers_) {
        if (subscriber->deployment_id == deployment_id) {
            subscriber->behind = true;
            something_due_ = true;
        }
    }
    if (something_due_) {
        changed_.notify_one();
    }
}

void EventFeed::notice_all()
{
    const std::scoped_lock lock{mutex_};
    for (const auto& subscriber : subscribers_) {
        subscriber->behind = true;
    }
    something_due_ = true;
    changed_.notify_one();
}

void EventFeed::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        bool told = false;
        {
            std::unique_lock lock{mutex_};
            told = changed_.wait_for(lock, stop, limits_.poll, [this] { return something_due_; });
        }
        if (!told) {
            notice_all();
        }
        if (!read_once()) {
            clock_.wait_for(limits_.retry, stop);
        }
    }
}

bool EventFeed::read_once()
{
    bool answered = true;
    for (const auto& [question, askers] : due()) {
        answered = answer(question, askers) && answered;
    }
    return answered;
}

std::map<EventFeed::Question, EventFeed::Subscribers> EventFeed::due()
{
    const Instant now = clock_.now();
    std::map<Question, Subscribers> due;
    const std::scoped_lock lock{mutex_};
    something_due_ = false;
    for (const auto& subscriber : subscribers_) {
        if (subscriber->over || !subscriber->wake || !subscriber->ready.empty()) {
            continue;
        }
        if (now - subscriber->since >= limits_.longest) {
            end(*subscriber);
        } else if (subscriber->behind) {
            subscriber->behind = false;
            due[{.deployment_id = subscriber->deployment_id,
                 .after = subscriber->place,
                 .user_id = subscriber->reader.user_id,
                 .everywhere = subscriber->reader.everywhere}]
                .push_back(subscriber);
        }
    }
    return due;
}

bool EventFeed::answer(const Question& question, const Subscribers& askers)
{
    const Result<EventPage> page = store_.events(
        {.user_id = question.user_id, .everywhere = question.everywhere},
        question.deployment_id,
        question.after,
        limits_.page
    );
    std::string text;
    if (page.has_value()) {
        for (const DeploymentEvent& event : page->events) {
            append_event(text, event);
        }
    }
    const bool gone = page.has_error() && page.error().code == Errc::not_found;
    const bool answered = page.has_value() || gone;
    if (!answered) {
        log_.warning("events cannot be read", {{"reason", page.error().detail}});
    }
    const std::scoped_lock lock{mutex_};
    for (const auto& subscriber : askers) {
        if (page.has_value()) {
            deliver(*subscriber, *page, text);
        } else if (gone) {
            end(*subscriber);
        } else {
            subscriber->behind = true;
            something_due_ = true;
        }
    }
    return answered;
}

void EventFeed::deliver(Subscriber& subscriber, const EventPage& page, const std::string& text)
    const
{
    if (subscriber.over) {
        return;
    }
    subscriber.ready = text;
    if (!page.events.empty()) {
        subscriber.place = page.events.back().place;
    }
    subscriber.behind = subscriber.behind || std::cmp_equal(page.events.size(), limits_.page);
    subscriber.over = page.finished || page.last < subscriber.place;
    if (!text.empty() || subscriber.over) {
        subscriber.rouse();
    }
}

void EventFeed::end(Subscriber& subscriber)
{
    subscriber.over = true;
    subscriber.rouse();
}

std::size_t EventFeed::streams() const
{
    const std::scoped_lock lock{mutex_};
    return subscribers_.size();
}

}  // namespace libra
