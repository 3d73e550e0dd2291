#include "shared/base/digest.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace libra {

namespace {

struct Free {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    return -1;
}

}  // namespace

struct Sha256::Context {
    std::unique_ptr<EVP_MD_CTX, Free> handle{EVP_MD_CTX_new()};
};

std::string to_hex(std::span<const std::uint8_t> bytes)
{
    constexpr std::string_view k_digits{"0123456789abcdef"};
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text += k_digits[byte >> 4U];
        text += k_digits[byte & 15U];
    }
    return text;
}

std::optional<Digest> Digest::parse(std::string_view text)
{
    Digest digest;
    if (text.size() != digest.bytes.size() * 2) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
        const int high = hex_value(text[2 * i]);
        const int low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        digest.bytes.at(i) = static_cast<std::uint8_t>(high * 16 + low);
    }
    return digest;
}

Digest sha256(std::string_view bytes)
{
    Sha256 sum;
    sum.update(bytes);
    return sum.finish();
}

Sha256::Sha256() : context_{std::make_unique<Context>()}
{
    if (!context_->handle ||
        EVP_DigestInit_ex(context_->handle.get(), EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error{"OpenSSL offers no SHA-256"};
    }
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes)
{
    if (EVP_DigestUpdate(context_->handle.get(), bytes.data(), bytes.size()) != 1) {
        throw std::runtime_error{"EVP_DigestUpdate failed"};
    }
}

Digest Sha256::finish()
{
    Digest digest;
    if (EVP_DigestFinal_ex(context_->handle.get(), digest.bytes.data(), nullptr) != 1) {
        throw std::runtime_error{"EVP_DigestFinal_ex failed"};
    }
    return digest;
}

}  // namespace libra
