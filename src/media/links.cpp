#include "media/names.hpp"
#include "ping/crypto/base64url.hpp"
#include "ping/media/service.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

// A link is `<path>?exp=<seconds since 1970>&sig=<MAC>`. Whoever has it may see the image, as an <img> has no
// header to show; it is given to the members of the image's chat and ends by itself.
namespace ping::media {
namespace {

constexpr std::size_t signature_bytes = 16;
constexpr std::size_t sniffed_bytes = 16;

std::string path_of(const std::string& public_id, bool is_thumb) {
    return "/api/v1/media/" + public_id + (is_thumb ? "/thumb" : "");
}

std::optional<Time> parse_expiry(std::string_view text) {
    std::int64_t seconds = 0;
    constexpr std::int64_t latest = 100'000'000'000;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool is_fit =
        error == std::errc() && end == text.data() + text.size() && seconds >= 0 && seconds < latest;
    return is_fit ? std::optional(Time(std::chrono::seconds(seconds))) : std::nullopt;
}

bool is_equal(std::string_view a, std::string_view b) {
    const auto bytes = [](std::string_view text) {
        return std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    };
    return crypto::equal(bytes(a), bytes(b));
}

Error bad_link() {
    return errors::forbidden("This link is not valid or has expired", "bad_link");
}

std::string signature_of(const crypto::Key& key, std::string_view path, std::string_view expires) {
    const auto mac = crypto::hmac_sha256(key, std::string(path) + "\n" + std::string(expires));
    return crypto::base64url_encode({reinterpret_cast<const char*>(mac.data()), signature_bytes});
}

}  // namespace

std::string Service::link_to(const std::string& path) const {
    using std::chrono::days;
    const auto expires = std::chrono::floor<days>(ports_.clock.now()) + days(2);
    const auto text = std::to_string(std::chrono::sys_seconds(expires).time_since_epoch().count());
    return config_.server.public_url + path + "?exp=" + text +
           "&sig=" + signature_of(link_keys_.front(), path, text);
}

void Service::sign(Image& image) const {
    image.url = link_to(path_of(image.public_id, false));
    image.thumb_url = link_to(path_of(image.public_id, true));
}

Task<Result<OpenImage>> Service::open(Link link) {
    const auto expires = parse_expiry(link.expires);
    const auto path = path_of(link.public_id, link.is_thumb);
    const bool is_ours = std::ranges::any_of(link_keys_, [&](const crypto::Key& key) {
        return is_equal(signature_of(key, path, link.expires), link.signature);
    });
    const auto now = ports_.clock.now();
    if (!is_ours || !expires || now >= *expires) {
        co_return bad_link();
    }
    auto name = link.is_thumb ? thumbnail_name(link.public_id) : link.public_id;
    const auto blob = co_await ports_.blobs.open(std::move(name));
    if (!blob) {
        co_return blob.error();
    }
    // By what is there, and not by what anybody once said that it is.
    const auto start = co_await (*blob)->read(0, sniffed_bytes);
    if (!start) {
        co_return start.error();
    }
    const auto format = images::sniff(*start);
    if (!format) {
        co_return errors::internal("a blob is no image: " + link.public_id);
    }
    co_return OpenImage{*blob, *format, std::chrono::floor<std::chrono::seconds>(*expires - now)};
}

}  // namespace ping::media
