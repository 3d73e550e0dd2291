#include "shared/http/head_reading.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace libra {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t k_head_read_bytes = 4096;

bool has_folded_line(std::string_view head)
{
    return head.find("\r\n ") != std::string_view::npos ||
           head.find("\r\n\t") != std::string_view::npos;
}

/// A head as it comes in, one header after the other.
class HeadReading {
public:
    HeadReading(boost::beast::flat_buffer& buffer, RequestParser& parser, std::size_t limit)
        : buffer_{buffer}, parser_{parser}, left_{limit}
    {
    }

    /// @return whether there is a reason to stop reading: the head is there, or `failed`.
    bool parse(boost::system::error_code& failed)
    {
        const auto bytes = buffer_.data();
        const std::size_t consumed = parser_.put(bytes, failed);
        const std::string_view parsed{static_cast<const char*>(bytes.data()), consumed};
        const std::size_t of_head = parser_.is_header_done() ? consumed : bytes.size();
        if (failed == http::error::need_more) {
            failed = {};
        }
        if (!failed && of_head > left_) {
            failed = http::error::header_limit;
        } else if (!failed && has_folded_line(parsed)) {
            failed = http::error::bad_field;
        }
        left_ -= std::min(left_, consumed);
        buffer_.consume(consumed);
        return failed || parser_.is_header_done();
    }

private:
    boost::beast::flat_buffer& buffer_;
    RequestParser& parser_;
    std::size_t left_;
};

}  // namespace

Task<boost::system::error_code> read_head_bytes(
    Socket& socket,
    boost::beast::flat_buffer& buffer,
    RequestParser& parser,
    std::size_t limit
)
{
    HeadReading head{buffer, parser, limit};
    boost::system::error_code failed;
    while (buffer.size() == 0 || !head.parse(failed)) {
        const std::size_t room = buffer.max_size() - buffer.size();
        if (room == 0) {
            co_return http::error::buffer_overflow;
        }
        const auto [broken, bytes] = co_await socket.async_read_some(
            buffer.prepare(std::min(room, k_head_read_bytes)), k_await
        );
        buffer.commit(bytes);
        if (broken) {
            co_return broken;
        }
    }
    co_return failed;
}

void ChunkExtensionCheck::operator()(
    std::uint64_t /*size*/,
    std::string_view extensions,
    boost::system::error_code& failed
) const
{
    const bool has_control = std::any_of(extensions.begin(), extensions.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
    });
    if (has_control) {
        failed = http::error::bad_chunk_extension;
    }
}

}  // namespace libra
