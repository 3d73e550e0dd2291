#include "api-gateway/http/body_pump.hpp"

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
    BodyStream::More more = BodyStream::More::to_come;
    bool quiet = false;
    while (true) {
        piece.clear();
        awakening_->awake = false;
        if (!stopped_) {
            more = stream_.take(piece);
        }
        const bool ends = stopped_ || more == BodyStream::More::none;
        if (piece.empty() && quiet && !ends) {
            piece = stream_.filler();
        }
        bytes_sent_ += piece.size();
        if (framing_ == BodyFraming::chunked && !piece.empty()) {
            fmt::format_to(std::back_inserter(framed), "{:x}\r\n", piece.size());
            piece += "\r\n";
        }
        if (framing_ == BodyFraming::chunked && ends) {
            piece += k_last_chunk;
        }
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
