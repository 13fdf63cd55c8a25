#include "realtime/socketio/catch_up.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using ping::ChatId;
using ping::realtime::socketio::CatchUp;

namespace {

using Seqs = std::vector<std::int64_t>;

ChatId chat(int number) {
    return ChatId(ping::IdBytes{static_cast<std::uint8_t>(number)});
}

/// A chat's messages 1 to `last` in pages of three, and what of them came to the connection.
struct Store {
    std::int64_t last = 0;
    Seqs sent{};

    void read_page(CatchUp& catch_up) {
        const auto from = catch_up.next().seq + 1;
        const auto to = std::min(from + 2, last);
        for (auto seq = from; seq <= to; ++seq) {
            if (catch_up.takes(seq)) {
                sent.push_back(seq);
            }
        }
        catch_up.page_read(to < last);
    }
    /// A new message, told at once.
    void add(CatchUp& catch_up) {
        ++last;
        if (!catch_up.holds({chat(1), last})) {
            sent.push_back(last);
        }
    }
};

}  // namespace

TEST_CASE("catch up: all that was missed, in order", "[socketio]") {
    CatchUp catch_up;
    CHECK(catch_up.is_done());
    catch_up.add({chat(1), 4}, {});
    Store store{10};
    while (!catch_up.is_done()) {
        store.read_page(catch_up);
    }
    CHECK(store.sent == Seqs{4, 5, 6, 7, 8, 9, 10});
}

TEST_CASE("catch up: what is said meanwhile comes once and in order", "[socketio]") {
    CatchUp catch_up;
    catch_up.add({chat(1), 4}, {});
    Store store{5};
    store.add(catch_up);
    store.read_page(catch_up);
    CHECK(catch_up.is_done());
    catch_up = CatchUp();
    store.sent.clear();
    catch_up.add({chat(1), 5}, {});
    for (int i = 0; i < 4; ++i) {
        store.add(catch_up);
        if (!catch_up.is_done()) {
            store.read_page(catch_up);
        }
    }
    while (!catch_up.is_done()) {
        store.read_page(catch_up);
    }
    store.add(catch_up);
    CHECK(store.sent == Seqs{5, 6, 7, 8, 9, 10, 11});
}

TEST_CASE("catch up: a message that is stored and not told yet does not come twice", "[socketio]") {
    CatchUp catch_up;
    catch_up.add({chat(1), 4}, {});
    Store store{5};
    store.read_page(catch_up);
    CHECK(catch_up.is_done());
    CHECK(catch_up.holds({chat(1), 5}));
    CHECK_FALSE(catch_up.holds({chat(1), 6}));
    CHECK_FALSE(catch_up.holds({chat(2), 1}));
}

TEST_CASE("catch up: after a late find only what came before the first live message is missing",
          "[socketio]") {
    CatchUp catch_up;
    catch_up.add({chat(1), 4}, 9);
    Store store{10};
    CHECK_FALSE(catch_up.holds({chat(1), 10}));
    while (!catch_up.is_done()) {
        store.read_page(catch_up);
    }
    CHECK(store.sent == Seqs{4, 5, 6, 7, 8});
    catch_up.add({chat(2), 3}, 3);  // nothing is missing
    store.sent.clear();
    store.read_page(catch_up);
    CHECK(catch_up.is_done());
    CHECK(store.sent.empty());
}

TEST_CASE("catch up: a chat that can not be read, or has nothing, ends", "[socketio]") {
    CatchUp catch_up;
    catch_up.add({chat(1), 4}, {});
    catch_up.add({chat(2), 1}, {});
    catch_up.skip();
    CHECK(catch_up.next().chat == chat(2));
    CHECK(catch_up.missing().find(chat(1)) == nullptr);
    CHECK(catch_up.missing().find(chat(2))->seq == 1);
    CHECK(catch_up.holds({chat(2), 3}));
    catch_up.page_read(false);
    CHECK(catch_up.is_done());
}
