#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <utility>
#include <vector>

/// @file Questions that come at the same time, answered together.

namespace libra {

/// Nobody waits for company: a question that comes while fewer than `most_at_once` groups are under
/// way is answered at once, and the others gather until one of these is done. So groups are as
/// large as the load is. Thread-safe.
template <class Question, class Answer>
class Gathering {
public:
    using Questions = std::vector<const Question*>;
    using Answers = std::vector<Answer>;

    /// One answer for each question, in their order. Called on a thread that asks.
    using Work = std::function<Answers(const Questions&)>;

    Gathering(std::size_t most_together, std::size_t most_at_once, Work work)
        : most_together_{most_together}, most_at_once_{most_at_once}, work_{std::move(work)}
    {
    }

    /// Blocks until the group that `question` came into is answered, so for no longer than the
    /// groups before it and its own take. What `work` throws reaches everyone in the group.
    Answer ask(const Question& question)
    {
        Asker me{.question = question};
        std::unique_lock lock{mutex_};
        waiting_.push_back(&me);
        me.called.wait(lock, [&] { return me.answered || may_lead(me); });
        if (!me.answered) {
            lead(lock);
        }
        lock.unlock();
        return me.answers.get().at(me.place);
    }

    /// How many questions wait for their group to begin.
    std::size_t waiting() const
    {
        const std::scoped_lock lock{mutex_};
        return waiting_.size();
    }

private:
    struct Asker {
        const Question& question;
        std::condition_variable called{};  // to lead a group, or to take the answer
        bool answered{false};
        std::shared_future<Answers> answers{};  // of the group
        std::size_t place{};                    // of ours among them
    };

    using Group = std::vector<Asker*>;

    bool may_lead(const Asker& asker) const
    {
        return under_way_ < most_at_once_ && !waiting_.empty() && waiting_.front() == &asker;
    }

    void lead(std::unique_lock<std::mutex>& lock)
    {
        const Group group = take();
        ++under_way_;
        call_next();
        lock.unlock();
        const std::shared_future<Answers> answers = answer(group);
        lock.lock();
        --under_way_;
        for (std::size_t place = 0; place < group.size(); ++place) {
            Asker& asker = *group[place];
            asker.answers = answers;
            asker.place = place;
            asker.answered = true;
            asker.called.notify_one();
        }
        call_next();
    }

    Group take()
    {
        const auto count = std::min(waiting_.size(), most_together_);
        const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
        Group group{waiting_.begin(), end};
        waiting_.erase(waiting_.begin(), end);
        return group;
    }

    void call_next()
    {
        if (!waiting_.empty()) {
            waiting_.front()->called.notify_one();
        }
    }

    std::shared_future<Answers> answer(const Group& group) const
    {
        Questions questions;
        questions.reserve(group.size());
        for (const Asker* const asker : group) {
            questions.push_back(&asker->question);
        }
        std::packaged_task<Answers()> work{[&] { return work_(questions); }};
        work();
        return work.get_future().share();
    }

    const std::size_t most_together_;
    const std::size_t most_at_once_;
    const Work work_;
    mutable std::mutex mutex_;
    std::deque<Asker*> waiting_;
    std::size_t under_way_{0};
};

}  // namespace libra
