#include "api-gateway/accounts/new_credential.hpp"

#include "shared/base/base64.hpp"

#include <array>
#include <string>

namespace libra {

NewCredential new_credential(Random& random)
{
    std::array<std::uint8_t, 32> bytes{};
    random.fill(bytes);
    std::string text{"libra_"};
    text += to_base64url(std::string{bytes.begin(), bytes.end()});
    const Digest digest = sha256(text);
    return {.secret = Secret{std::move(text)}, .digest = digest};
}

}  // namespace libra
