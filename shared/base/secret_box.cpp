#include "shared/base/secret_box.hpp"

#include "shared/base/key_list.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>

namespace libra {

namespace {

constexpr std::size_t k_nonce_bytes = 12;
constexpr std::size_t k_tag_bytes = 16;
constexpr char k_version{1};  // begins what is sealed
constexpr std::size_t k_overhead = 1 + k_nonce_bytes + k_tag_bytes;

struct Free {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};

using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

const unsigned char* bytes_of(std::string_view text)
{
    return static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
}

unsigned char* bytes_of(std::string& text)
{
    return static_cast<unsigned char*>(static_cast<void*>(text.data()));
}

void require(int outcome)
{
    if (outcome != 1) {
        throw std::runtime_error{"OpenSSL cannot encrypt"};
    }
}

bool has_form(std::string_view sealed)
{
    return sealed.size() >= k_overhead && sealed.front() == k_version;
}

/// @return nothing unless `whole` has the form, and fits `key` and `bound_to`.
std::optional<std::string>
decrypted(const std::string& key, std::string_view whole, std::string_view bound_to)
{
    if (!has_form(whole)) {
        return std::nullopt;
    }
    const std::string_view nonce = whole.substr(1, k_nonce_bytes);
    const std::string_view tag = whole.substr(whole.size() - k_tag_bytes);
    const std::string_view sealed = whole.substr(1 + k_nonce_bytes, whole.size() - k_overhead);
    const Context context{EVP_CIPHER_CTX_new()};
    std::string value(sealed.size(), '\0');
    std::string expected{tag};
    int length = 0;
    require(EVP_DecryptInit_ex(
        context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), bytes_of(nonce)
    ));
    require(EVP_DecryptUpdate(
        context.get(), nullptr, &length, bytes_of(bound_to), static_cast<int>(bound_to.size())
    ));
    require(EVP_DecryptUpdate(
        context.get(), bytes_of(value), &length, bytes_of(sealed), static_cast<int>(sealed.size())
    ));
    require(EVP_CIPHER_CTX_ctrl(
        context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(k_tag_bytes), expected.data()
    ));
    std::array<unsigned char, k_tag_bytes> rest{};
    if (EVP_DecryptFinal_ex(context.get(), rest.data(), &length) != 1) {
        return std::nullopt;
    }
    return value;
}

}  // namespace

Result<SecretBox> SecretBox::from_keys(const Secret& keys)
{
    Result<std::vector<std::string>> parsed = parse_keys(keys);
    if (!parsed) {
        return parsed.error();
    }
    return SecretBox{*std::move(parsed)};
}

std::string SecretBox::seal(std::string_view value, std::string_view bound_to, Random& random) const
{
    std::array<std::uint8_t, k_nonce_bytes> nonce{};
    random.fill(nonce);
    const Context context{EVP_CIPHER_CTX_new()};
    std::string sealed(value.size(), '\0');
    std::string tag(k_tag_bytes, '\0');
    std::array<unsigned char, k_tag_bytes> rest{};
    int length = 0;
    require(EVP_EncryptInit_ex(
        context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(keys_.front()), nonce.data()
    ));
    require(EVP_EncryptUpdate(
        context.get(), nullptr, &length, bytes_of(bound_to), static_cast<int>(bound_to.size())
    ));
    require(EVP_EncryptUpdate(
        context.get(), bytes_of(sealed), &length, bytes_of(value), static_cast<int>(value.size())
    ));
    require(EVP_EncryptFinal_ex(context.get(), rest.data(), &length));
    require(EVP_CIPHER_CTX_ctrl(
        context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(k_tag_bytes), tag.data()
    ));
    return k_version + std::string{nonce.begin(), nonce.end()} + sealed + tag;
}

Result<std::string> SecretBox::open(std::string_view sealed, std::string_view bound_to) const
{
    if (!has_form(sealed)) {
        return Error{Errc::rejected, "is no sealed secret"};
    }
    for (const std::string& key : keys_) {
        if (std::optional<std::string> value = decrypted(key, sealed, bound_to)) {
            return *std::move(value);
        }
    }
    return Error{Errc::rejected, "was sealed under another key, or for another place"};
}

bool SecretBox::is_current(std::string_view sealed, std::string_view bound_to) const
{
    return decrypted(keys_.front(), sealed, bound_to).has_value();
}

}  // namespace libra
