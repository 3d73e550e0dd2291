#include "deploy-worker/build/compression.hpp"

#include <brotli/encode.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>
#include <zlib.h>

namespace libra {

namespace {

constexpr std::size_t k_least_bytes = 1024;
constexpr std::size_t k_thorough_bytes = 4U << 20U;
constexpr std::size_t k_piece_bytes = 1U << 20U;  // between two looks at the stop token

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

std::optional<std::string> gzip(std::string_view bytes, const std::stop_token& stop)
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
    const std::unique_ptr<z_stream, decltype(&deflateEnd)> ended{&stream, &deflateEnd};
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    // zlib 1.2's input is not const, but it does not write to it.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    do {
        if (stop.stop_requested()) {
            return std::nullopt;
        }
        const std::size_t piece = std::min(bytes.size(), k_piece_bytes);
        bytes.remove_prefix(piece);
        stream.avail_in = static_cast<uInt>(piece);
        status = deflate(&stream, bytes.empty() ? Z_FINISH : Z_NO_FLUSH);
    } while (status == Z_OK);
    if (status != Z_STREAM_END) {
        throw std::runtime_error{"zlib did not finish"};
    }
    out.resize(stream.total_out);
    return out;
}

std::optional<std::string> brotli(std::string_view bytes, const std::stop_token& stop)
{
    constexpr std::uint32_t k_quality = 9;
    constexpr std::uint32_t k_fast_quality = 5;
    const std::unique_ptr<BrotliEncoderState, decltype(&BrotliEncoderDestroyInstance)> encoder{
        BrotliEncoderCreateInstance(nullptr, nullptr, nullptr), &BrotliEncoderDestroyInstance};
    if (!encoder) {
        throw std::bad_alloc{};
    }
    BrotliEncoderSetParameter(
        encoder.get(),
        BROTLI_PARAM_QUALITY,
        bytes.size() > k_thorough_bytes ? k_fast_quality : k_quality
    );
    BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_MODE, BROTLI_MODE_TEXT);
    BrotliEncoderSetParameter(
        encoder.get(), BROTLI_PARAM_SIZE_HINT, static_cast<std::uint32_t>(bytes.size())
    );
    std::string out(BrotliEncoderMaxCompressedSize(bytes.size()) + k_piece_bytes, '\0');
    auto* next_out = reinterpret_cast<std::uint8_t*>(out.data());
    std::size_t room = out.size();
    while (BrotliEncoderIsFinished(encoder.get()) == BROTLI_FALSE) {
        if (stop.stop_requested()) {
            return std::nullopt;
        }
        std::size_t piece = std::min(bytes.size(), k_piece_bytes);
        const auto* next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
        bytes.remove_prefix(piece);
        const BROTLI_BOOL going = BrotliEncoderCompressStream(
            encoder.get(),
            bytes.empty() ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS,
            &piece,
            &next_in,
            &room,
            &next_out,
            nullptr
        );
        if (going == BROTLI_FALSE || piece != 0) {
            throw std::runtime_error{"brotli did not finish"};
        }
    }
    out.resize(out.size() - room);
    return out;
}

}  // namespace libra
