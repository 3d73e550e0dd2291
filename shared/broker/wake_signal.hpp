#pragma once

/// @file Interrupts a thread that waits in poll(2) for a socket.

namespace libra {

/// An eventfd. `signal` may be called from any thread; the rest from the waiting one.
class WakeSignal {
public:
    WakeSignal();
    ~WakeSignal();
    WakeSignal(const WakeSignal&) = delete;
    WakeSignal& operator=(const WakeSignal&) = delete;

    /// Ends the wait under way, or the next one. Never blocks.
    void signal() const noexcept;

    /// Forgets the signals given so far.
    void clear() const noexcept;

    /// Blocks until somebody signals.
    void wait() const noexcept;

    int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

}  // namespace libra
