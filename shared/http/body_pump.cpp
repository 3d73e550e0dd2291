#include "shared/http/body_pump.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <iterator>

namespace libra {

namespace {

constexpr std::string_view k_last_chunk{"0\r\n\r\n"};

}  // namespace

struct BodyPump::Awakening {
    explicit Awakening(const Executor& executor) : timer{executor} {}

    void wake()
    {
        awake = true;
        timer.cancel();
    }

    Timer timer;
    bool awake{false};
};

BodyPump::BodyPump(DeadlineSocket& socket, BodyStream& stream, BodyFraming framing)
    : socket_{socket},
      stream_{stream},
      framing_{framing},
      awakening_{std::make_shared<Awakening>(socket.stream().get_executor())}
{
}

Task<bool> BodyPump::run(std::string_view head, std::chrono::milliseconds slice_limit)
{
    stream_.start([executor = socket_.stream().get_executor(), awakening = awakening_] {
        boost::asio::post(executor, [awakening] { awakening->wake(); });
    });
    std::string framed{head};
    std::string piece;
    bool quiet = false;
    while (true) {
        const bool ends = take(piece, quiet);
        bytes_sent_ += piece.size();
        frame(framed, piece, ends);
        if (!framed.empty() || !piece.empty()) {
            const bool sent = co_await socket_.send(framed, piece, slice_limit);
            if (!sent || ends) {
                co_return sent;
            }
        }
        if (ends) {
            co_return true;
        }
        framed.clear();
        quiet = co_await wait();
    }
}

/// @return whether it is the last one; it may be empty then.
bool BodyPump::take(std::string& piece, bool quiet)
{
    piece.clear();
    awakening_->awake = false;
    if (stopped_ || stream_.take(piece) == BodyStream::More::none) {
        return true;
    }
    if (piece.empty() && quiet) {
        piece = stream_.filler();
    }
    return false;
}

void BodyPump::frame(std::string& head, std::string& piece, bool last) const
{
    if (framing_ != BodyFraming::chunked) {
        return;
    }
    if (!piece.empty()) {
        fmt::format_to(std::back_inserter(head), "{:x}\r\n", piece.size());
        piece += "\r\n";
    }
    if (last) {
        piece += k_last_chunk;
    }
}

void BodyPump::stop()
{
    stopped_ = true;
    awakening_->wake();
}

/// @return whether the time for a filler has come, and nothing else.
Task<bool> BodyPump::wait()
{
    socket_.clear_deadline();
    if (awakening_->awake || stopped_) {
        co_return false;
    }
    awakening_->timer.expires_after(stream_.quiet_limit());
    co_await awakening_->timer.async_wait(k_await);
    co_return !awakening_->awake;
}

}  // namespace libra
