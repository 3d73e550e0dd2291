#include "shared/net/curl_http_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstddef>
#include <memory>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <utility>

namespace libra {

namespace {

constexpr std::size_t k_max_header_bytes = 64U << 10U;

struct FreeHandle {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};

struct FreeList {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

using Handle = std::unique_ptr<CURL, FreeHandle>;
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

struct Receiver {
    CURL* handle{};
    const HttpCall& call;
    std::stop_token stop{};
    HttpReply reply{};
    std::size_t header_bytes{};
    bool over_limit{};
    bool refused{};              // by whoever takes the pieces
    bool address_left_out{};     // by whoever allows addresses
    bool address_let_through{};  // likewise
    bool head_is_enough{};       // the call was ended after it
};

long status_of(CURL* handle)
{
    long status = 0;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

std::string lower(std::string_view text)
{
    std::string folded{text};
    std::transform(folded.begin(), folded.end(), folded.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return folded;
}

std::string_view trim(std::string_view text)
{
    constexpr std::string_view k_blank{" \t\r\n"};
    text.remove_prefix(std::min(text.find_first_not_of(k_blank), text.size()));
    return text.substr(0, text.find_last_not_of(k_blank) + 1);
}

std::size_t receive_header(char* data, std::size_t size, std::size_t count, void* user)
{
    auto& receiver = *static_cast<Receiver*>(user);
    const std::string_view line{data, size * count};
    receiver.header_bytes += line.size();
    if (receiver.header_bytes > k_max_header_bytes) {
        receiver.over_limit = true;
        return 0;
    }
    // Each answer begins with a status line; those before the last are informational (1xx).
    const std::size_t colon = line.find(':');
    if (line.starts_with("HTTP/")) {
        receiver.reply.headers.clear();
    } else if (colon != std::string_view::npos) {
        receiver.reply.headers.push_back(
            {.name = lower(line.substr(0, colon)),
             .value = std::string{trim(line.substr(colon + 1))}}
        );
    }
    constexpr int k_first_final = 200;  // those before are informational
    if (receiver.call.head_only && trim(line).empty() &&
        status_of(receiver.handle) >= k_first_final) {
        receiver.head_is_enough = true;
        return 0;
    }
    return line.size();
}

std::size_t receive_body(char* data, std::size_t size, std::size_t count, void* user)
{
    auto& receiver = *static_cast<Receiver*>(user);
    const std::size_t bytes = size * count;
    if (receiver.call.take_piece && status_of(receiver.handle) == 200) {
        receiver.refused = !receiver.call.take_piece({data, bytes});
        return receiver.refused ? 0 : bytes;
    }
    if (receiver.reply.body.size() + bytes > receiver.call.max_body_bytes) {
        receiver.over_limit = true;
        return 0;
    }
    receiver.reply.body.append(data, bytes);
    return bytes;
}

/// libcurl asks at least once a second; a value other than 0 ends the call.
int ask_for_stop(
    void* user,
    curl_off_t /*to_get*/,
    curl_off_t /*got*/,
    curl_off_t /*to_put*/,
    curl_off_t /*put*/
)
{
    return static_cast<const Receiver*>(user)->stop.stop_requested() ? 1 : 0;
}

/// The numeric address; empty if it is of no IP family.
std::string address_text(const sockaddr& address)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.sa_family == AF_INET) {
        // A socket address is one of several types by its family: that is the interface.
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    } else if (address.sa_family == AF_INET6) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
        ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    }
    return text.data();
}

/// libcurl asks for the socket of each address that it is about to connect to.
curl_socket_t open_socket(void* user, curlsocktype /*purpose*/, curl_sockaddr* to)
{
    auto& receiver = *static_cast<Receiver*>(user);
    if (!receiver.call.allow_address(address_text(to->addr))) {
        receiver.address_left_out = true;
        return CURL_SOCKET_BAD;
    }
    receiver.address_let_through = true;
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

bool has_control_character(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
}

bool is_sendable(const HttpCall& call)
{
    return !has_control_character(call.url) &&
           std::none_of(call.headers.begin(), call.headers.end(), [](const HttpField& field) {
               return field.name.empty() || field.name.find(':') != std::string::npos ||
                      has_control_character(field.name) || has_control_character(field.value);
           });
}

HeaderList header_list(const HttpCall& call)
{
    HeaderList list;
    const auto append = [&](const std::string& line) {
        curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
        if (longer == nullptr) {
            throw std::bad_alloc{};
        }
        static_cast<void>(list.release());
        list.reset(longer);
    };
    // Else libcurl waits a second for the answer to `Expect: 100-continue`, which few give.
    append("Expect:");
    for (const HttpField& field : call.headers) {
        // A header without a value is written with a semicolon, or libcurl would leave it out.
        append(field.value.empty() ? field.name + ";" : field.name + ": " + field.value);
    }
    return list;
}

template <class Value>
void set(const Handle& handle, CURLoption option, Value value)
{
    // libcurl's own interface is variadic.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
    if (curl_easy_setopt(handle.get(), option, value) != CURLE_OK) {
        throw std::runtime_error{"libcurl does not know option " + std::to_string(option)};
    }
}

const char* word_of(HttpMethod method)
{
    switch (method) {
    case HttpMethod::get:
        return "GET";
    case HttpMethod::head:
        return "HEAD";
    case HttpMethod::post:
        return "POST";
    case HttpMethod::put:
        return "PUT";
    case HttpMethod::patch:
        return "PATCH";
    case HttpMethod::remove:
        return "DELETE";
    }
    return "GET";
}

void set_request(const Handle& handle, const HttpCall& call)
{
    set(handle, CURLOPT_URL, call.url.c_str());
    if (call.method == HttpMethod::head) {
        set(handle, CURLOPT_NOBODY, 1L);
    } else if (call.method != HttpMethod::get || !call.body.empty()) {
        set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
        set(handle, CURLOPT_POSTFIELDS, call.body.c_str());
        set(handle, CURLOPT_CUSTOMREQUEST, word_of(call.method));
    }
    set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(call.connect_timeout.count()));
    set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(call.timeout.count()));
}

void set_policy(const Handle& handle)
{
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    set(handle, CURLOPT_PROXY, "");
    set(handle, CURLOPT_USERAGENT, "libra-deploy");
}

void set_receiver(const Handle& handle, Receiver& receiver)
{
    set(handle, CURLOPT_HEADERFUNCTION, &receive_header);
    set(handle, CURLOPT_HEADERDATA, static_cast<void*>(&receiver));
    set(handle, CURLOPT_WRITEFUNCTION, &receive_body);
    set(handle, CURLOPT_WRITEDATA, static_cast<void*>(&receiver));
    set(handle, CURLOPT_NOPROGRESS, 0L);
    set(handle, CURLOPT_XFERINFOFUNCTION, &ask_for_stop);
    set(handle, CURLOPT_XFERINFODATA, static_cast<void*>(&receiver));
    if (receiver.call.allow_address) {
        set(handle, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
        set(handle, CURLOPT_OPENSOCKETDATA, static_cast<void*>(&receiver));
    }
}

Error error_of(CURLcode code, const Receiver& receiver, std::string detail)
{
    if (receiver.over_limit) {
        return {Errc::limit_exceeded, "the answer is larger than allowed"};
    }
    if (receiver.refused) {
        return {Errc::cancelled, "stopped"};
    }
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return {Errc::timed_out, std::move(detail)};
    case CURLE_ABORTED_BY_CALLBACK:
        return {Errc::cancelled, "stopped"};
    case CURLE_COULDNT_CONNECT:
        if (receiver.address_left_out && !receiver.address_let_through) {
            return {Errc::rejected, "no address of it is allowed"};
        }
        return {Errc::unavailable, std::move(detail)};
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return {Errc::invalid_input, std::move(detail)};
    default:
        return {Errc::unavailable, std::move(detail)};
    }
}

}  // namespace

