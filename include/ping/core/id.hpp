#pragma once

#include "ping/core/clock.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ping {

/// The 12 bytes of an id, shown as 24 lower-case hex digits, shaped like a MongoDB ObjectId: 4 bytes of time
/// (seconds, big endian), then 8 that no other id of this process or its peers has.
using IdBytes = std::array<std::uint8_t, 12>;

std::string to_hex(const IdBytes& bytes);
/// Exactly 24 hex digits of either case; anything else is nothing.
std::optional<IdBytes> parse_id(std::string_view text);

/// An id of one kind of thing: a chat's id does not convert to a user's.
template <class Tag>
class TypedId {
public:
    TypedId() = default;
    explicit TypedId(const IdBytes& bytes) : bytes_(bytes) {}

    static std::optional<TypedId> parse(std::string_view text) {
        const auto bytes = parse_id(text);
        return bytes ? std::optional<TypedId>(TypedId(*bytes)) : std::nullopt;
    }

    std::string to_string() const { return to_hex(bytes_); }
    const IdBytes& bytes() const { return bytes_; }
    auto operator<=>(const TypedId&) const = default;
    /// As the default, which g++ makes a call of: deliveries compare ids.
    bool operator==(const TypedId& other) const {
        return std::memcmp(bytes_.data(), other.bytes_.data(), bytes_.size()) == 0;
    }

private:
    IdBytes bytes_{};
};

using UserId = TypedId<struct UserTag>;
using SessionId = TypedId<struct SessionTag>;
using ChatId = TypedId<struct ChatTag>;
using MessageId = TypedId<struct MessageTag>;

/// Makes ids. One instance per process; the loop thread alone calls it.
class IdGenerator {
public:
    virtual ~IdGenerator() = default;
    virtual IdBytes next() = 0;

    template <class Id>
    Id make() {
        return Id(next());
    }
};

/// Ids as MongoDB's drivers make them: seconds, five bytes that name this process, a counter of three bytes.
class SystemIdGenerator final : public IdGenerator {
public:
    /// `random`: five bytes for the process, three for the counter to start from. `clock` must outlive this.
    SystemIdGenerator(const Clock& clock, const std::array<std::uint8_t, 8>& random);
    IdBytes next() override;

private:
    const Clock& clock_;
    std::array<std::uint8_t, 5> process_{};
    std::uint32_t counter_;
};

}  // namespace ping

template <class Tag>
struct std::hash<ping::TypedId<Tag>> {
    std::size_t operator()(const ping::TypedId<Tag>& id) const noexcept {
        // The last eight bytes hold the random part and the counter: as they are, they spread well enough.
        std::uint64_t word = 0;
        std::memcpy(&word, id.bytes().data() + 4, sizeof word);
        return static_cast<std::size_t>(word * 0x9E3779B97F4A7C15ULL);
    }
};
