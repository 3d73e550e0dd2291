#pragma once

#include "shared/http/application.hpp"
#include "tests/support/scripted_stream.hpp"

#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace libra::testing {

/// `/quick` is answered from the head; `/echo` gives back the body; `/held` waits for `release`;
/// `/broken` throws; `/large` answers a megabyte; `/stream` and `/quiet` what is said into the
/// streams of these names. Keeps what was served.
class ScriptedApplication final : public Application {
public:
    struct Record {
        std::string method;
        std::string path;
        std::string client;
        int status;
        bool aborted;
    };

    std::optional<HttpResponse> answer_at_once(const HttpRequest& head) override
    {
        if (head.path == "/quick") {
            return HttpResponse{.status = 200, .headers = {}, .body = "quick"};
        }
        if (head.path == "/quickly-broken") {
            throw std::runtime_error{"broken"};
        }
        return std::nullopt;
    }

    HttpResponse answer(const HttpRequest& request) override
    {
        if (request.path == "/broken") {
            throw std::runtime_error{"broken"};
        }
        if (request.path == "/held") {
            std::unique_lock lock{mutex_};
            ++held_;
            changed_.notify_all();
            changed_.wait(lock, [this] { return released_; });
        }
        if (request.path == "/stream") {
            return {.status = 200, .stream = stream.open()};
        }
        if (request.path == "/quiet") {
            return {.status = 200, .stream = quiet.open()};
        }
        if (request.path == "/large") {
            return {.status = 200, .headers = {}, .body = std::string(1U << 20U, 'x')};
        }
        return {.status = 200, .headers = {}, .body = "echo:" + std::string{request.body}};
    }

    HttpResponse refuse(const ErrorKind& error) override
    {
        return {.status = error.status, .headers = {}, .body = std::string{error.code}};
    }

    void finish(const HttpRequest& /*request*/, HttpResponse& response) override
    {
        response.headers.emplace_back("X-Finished", "yes");
    }

    void served(const ServedRequest& served) override
    {
        const std::scoped_lock lock{mutex_};
        records_.push_back(
            {std::string{served.request.method},
             served.request.path,
             served.request.client,
             served.status,
             served.aborted}
        );
        changed_.notify_all();
    }

    void wait_until_held(int requests)
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return held_ >= requests; });
    }

    void release()
    {
        const std::scoped_lock lock{mutex_};
        released_ = true;
        changed_.notify_all();
    }

    /// Blocks until that many answers were sent.
    std::vector<Record> records(std::size_t at_least)
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return records_.size() >= at_least; });
        return records_;
    }

    ScriptedStream stream{std::chrono::minutes{10}};
    ScriptedStream quiet{std::chrono::milliseconds{1}};

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int held_{0};
    bool released_{false};
    std::vector<Record> records_;
};

}  // namespace libra::testing