CurlHttpClient::CurlHttpClient()
{
    static const CURLcode k_initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (k_initialised != CURLE_OK) {
        throw std::runtime_error{"libcurl cannot be initialised"};
    }
}

Result<HttpReply> CurlHttpClient::send(const HttpCall& call, std::stop_token stop)
{
    if (!is_sendable(call)) {
        return Error{Errc::invalid_input, "a URL or header with a control character"};
    }
    const Handle handle{curl_easy_init()};
    if (!handle) {
        throw std::bad_alloc{};
    }
    Receiver receiver{.handle = handle.get(), .call = call, .stop = std::move(stop)};
    const HeaderList headers = header_list(call);
    std::array<char, CURL_ERROR_SIZE> text{};
    set_policy(handle);
    set_request(handle, call);
    set_receiver(handle, receiver);
    set(handle, CURLOPT_HTTPHEADER, headers.get());
    set(handle, CURLOPT_ERRORBUFFER, text.data());

    const CURLcode code = curl_easy_perform(handle.get());
    if (code != CURLE_OK && !receiver.head_is_enough) {
        return error_of(code, receiver, text[0] != '\0' ? text.data() : curl_easy_strerror(code));
    }
    receiver.reply.status = static_cast<int>(status_of(handle.get()));
    return std::move(receiver.reply);
}

}  // namespace libra
