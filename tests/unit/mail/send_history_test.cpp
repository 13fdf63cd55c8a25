#include "mail/send_history.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace ping::mail;

TEST_CASE("send history: knows the last mark of a job", "[mail]") {
    SendHistory history;
    CHECK_FALSE(history.find("a"));
    history.note("a", SendMark::unknown);
    CHECK(history.find("a") == SendMark::unknown);
    history.note("a", SendMark::sent);
    CHECK(history.find("a") == SendMark::sent);
}

TEST_CASE("send history: forgets the oldest, so it stays bounded", "[mail]") {
    SendHistory history;
    for (std::size_t i = 0; i <= SendHistory::most_entries; ++i) {
        history.note(std::to_string(i), SendMark::sent);
    }
    CHECK_FALSE(history.find("0"));
    CHECK(history.find("1"));
    CHECK(history.find(std::to_string(SendHistory::most_entries)));
}
