#include "deploy-worker/masking/masking_sink.hpp"

#include "shared/base/text.hpp"

#include <algorithm>

namespace libra {

namespace {

constexpr std::size_t k_remembered_bytes = 128;  // more than any pattern has
constexpr std::string_view k_mask{"[redacted]"};

bool is_base64(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '-' || c == '_';
}

}  // namespace

MaskedStream::MaskedStream(const PatternSet& patterns)
    : patterns_{patterns},
      readings_{
          Reading{DecodedView{Encoding::none}},
          Reading{DecodedView{Encoding::percent}},
          Reading{DecodedView{Encoding::form}},
          Reading{DecodedView{Encoding::json_escapes}}}
{
}

void MaskedStream::take(std::string_view text)
{
    if (patterns_.empty()) {
        text_ += text;
        marked_.resize(text_.size(), '\0');
        ends_.push_back(first_ + text_.size());
        return;
    }
    for (const char byte : text) {
        const std::uint64_t at = first_ + text_.size();
        text_ += byte;
        marked_ += '\0';
        for (Reading& reading : readings_) {
            reading.view.feed(byte, at, [&](const Decoded& decoded) { look_at(reading, decoded); });
        }
    }
    ends_.push_back(first_ + text_.size());
    for (Reading& reading : readings_) {
        reading.marks_next = false;
    }
}

bool MaskedStream::begins_line(std::uint64_t place) const
{
    return place == first_ || std::binary_search(ends_.begin(), ends_.end(), place);
}

void MaskedStream::look_at(Reading& reading, const Decoded& decoded)
{
    reading.recent.push_back(decoded);
    if (reading.recent.size() > k_remembered_bytes) {
        reading.recent.pop_front();
    }
    if (reading.marks_next && is_base64(decoded.byte)) {
        mark(decoded.begin, decoded.end);
    }
    reading.state = patterns_.step(reading.state, decoded.byte);
    const PatternSet::Match match = patterns_.match(reading.state);
    reading.marks_next = match.length > 0 && match.ragged;
    if (match.length == 0) {
        return;
    }
    std::size_t first = reading.recent.size() - match.length;
    if (match.ragged && first > 0 && is_base64(reading.recent[first - 1].byte) &&
        !begins_line(reading.recent[first].begin)) {
        --first;  // some of its bits belong to the secret
    }
    mark(reading.recent[first].begin, decoded.end);
}

void MaskedStream::mark(std::uint64_t begin, std::uint64_t end)
{
    begin = std::max(begin, first_);
    end = std::max(end, first_);
    std::fill(
        marked_.begin() + static_cast<std::ptrdiff_t>(begin - first_),
        marked_.begin() + static_cast<std::ptrdiff_t>(end - first_),
        '\1'
    );
}

std::uint64_t MaskedStream::held_from() const
{
    const std::uint64_t end = first_ + text_.size();
    std::uint64_t held = end;
    for (const Reading& reading : readings_) {
        held = std::min(held, end - reading.view.pending());
        if (const std::size_t pending = patterns_.pending(reading.state); pending > 0) {
            held = std::min(held, reading.recent[reading.recent.size() - pending].begin);
        }
    }
    return held;
}

std::string MaskedStream::pop()
{
    const auto length = static_cast<std::size_t>(ends_.front() - first_);
    std::string line;
    for (std::size_t at = 0; at < length; ++at) {
        if (marked_[at] == '\0') {
            line += text_[at];
        } else if (at == 0 || marked_[at - 1] == '\0') {
            line += k_mask;
        }
    }
    text_.erase(0, length);
    marked_.erase(0, length);
    first_ = ends_.front();
    ends_.pop_front();
    return line;
}

void MaskingSink::line(OutputStream stream, std::string_view line)
{
    MaskedStream& masked = stream == OutputStream::out ? out_ : err_;
    masked.line(without_escapes(line), [&](const std::string& clean) {
        next_.line(stream, clean);
    });
}

void MaskingSink::finish()
{
    out_.finish([&](const std::string& clean) { next_.line(OutputStream::out, clean); });
    err_.finish([&](const std::string& clean) { next_.line(OutputStream::err, clean); });
}

std::string masked(const PatternSet& patterns, std::string_view text)
{
    MaskedStream stream{patterns};
    std::string clean;
    const auto give = [&](const std::string& line) { clean += line + '\n'; };
    for (std::string_view rest = text;;) {
        const std::size_t end = rest.find('\n');
        stream.line(rest.substr(0, end), give);
        if (end == std::string_view::npos) {
            break;
        }
        rest.remove_prefix(end + 1);
    }
    stream.finish(give);
    clean.pop_back();
    return clean;
}

}  // namespace libra
