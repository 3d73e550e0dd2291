#include "deploy-worker/build/compression.hpp"

#include <brotli/encode.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <zlib.h>

namespace libra {

namespace {

constexpr std::size_t k_least_bytes = 1024;
constexpr std::size_t k_thorough_bytes = 4U << 20U;

// Source maps are left out: they are large, and fetched only with a browser's tools open.
constexpr std::array<std::string_view, 21> k_text_endings{
    ".html",   ".htm", ".css", ".js",  ".mjs",  ".cjs",  ".json",
    ".jsonld", ".txt", ".xml", ".svg", ".wasm", ".ico",  ".ttf",
    ".otf",    ".eot", ".csv", ".md",  ".rss",  ".atom", ".webmanifest",
};

std::string lower(std::string_view text)
{
    std::string folded{text};
    std::transform(folded.begin(), folded.end(), folded.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return folded;
}

}  // namespace

bool is_worth_compressing(std::string_view file_name, std::size_t bytes)
{
    const std::size_t dot = file_name.rfind('.');
    if (bytes < k_least_bytes || dot == std::string_view::npos) {
        return false;
    }
    const std::string ending = lower(file_name.substr(dot));
    return std::find(k_text_endings.begin(), k_text_endings.end(), ending) != k_text_endings.end();
}

std::string gzip(std::string_view bytes)
{
    constexpr int k_gzip_window_bits = 15 + 16;
    constexpr int k_level = 6;  // 9 takes five times as long for 6 % less
    constexpr int k_memory_level = 9;
    z_stream stream{};
    int status = deflateInit2(
        &stream, k_level, Z_DEFLATED, k_gzip_window_bits, k_memory_level, Z_DEFAULT_STRATEGY
    );
    if (status != Z_OK) {
        throw std::runtime_error{"zlib cannot start"};
    }
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    // zlib 1.2's input is not const, but it does not write to it.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    status = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (status != Z_STREAM_END) {
        throw std::runtime_error{"zlib did not finish"};
    }
    return out;
}

std::string brotli(std::string_view bytes)
{
    constexpr int k_quality = 9;
    constexpr int k_fast_quality = 5;
    std::size_t size = BrotliEncoderMaxCompressedSize(bytes.size());
    std::string out(size, '\0');
    const BROTLI_BOOL done = BrotliEncoderCompress(
        bytes.size() > k_thorough_bytes ? k_fast_quality : k_quality,
        BROTLI_DEFAULT_WINDOW,
        BROTLI_MODE_TEXT,
        bytes.size(),
        reinterpret_cast<const std::uint8_t*>(bytes.data()),
        &size,
        reinterpret_cast<std::uint8_t*>(out.data())
    );
    if (done == BROTLI_FALSE) {
        throw std::runtime_error{"brotli did not finish"};
    }
    out.resize(size);
    return out;
}

}  // namespace libra
