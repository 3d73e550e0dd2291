#pragma once

#include <atomic>
#include <cstddef>

/// @file A bound on memory that many connections share.

namespace libra {

/// Thread-safe.
class ByteBudget {
public:
    explicit ByteBudget(std::size_t bytes) : left_{bytes} {}

private:
    friend class ByteAllowance;
    std::atomic<std::size_t> left_;
};

/// What one holder has taken of it; given back when destroyed. One thread.
class ByteAllowance {
public:
    explicit ByteAllowance(ByteBudget& budget) : budget_{budget} {}

    ~ByteAllowance() { give_back(); }

    ByteAllowance(const ByteAllowance&) = delete;
    ByteAllowance& operator=(const ByteAllowance&) = delete;

    /// @return false, and takes nothing, if there is not enough left to hold `bytes` in all.
    bool grow_to(std::size_t bytes)
    {
        const std::size_t more = bytes > taken_ ? bytes - taken_ : 0;
        std::size_t left = budget_.left_.load();
        do {
            if (left < more) {
                return false;
            }
        } while (!budget_.left_.compare_exchange_weak(left, left - more));
        taken_ += more;
        return true;
    }

    void give_back()
    {
        budget_.left_ += taken_;
        taken_ = 0;
    }

private:
    ByteBudget& budget_;
    std::size_t taken_{0};
};

}  // namespace libra
