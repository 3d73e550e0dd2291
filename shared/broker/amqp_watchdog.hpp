#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

/// @file Ends calls into rabbitmq-c that would never return.
///
/// A send to a peer that reads no more blocks inside the library without a limit; shutting the
/// socket from outside is the only way to get the thread back.

namespace libra {

class AmqpWatchdog {
public:
    /// Watches calls made on `socket`, of which it keeps a duplicate: the library may close its own
    /// at any time. A call that lasts longer than `limit` (at most half as much again) has the
    /// socket shut under it, and every later call fails as well.
    AmqpWatchdog(int socket, std::chrono::milliseconds limit);
    ~AmqpWatchdog();
    AmqpWatchdog(const AmqpWatchdog&) = delete;
    AmqpWatchdog& operator=(const AmqpWatchdog&) = delete;

    /// Runs `call` under watch and returns what it returns. One thread.
    template <class Call>
    auto watch(const Call& call)
    {
        const Watched watched{calls_};
        return call();
    }

private:
    class Watched {
    public:
        explicit Watched(std::atomic<std::uint64_t>& calls) : calls_{calls} { ++calls_; }

        ~Watched() { ++calls_; }

        Watched(const Watched&) = delete;
        Watched& operator=(const Watched&) = delete;

    private:
        std::atomic<std::uint64_t>& calls_;
    };

    void run(const std::stop_token& stop);

    int socket_;
    std::chrono::milliseconds limit_;
    std::atomic<std::uint64_t> calls_{0};  // odd while one is under way
    std::mutex mutex_;
    std::condition_variable_any stopped_;
    std::jthread thread_;
};

}  // namespace libra
