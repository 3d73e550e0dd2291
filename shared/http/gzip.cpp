#include "shared/http/gzip.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>

#include <array>
#include <cstdint>
#include <stdexcept>

namespace libra {

namespace zlib = boost::beast::zlib;

namespace {

std::array<std::uint32_t, 256> crc_table()
{
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t value = byte;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value & 1U) != 0 ? 0xEDB88320U ^ (value >> 1U) : value >> 1U;
        }
        table.at(byte) = value;
    }
    return table;
}

std::uint32_t crc32(std::string_view bytes)
{
    const std::array<std::uint32_t, 256> table = crc_table();
    std::uint32_t value = 0xFFFFFFFFU;
    for (const char c : bytes) {
        value = table.at((value ^ static_cast<unsigned char>(c)) & 0xFFU) ^ (value >> 8U);
    }
    return ~value;
}

void append_little_endian(std::string& out, std::uint32_t value)
{
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out += static_cast<char>(value >> shift & 0xFFU);
    }
}

}  // namespace

std::string gzip(std::string_view bytes)
{
    constexpr std::string_view k_header{"\x1f\x8b\x08\0\0\0\0\0\x02\xff", 10};
    constexpr int k_level = 9;
    constexpr int k_window_bits = 15;
    constexpr int k_memory_level = 8;
    zlib::deflate_stream deflate;
    deflate.reset(k_level, k_window_bits, k_memory_level, zlib::Strategy::normal);

    std::string out{k_header};
    out.resize(k_header.size() + zlib::deflate_upper_bound(bytes.size()) + 64);
    zlib::z_params state;
    state.next_in = bytes.data();
    state.avail_in = bytes.size();
    state.next_out = out.data() + k_header.size();
    state.avail_out = out.size() - k_header.size();
    boost::system::error_code ended;
    deflate.write(state, zlib::Flush::finish, ended);
    if (ended != zlib::error::end_of_stream) {
        throw std::runtime_error{"deflate did not finish: " + ended.message()};
    }
    out.resize(k_header.size() + state.total_out);
    append_little_endian(out, crc32(bytes));
    append_little_endian(out, static_cast<std::uint32_t>(bytes.size()));
    return out;
}

}  // namespace libra
