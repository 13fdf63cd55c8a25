#include "ping/chats/member_cache.hpp"

#include "support/fake_clock.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace std::chrono_literals;
using ping::ChatId;
using ping::UserId;
using ping::chats::MemberCache;

namespace {

ChatId chat(std::uint16_t number) {
    return ChatId(ping::IdBytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(number >> 8U),
                                static_cast<std::uint8_t>(number)});
}

}  // namespace

TEST_CASE("member cache: knows a chat for a second at most, or until it is dropped", "[chats]") {
    ping::test::FakeClock clock;
    MemberCache cache(clock);
    const std::vector<UserId> members{UserId(ping::IdBytes{1}), UserId(ping::IdBytes{2})};
    CHECK(cache.find(chat(1)) == nullptr);
    cache.put(chat(1), members);
    cache.put(chat(2), members);
    clock.advance(999ms);
    REQUIRE(cache.find(chat(1)) != nullptr);
    CHECK(*cache.find(chat(1)) == members);
    cache.drop(chat(2));
    CHECK(cache.find(chat(2)) == nullptr);
    clock.advance(1ms);
    CHECK(cache.find(chat(1)) == nullptr);
}

TEST_CASE("member cache: is bounded, and forgets what is too old first", "[chats]") {
    ping::test::FakeClock clock;
    MemberCache cache(clock);
    const auto capacity = static_cast<std::uint16_t>(MemberCache::capacity);
    for (std::uint16_t i = 0; i < capacity - 1; ++i) {
        cache.put(chat(i), {});
    }
    clock.advance(1s);
    cache.put(chat(capacity), {});
    cache.put(chat(capacity + 1), {});
    CHECK(cache.size() == 2);
    for (std::uint16_t i = 0; i < 3 * capacity; ++i) {
        cache.put(chat(i), {});
        REQUIRE(cache.size() <= MemberCache::capacity);
    }
}
