#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

/// @file Threads that may block, with a bound on the work that waits for them.

namespace libra {

/// Thread-safe.
class BoundedPool {
public:
    using Job = std::function<void()>;

    BoundedPool(std::size_t threads, std::size_t queued);

    ~BoundedPool() { stop(); }

    BoundedPool(const BoundedPool&) = delete;
    BoundedPool& operator=(const BoundedPool&) = delete;

    /// @return false if the queue is full; the job will not run. A job must not throw.
    bool try_submit(Job job);

    /// Waits for the jobs that have begun and drops the rest. One thread, and not one of the
    /// pool's.
    void stop();

private:
    void work();

    const std::size_t most_queued_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> queue_;
    bool stopping_{false};
    std::vector<std::thread> threads_;
};

}  // namespace libra
