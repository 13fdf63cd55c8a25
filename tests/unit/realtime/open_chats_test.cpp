#include "ping/realtime/open_chats.hpp"

#include "unit/realtime/fake_connection.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using ping::ChatId;
using ping::UserId;
using ping::realtime::Caller;
using ping::test::FakeConnection;
using ping::test::numbered;

namespace {

using Users = std::vector<UserId>;

const auto chat = numbered<ChatId>(100);
const auto ana = numbered<UserId>(1);
const auto bo = numbered<UserId>(2);

struct Scene {
    ping::Metrics metrics;
    ping::realtime::Hub hub{0, metrics};
    ping::realtime::OpenChats open{hub};
    FakeConnection phone{1, 1};
    FakeConnection laptop{1, 2};
    FakeConnection other{2, 3};
    ping::realtime::Membership at_phone = hub.join(phone);
    ping::realtime::Membership at_laptop = hub.join(laptop);
    ping::realtime::Membership at_other = hub.join(other);

    static Caller caller(const FakeConnection& connection, const ping::realtime::Membership& place) {
        return {connection.identity(), place.id()};
    }
    void open_chat(const FakeConnection& connection, const ping::realtime::Membership& place,
                   ChatId id = chat) {
        open.ask(caller(connection, place), id);
        open.admit(place.id(), id);
    }
    void deliver() { open.deliver(chat, Users{ana, bo}, "userTyping", nullptr); }
};

}  // namespace

TEST_CASE("open chats: an event goes to those connections of the recipients that have the chat open",
          "[realtime]") {
    Scene s;
    s.open_chat(s.phone, s.at_phone);
    s.open_chat(s.other, s.at_other);
    s.open_chat(s.laptop, s.at_laptop, numbered<ChatId>(101));
    s.open.deliver(chat, Users{ana}, "userTyping", nullptr);
    CHECK(s.phone.events == std::vector<std::string>{"userTyping"});
    CHECK(s.laptop.events.empty());
    CHECK(s.other.events.empty());
}

TEST_CASE("open chats: nothing comes before the check of membership, nor after a close that overtook it",
          "[realtime]") {
    Scene s;
    s.open.ask(Scene::caller(s.phone, s.at_phone), chat);
    s.deliver();
    CHECK(s.phone.events.empty());
    CHECK(s.open.viewers(chat).empty());
    s.open.close(s.at_phone.id(), chat);
    s.open.admit(s.at_phone.id(), chat);
    s.deliver();
    CHECK(s.phone.events.empty());
    CHECK(s.open.size() == 0);
}

TEST_CASE("open chats: a viewer is named once, and only while some device of theirs shows the chat",
          "[realtime]") {
    Scene s;
    s.open_chat(s.phone, s.at_phone);
    s.open_chat(s.laptop, s.at_laptop);
    CHECK(s.open.viewers(chat) == Users{ana});
    s.open.set_visible(Scene::caller(s.phone, s.at_phone), false);
    CHECK(s.open.viewers(chat) == Users{ana});
    s.open.set_visible(Scene::caller(s.laptop, s.at_laptop), false);
    CHECK(s.open.viewers(chat).empty());
    s.deliver();
    CHECK(s.phone.events.size() == 1);
    s.open.set_visible(Scene::caller(s.phone, s.at_phone), true);
    CHECK(s.open.viewers(chat) == Users{ana});
}

TEST_CASE("open chats: hidden before anything was opened is still hidden after", "[realtime]") {
    Scene s;
    s.open.set_visible(Scene::caller(s.phone, s.at_phone), false);
    s.open_chat(s.phone, s.at_phone);
    s.open.close(s.at_phone.id(), chat);
    s.open_chat(s.phone, s.at_phone);
    CHECK(s.open.viewers(chat).empty());
}

TEST_CASE("open chats: a connection that left is forgotten, and can open nothing any more", "[realtime]") {
    Scene s;
    s.open_chat(s.phone, s.at_phone);
    s.open.set_visible(Scene::caller(s.laptop, s.at_laptop), false);
    const auto late = Scene::caller(s.phone, s.at_phone);
    s.at_phone.leave();
    s.at_laptop.leave();
    CHECK(s.open.viewers(chat).empty());
    CHECK(s.open.size() == 0);
    s.open.ask(late, chat);
    s.open.admit(late.connection, chat);
    s.open.set_visible(late, false);
    CHECK(s.open.viewers(chat).empty());
    CHECK(s.open.size() == 0);
}

TEST_CASE("open chats: one chat too many closes the oldest, and opening twice is opening once",
          "[realtime]") {
    Scene s;
    const auto limit = static_cast<std::uint8_t>(ping::realtime::OpenChats::per_connection);
    for (std::uint8_t i = 0; i < limit; ++i) {
        s.open_chat(s.phone, s.at_phone, numbered<ChatId>(i));
        s.open_chat(s.phone, s.at_phone, numbered<ChatId>(0));
    }
    CHECK(s.open.viewers(numbered<ChatId>(0)) == Users{ana});
    s.open_chat(s.phone, s.at_phone, numbered<ChatId>(limit));
    CHECK(s.open.viewers(numbered<ChatId>(0)).empty());
    CHECK(s.open.viewers(numbered<ChatId>(1)) == Users{ana});
    CHECK(s.open.viewers(numbered<ChatId>(limit)) == Users{ana});
    for (std::uint8_t i = 1; i <= limit; ++i) {
        s.open.close(s.at_phone.id(), numbered<ChatId>(i));
    }
    CHECK(s.open.size() == 0);
}
