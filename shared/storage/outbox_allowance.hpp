#pragma once

#include <atomic>
#include <optional>

namespace libra {

/// When the rows of the outbox have to be counted before one is added.
///
/// A count allows a tenth of the room it found to be filled without another one. Up to ten
/// processes together so stay within the limit, unless one of them pauses: it may add its tenth
/// however full the outbox is by then. Thread-safe.
class OutboxAllowance {
public:
    explicit OutboxAllowance(int limit) : limit_{limit} {}

    /// For one row. @return the limit if the rows have to be counted, else nothing.
    std::optional<int> take();

    /// What a count came to.
    void counted(int waiting);

private:
    const int limit_;
    std::atomic<int> uncounted_{0};
};

}  // namespace libra
