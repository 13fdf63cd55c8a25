#include "ping/realtime/contact_book.hpp"

#include "support/fake_clock.hpp"
#include "unit/realtime/fake_connection.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <vector>

using namespace std::chrono_literals;
using ping::Result;
using ping::Task;
using ping::UserId;
using ping::realtime::ContactBook;
using ping::test::numbered;

namespace {

using Users = std::vector<UserId>;

const auto ana = numbered<UserId>(1);
const auto bo = numbered<UserId>(2);
const auto cleo = numbered<UserId>(3);

/// A store that answers when the test says so.
struct Scene {
    ping::test::FakeClock clock;
    ping::Loop loop{clock};
    ping::TaskGroup tasks{loop};
    std::map<UserId, Users> stored;
    bool fails = false;
    bool holds = false;
    int asked = 0;
    int under_way = 0;
    int most_under_way = 0;
    std::vector<std::unique_ptr<ping::AsyncEvent>> held;
    Users known;
    ContactBook book{loop, tasks, [this](UserId user) { return find(user); },
                     [this](UserId user) { known.push_back(user); }};

    Task<Result<Users>> find(UserId user) {
        ++asked;
        most_under_way = std::max(most_under_way, ++under_way);
        const auto answer = stored[user];
        if (holds) {
            auto& gate = *held.emplace_back(std::make_unique<ping::AsyncEvent>(loop));
            co_await gate.wait();
        }
        --under_way;
        if (fails) {
            co_return ping::errors::unavailable("down");
        }
        co_return answer;
    }
    void run() {
        loop.context().restart();
        loop.context().poll();
    }
    void release() {
        for (const auto& gate : held) {
            gate->set();
        }
        held.reserve(1000);
        run();
    }
};

}  // namespace

TEST_CASE("contact book: asks once per stay and knows until the page is closed", "[realtime][presence]") {
    Scene s;
    s.stored[ana] = {cleo, bo};
    CHECK(s.book.find(ana) == nullptr);
    s.book.open(ana);
    s.book.open(ana);
    s.run();
    s.book.open(ana);
    s.run();
    CHECK(s.asked == 1);
    CHECK(s.known == Users{ana});
    REQUIRE(s.book.find(ana) != nullptr);
    CHECK(*s.book.find(ana) == Users{bo, cleo});
    CHECK(s.book.are_contacts(ana, bo));
    CHECK_FALSE(s.book.are_contacts(bo, ana));
    CHECK(s.book.close(ana) == Users{bo, cleo});
    CHECK(s.book.find(ana) == nullptr);
    CHECK(s.book.close(ana).empty());
    CHECK(s.book.size() == 0);
}

TEST_CASE("contact book: a chat made while the store is asked is not lost", "[realtime][presence]") {
    Scene s;
    s.holds = true;
    s.stored[ana] = {cleo};
    s.book.open(ana);
    s.run();
    s.book.add(ana, bo);
    s.book.add(bo, ana);
    CHECK(s.book.find(ana) == nullptr);
    s.release();
    REQUIRE(s.book.find(ana) != nullptr);
    CHECK(*s.book.find(ana) == Users{bo, cleo});
    s.book.add(ana, bo);
    CHECK(*s.book.find(ana) == Users{bo, cleo});
}

TEST_CASE("contact book: an answer for an earlier stay does not count", "[realtime][presence]") {
    Scene s;
    s.holds = true;
    s.book.open(ana);
    s.run();
    s.book.close(ana);
    s.stored[ana] = {bo};
    s.book.open(ana);
    s.release();
    CHECK(s.book.find(ana) == nullptr);
    s.release();
    REQUIRE(s.book.find(ana) != nullptr);
    CHECK(*s.book.find(ana) == Users{bo});
    CHECK(s.known == Users{ana});
}

TEST_CASE("contact book: what failed is asked again after a second, until the page is closed",
          "[realtime][presence]") {
    Scene s;
    s.fails = true;
    s.book.open(ana);
    s.book.open(bo);
    s.run();
    CHECK(s.asked == 2);
    for (int i = 0; i < 3; ++i) {
        s.clock.advance(1100ms);
        s.loop.timers().advance();
        s.run();
    }
    const int asked = s.asked;
    CHECK(asked == 8);
    s.book.close(bo);
    s.fails = false;
    s.stored[ana] = {cleo};
    s.clock.advance(1100ms);
    s.loop.timers().advance();
    s.run();
    CHECK(s.asked == asked + 1);
    CHECK(s.known == Users{ana});
}

TEST_CASE("contact book: a wave of people asks the store few questions at a time", "[realtime][presence]") {
    Scene s;
    s.holds = true;
    for (std::uint8_t i = 0; i < 200; ++i) {
        s.book.open(numbered<UserId>(i));
    }
    for (int round = 0; round < 200 && s.known.size() < 200; ++round) {
        s.run();
        s.release();
    }
    CHECK(s.known.size() == 200);
    CHECK(s.most_under_way == ContactBook::parallel);
}
