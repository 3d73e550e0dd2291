#include "shared/base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <optional>
#include <vector>

namespace libra {

Result<void> in_parallel(
    std::size_t tasks,
    std::size_t threads,
    const std::function<Result<void>(std::size_t)>& task
)
{
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::optional<Error> failed;  // guarded by mutex
    const auto work = [&] {
        for (std::size_t i = next++; i < tasks; i = next++) {
            const Result<void> done = task(i);
            if (done.has_error()) {
                const std::scoped_lock lock{mutex};
                failed = failed.value_or(done.error());
                next = tasks;
            }
        }
    };
    std::vector<std::future<void>> others;
    while (others.size() + 1 < std::min(threads, tasks)) {
        others.push_back(std::async(std::launch::async, work));
    }
    work();
    for (std::future<void>& other : others) {
        other.get();
    }
    return failed ? Result<void>{*failed} : Result<void>{};
}

}  // namespace libra
