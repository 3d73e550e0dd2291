#pragma once

#include "shared/http/body_stream.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace libra::testing {

/// What is said into it comes out of every stream made of it. Outlives them. Thread-safe.
class ScriptedStream {
public:
    explicit ScriptedStream(std::chrono::milliseconds quiet) : quiet_{quiet} {}

    std::shared_ptr<BodyStream> open() { return std::make_shared<Stream>(*this); }

    void say(const std::string& piece)
    {
        const std::scoped_lock lock{mutex_};
        waiting_ += piece;
        rouse();
    }

    void end()
    {
        const std::scoped_lock lock{mutex_};
        ended_ = true;
        rouse();
    }

    /// Blocks until that many streams were destroyed.
    void wait_until_left(int streams)
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return left_ >= streams; });
    }

private:
    class Stream final : public BodyStream {
    public:
        explicit Stream(ScriptedStream& script) : script_{script} {}

        ~Stream() override
        {
            const std::scoped_lock lock{script_.mutex_};
            script_.wake_ = nullptr;
            ++script_.left_;
            script_.changed_.notify_all();
        }

        Stream(const Stream&) = delete;
        Stream& operator=(const Stream&) = delete;

        void start(std::function<void()> wake) override
        {
            const std::scoped_lock lock{script_.mutex_};
            script_.wake_ = std::move(wake);
        }

        More take(std::string& piece) override
        {
            const std::scoped_lock lock{script_.mutex_};
            piece += std::exchange(script_.waiting_, {});
            return script_.ended_ ? More::none : More::to_come;
        }

        std::string_view filler() const override { return ":\n\n"; }

        std::chrono::milliseconds quiet_limit() const override { return script_.quiet_; }

    private:
        ScriptedStream& script_;
    };

    void rouse() const
    {
        if (wake_) {
            wake_();
        }
    }

    const std::chrono::milliseconds quiet_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string waiting_;
    std::function<void()> wake_;
    bool ended_{false};
    int left_{0};
};

}  // namespace libra::testing
