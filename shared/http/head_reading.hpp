#pragma once

#include "shared/http/transport.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

/// @file Reading a request where Beast takes more than is safe behind a proxy. Only for the sources
/// of this room.

namespace libra {

using RequestParser = boost::beast::http::request_parser<boost::beast::http::string_body>;

/// Reads until the head is there, like Beast's `async_read_header`, but is stricter:
///
/// - `limit` holds for the whole head. Beast's own limit starts anew whenever a header has been
///   taken in, so that one who sends them piece by piece may send any number.
/// - A header that goes on in a next line, which HTTP has given up (RFC 9112, 5.2), is an error:
/// not
///   every server in front of this one reads it as the same header.
Task<boost::system::error_code> read_head_bytes(
    Socket& socket,
    boost::beast::flat_buffer& buffer,
    RequestParser& parser,
    std::size_t limit
);

/// For `on_chunk_header` of a parser. Beast lets any byte stand in a quoted chunk extension, a line
/// feed too, which other servers take for the end of the line.
struct ChunkExtensionCheck {
    void
    operator()(std::uint64_t size, std::string_view extensions, boost::system::error_code& failed)
        const;
};

}  // namespace libra
