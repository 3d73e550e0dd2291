#include "deploy-worker/build/compression.hpp"

#include <brotli/decode.h>
#include <catch2/catch.hpp>

#include <zlib.h>

namespace libra {
namespace {

std::string gunzip(const std::string& bytes)
{
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    std::string input = bytes;
    std::string out(4U << 20U, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

std::string unbrotli(const std::string& bytes)
{
    std::string out(4U << 20U, '\0');
    std::size_t size = out.size();
    CHECK(
        BrotliDecoderDecompress(
            bytes.size(),
            reinterpret_cast<const std::uint8_t*>(bytes.data()),
            &size,
            reinterpret_cast<std::uint8_t*>(out.data())
        ) == BROTLI_DECODER_RESULT_SUCCESS
    );
    out.resize(size);
    return out;
}

TEST_CASE("both encodings give the bytes back and are the same every time")
{
    std::string text;
    for (int i = 0; i < 5000; ++i) {
        text += "line " + std::to_string(i % 37) + '\n';
    }

    const std::string gz = gzip(text).value();
    const std::string br = brotli(text).value();

    CHECK(gunzip(gz) == text);
    CHECK(unbrotli(br) == text);
    CHECK(gz == gzip(text));
    CHECK(br == brotli(text));
    CHECK(br.size() < gz.size());
    CHECK(gunzip(gzip("").value()).empty());
}

TEST_CASE("what is larger than a piece is encoded whole, and not at all once somebody asks to stop")
{
    std::string text;
    for (int i = 0; text.size() < (3U << 20U); ++i) {
        text += std::to_string(i * 7919) + '\n';
    }
    std::stop_source stop;
    stop.request_stop();

    for (const ContentEncoding& encoding : k_encodings) {
        CAPTURE(encoding.form);
        const std::string encoded = encoding.encode(text, {}).value();
        CHECK((encoding.ending == ".br" ? unbrotli(encoded) : gunzip(encoded)) == text);
        CHECK_FALSE(encoding.encode(text, stop.get_token()));
    }
}

TEST_CASE("text formats of a kilobyte and more are worth compressing")
{
    CHECK(is_worth_compressing("assets/app-1a2b.js", 1024));
    CHECK(is_worth_compressing("INDEX.HTML", 5000));
    CHECK(is_worth_compressing("a.svg", 5000));
    CHECK_FALSE(is_worth_compressing("app.js", 1023));
    CHECK_FALSE(is_worth_compressing("photo.jpg", 50'000));
    CHECK_FALSE(is_worth_compressing("font.woff2", 50'000));
    CHECK_FALSE(is_worth_compressing("app.js.gz", 50'000));
    CHECK_FALSE(is_worth_compressing("LICENSE", 50'000));
}

}  // namespace
}  // namespace libra
