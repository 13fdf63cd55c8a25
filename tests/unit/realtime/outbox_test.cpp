#include "ping/realtime/outbox.hpp"

#include "support/fake_clock.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <vector>

using ping::realtime::Frame;
using ping::realtime::Outbox;
using ping::realtime::OutboxBounds;
using ping::realtime::OutboxFlusher;
using Tcp = boost::asio::ip::tcp;

namespace {

/// A connected pair over loopback: `sender` belongs to the outbox, `receiver` to the test.
class Pair final : public ping::realtime::OutboxOwner, public std::enable_shared_from_this<Pair> {
public:
    Pair(ping::Loop& loop, OutboxFlusher& flusher, OutboxBounds bounds_in)
        : sender(loop.context()),
          receiver(loop.context()),
          bounds(bounds_in),
          outbox(flusher, sender, bounds, *this) {
        boost::asio::basic_socket_acceptor<Tcp, ping::Executor> acceptor(
            loop.context(), Tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
        receiver.connect(acceptor.local_endpoint());
        acceptor.accept(sender);
        sender.non_blocking(true);
        receiver.non_blocking(true);
    }
    void on_outbox_progress() override {
        ++progress;
        if (throws) {
            throw std::runtime_error("from a flush, on purpose");
        }
    }
    void on_outbox_shed() override {
        ++sheds;
        outbox.drop_unsent();
    }
    std::shared_ptr<void> keep_alive() override { return shared_from_this(); }

    std::string read_available() {
        std::string all;
        std::string part(1 << 20, '\0');
        boost::system::error_code error;
        while (!error) {
            all.append(part, 0, receiver.read_some(boost::asio::buffer(part), error));
        }
        return all;
    }

    ping::http::Socket sender;
    ping::http::Socket receiver;
    const OutboxBounds bounds;
    Outbox outbox;
    int progress = 0;
    int sheds = 0;
    bool throws = false;
};

struct Fixture {
    explicit Fixture(std::size_t total = 256 << 20) : total_bytes(total) {}

    std::size_t total_bytes;
    ping::test::FakeClock clock;
    ping::Loop loop{clock};
    OutboxFlusher flusher{loop, total_bytes};
    std::vector<std::weak_ptr<Pair>> pairs;

    ~Fixture() {
        // What waits for the kernel holds its pair, and no outbox may outlive the flusher.
        for (const auto& weak : pairs) {
            if (const auto alive = weak.lock()) {
                alive->sender.close();
            }
        }
        turn();
    }
    Fixture(const Fixture&) = delete;
    Fixture& operator=(const Fixture&) = delete;

