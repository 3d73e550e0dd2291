#include "deploy-worker/process/line_splitter.hpp"

#include "tests/support/recording_lines.hpp"

#include <catch2/catch.hpp>

namespace libra {
namespace {

using Lines = std::vector<std::string>;
using testing::RecordingLines;

TEST_CASE("a line is delivered once its end arrived, however it was cut up")
{
    RecordingLines lines;
    LineSplitter splitter{OutputStream::out, 100, lines};

    splitter.feed("fir");
    splitter.feed("st\nsecond\r\n\nthi");
    const Lines before_the_end = lines.out();
    splitter.finish();

    CHECK(before_the_end == Lines{"first", "second", ""});
    CHECK(lines.out() == Lines{"first", "second", "", "thi"});
    CHECK(lines.err().empty());
}

TEST_CASE("a long line is delivered in pieces, without an empty one at its end")
{
    RecordingLines lines;
    LineSplitter splitter{OutputStream::err, 4, lines};

    splitter.feed("abcdefgh\nabcd\nabcde");
    splitter.feed("\n");
    splitter.finish();

    CHECK(lines.err() == Lines{"abcd", "efgh", "abcd", "abcd", "e"});
}

}  // namespace
}  // namespace libra
