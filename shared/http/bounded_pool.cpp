#include "shared/http/bounded_pool.hpp"

#include <utility>

namespace libra {

BoundedPool::BoundedPool(std::size_t threads, std::size_t queued) : most_queued_{queued}
{
    threads_.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { work(); });
    }
}

void BoundedPool::stop()
{
    {
        const std::scoped_lock lock{mutex_};
        stopping_ = true;
        queue_.clear();
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

bool BoundedPool::try_submit(Job job)
{
    {
        const std::scoped_lock lock{mutex_};
        if (stopping_ || queue_.size() >= most_queued_) {
            return false;
        }
        queue_.push_back(std::move(job));
    }
    changed_.notify_one();
    return true;
}

void BoundedPool::work()
{
    std::unique_lock lock{mutex_};
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) {
            return;
        }
        const Job job = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        job();
        lock.lock();
    }
}

}  // namespace libra