    std::shared_ptr<Pair> pair(OutboxBounds bounds = {}) {
        auto made = std::make_shared<Pair>(loop, flusher, bounds);
        pairs.push_back(made);
        return made;
    }
    /// One turn and its end.
    void turn() {
        loop.post([this] { loop.stop(); });
        loop.run();
    }
};

}  // namespace

TEST_CASE("outbox: frames leave at the end of the turn, in order", "[realtime]") {
    Fixture fixture;
    const auto pair = fixture.pair();
    CHECK(pair->outbox.put(Frame::text("a")) == Outbox::Put::queued);
    pair->outbox.put(Frame::control("c"));
    CHECK(pair->outbox.put(Frame::text("b")) == Outbox::Put::queued);
    CHECK(pair->read_available().empty());
    fixture.turn();
    CHECK(pair->read_available() == std::string("\x81\x01"
                                                "ac\x81\x01"
                                                "b",
                                                7));
    CHECK(pair->outbox.is_empty());
    CHECK(pair->outbox.controls_written() == 1);
    CHECK(pair->progress == 1);
}

TEST_CASE("outbox: every control frame has a number", "[realtime]") {
    Fixture fixture;
    const auto pair = fixture.pair();
    CHECK(pair->outbox.put(Frame::control("ping")) == Outbox::Put::queued);
    CHECK(pair->outbox.put(Frame::control("pong")) == Outbox::Put::queued);
    CHECK(pair->outbox.controls_taken() == 2);
    CHECK(pair->outbox.put(Frame::text("a")) == Outbox::Put::queued);
    CHECK(pair->outbox.put(Frame::control("\x88")) == Outbox::Put::queued);
    CHECK(pair->outbox.put(Frame::control("late")) == Outbox::Put::closed);
    CHECK(pair->outbox.controls_taken() == 3);
    fixture.turn();
    CHECK(pair->outbox.controls_written() == 3);
}

TEST_CASE("outbox: a bound in frames and one in bytes", "[realtime]") {
    Fixture fixture;
    const auto few = fixture.pair({1000, 2});
    CHECK(few->outbox.put(Frame::text("a")) == Outbox::Put::queued);
    CHECK(few->outbox.put(Frame::text("b")) == Outbox::Put::queued);
    CHECK(few->outbox.put(Frame::text("c")) == Outbox::Put::overflow);
    const auto small = fixture.pair({100, 1000});
    CHECK(small->outbox.put(Frame::text(std::string(98, 'x'))) == Outbox::Put::queued);
    CHECK(small->outbox.put(Frame::text("")) == Outbox::Put::overflow);
    fixture.turn();
    CHECK(small->outbox.put(Frame::text("")) == Outbox::Put::queued);
}

TEST_CASE("outbox: after a close frame nothing is taken", "[realtime]") {
    Fixture fixture;
    const auto pair = fixture.pair();
    pair->outbox.put(Frame::control("\x88"));
    CHECK(pair->outbox.put(Frame::text("late")) == Outbox::Put::closed);
    fixture.turn();
    CHECK(pair->read_available() == "\x88");
}

TEST_CASE("outbox: short writes lose and double nothing", "[realtime]") {
    Fixture fixture;
    const auto pair = fixture.pair({64 << 20, 100'000});
    std::string expected;
    for (int i = 0; i < 3000; ++i) {
        const std::string text = std::to_string(i) + std::string(4000, 'x');
        const auto frame = Frame::text(text);
        expected.append(frame->data(), frame->size());
        REQUIRE(pair->outbox.put(frame) == Outbox::Put::queued);
    }
    std::string received;
    for (int turn = 0; turn < 10'000 && received.size() < expected.size(); ++turn) {
        fixture.turn();
        received += pair->read_available();
    }
    CHECK((received == expected));
    CHECK(pair->outbox.is_empty());
}

TEST_CASE("outbox: dropping keeps the frame that is under way and the control frames", "[realtime]") {
    Fixture fixture;
    const auto pair = fixture.pair({64 << 20, 100'000});
    const auto large = Frame::text(std::string(16 << 20, 'x'));
    REQUIRE(pair->outbox.put(large) == Outbox::Put::queued);
    fixture.turn();
    REQUIRE(pair->outbox.put(Frame::text("dropped")) == Outbox::Put::queued);
    pair->outbox.put(Frame::control("\x8A"));
    REQUIRE(pair->outbox.put(Frame::text("dropped")) == Outbox::Put::queued);
    pair->outbox.drop_unsent();
    pair->outbox.put(Frame::control("\x88"));
    std::string received;
    for (int turn = 0; turn < 10'000 && !pair->outbox.is_empty(); ++turn) {
        received += pair->read_available();
        fixture.turn();
    }
    received += pair->read_available();
    CHECK(received.size() == large->size() + 2);
    CHECK(received.substr(received.size() - 2) == "\x8A\x88");
    CHECK(pair->outbox.controls_written() == 2);
}

TEST_CASE("outbox: a peer that is gone is a failure, said once, and later frames are refused", "[realtime]") {
    Fixture fixture;
    const auto pair = fixture.pair();
    const linger hard{1, 0};
    ::setsockopt(pair->receiver.native_handle(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    pair->receiver.close();
    for (int turn = 0; turn < 100 && !pair->outbox.has_failed(); ++turn) {
        pair->outbox.put(Frame::text("x"));
        fixture.turn();
    }
    CHECK(pair->outbox.has_failed());
    CHECK(pair->outbox.put(Frame::text("x")) == Outbox::Put::closed);
}

TEST_CASE("outbox: may go away with frames in it", "[realtime]") {
    Fixture fixture;
    auto pair = fixture.pair();
    pair->outbox.put(Frame::text("x"));
    pair.reset();
    fixture.turn();
    SUCCEED();
}

TEST_CASE("outbox: a flush that throws leaves the others their turn and no trace in the flusher",
          "[realtime]") {
    Fixture fixture;
    auto thrower = fixture.pair();
    const auto other = fixture.pair();
    thrower->throws = true;
    REQUIRE(thrower->outbox.put(Frame::text("a")) == Outbox::Put::queued);
    REQUIRE(other->outbox.put(Frame::text("b")) == Outbox::Put::queued);
    fixture.turn();
    thrower.reset();
    fixture.turn();
    CHECK(other->read_available() ==
          "\x81\x01"
          "b");
    CHECK(other->progress == 1);
}

TEST_CASE("outbox: answers are beside the bound, and counted until they have left whole", "[realtime]") {
    Fixture fixture;
    const auto pair = fixture.pair({100, 2});
    const auto large = Frame::text(std::string(16 << 20, 'x'), Frame::Kind::answer);
    CHECK(pair->outbox.put(large) == Outbox::Put::queued);
    CHECK(pair->outbox.put(Frame::text("a")) == Outbox::Put::queued);
    CHECK(pair->outbox.put(Frame::text("b")) == Outbox::Put::queued);
    CHECK(pair->outbox.put(Frame::text("c")) == Outbox::Put::overflow);
    CHECK(pair->outbox.put(Frame::text("answer", Frame::Kind::answer)) == Outbox::Put::queued);
    fixture.turn();
    CHECK(pair->outbox.answer_bytes() == large->size() + 8);
    for (int turn = 0; turn < 10'000 && !pair->outbox.is_empty(); ++turn) {
        pair->read_available();
        fixture.turn();
    }
    CHECK(pair->outbox.answer_bytes() == 0);
    CHECK(fixture.flusher.queued_bytes() == 0);
    CHECK(pair->outbox.put(Frame::text("c")) == Outbox::Put::queued);
}

TEST_CASE("T41: over the bound of all outboxes the fullest are shed, and no more than needed",
          "[realtime][T41]") {
    Fixture fixture(40 << 20);
    const auto full = fixture.pair({64 << 20, 100});
    const auto fuller = fixture.pair({64 << 20, 100});
    const auto reader = fixture.pair({64 << 20, 100});
    // The first frames are under way and cannot be dropped; the next ones can.
    for (const auto& pair : {full, fuller}) {
        REQUIRE(pair->outbox.put(Frame::text(std::string(15 << 20, 'x'))) == Outbox::Put::queued);
    }
    fixture.turn();
    REQUIRE(full->outbox.put(Frame::text(std::string(1 << 20, 'x'))) == Outbox::Put::queued);
    REQUIRE(fuller->outbox.put(Frame::text(std::string(12 << 20, 'x'))) == Outbox::Put::queued);
    REQUIRE(reader->outbox.put(Frame::text("x")) == Outbox::Put::queued);
    fixture.turn();
    CHECK(fuller->sheds == 1);
    CHECK(full->sheds == 0);
    CHECK(reader->sheds == 0);
    CHECK(fixture.flusher.queued_bytes() == full->outbox.queued_bytes() + fuller->outbox.queued_bytes());
    CHECK(fixture.flusher.queued_bytes() < 40U << 20U);
    fixture.turn();
    CHECK(fuller->sheds == 1);
}

TEST_CASE("outbox: what is discarded counts no more", "[realtime]") {
    Fixture fixture;
    auto pair = fixture.pair({64 << 20, 100});
    REQUIRE(pair->outbox.put(Frame::text(std::string(16 << 20, 'x'))) == Outbox::Put::queued);
    fixture.turn();
    CHECK(fixture.flusher.queued_bytes() > 0);
    pair->outbox.discard();
    CHECK(fixture.flusher.queued_bytes() == 0);
    CHECK(pair->outbox.put(Frame::text("x")) == Outbox::Put::closed);
}
