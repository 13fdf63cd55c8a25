#include "ping/realtime/outbox.hpp"

#include "support/fake_clock.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <sys/socket.h>

using ping::realtime::Frame;
using ping::realtime::Outbox;
using ping::realtime::OutboxBounds;
using ping::realtime::OutboxFlusher;
using Tcp = boost::asio::ip::tcp;

namespace {

/// A connected pair over loopback: `sender` belongs to the outbox, `receiver` to the test.
class Pair final : public ping::realtime::OutboxOwner, public std::enable_shared_from_this<Pair> {
public:
    Pair(ping::Loop& loop, OutboxFlusher& flusher, OutboxBounds bounds)
        : sender(loop.context()), receiver(loop.context()), outbox(flusher, sender, bounds, *this) {
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
    Outbox outbox;
    int progress = 0;
    bool throws = false;
};

struct Fixture {
    ping::test::FakeClock clock;
    ping::Loop loop{clock};
    OutboxFlusher flusher{loop};

    std::shared_ptr<Pair> pair(OutboxBounds bounds = {}) {
        return std::make_shared<Pair>(loop, flusher, bounds);
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
    pair->outbox.put_control(Frame::control("c"));
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

TEST_CASE("outbox: every control frame has a number, however it was queued", "[realtime]") {
    Fixture fixture;
    const auto pair = fixture.pair();
    CHECK(pair->outbox.put(Frame::control("ping")) == Outbox::Put::queued);
    CHECK(pair->outbox.put_control(Frame::control("pong")) == 2);
    CHECK(pair->outbox.put(Frame::text("a")) == Outbox::Put::queued);
    CHECK(pair->outbox.put_control(Frame::control("\x88")) == 3);
    CHECK(pair->outbox.put_control(Frame::control("late")) == 3);
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
    pair->outbox.put_control(Frame::control("\x88"));
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
    pair->outbox.put_control(Frame::control("\x8A"));
    REQUIRE(pair->outbox.put(Frame::text("dropped")) == Outbox::Put::queued);
    pair->outbox.drop_unsent();
    pair->outbox.put_control(Frame::control("\x88"));
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
