#include "realtime/pipe.hpp"

#include "support/fake_clock.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <string>

using ping::realtime::Frame;
using ping::realtime::Outbox;
using ping::realtime::OutboxBounds;
using ping::realtime::OutboxFlusher;
using ping::realtime::Pipe;
using Tcp = boost::asio::ip::tcp;

namespace {

/// A pipe over loopback whose other end the test reads, or does not.
class Line final : public ping::realtime::PipeOwner, public std::enable_shared_from_this<Line> {
public:
    Line(ping::Loop& loop, OutboxFlusher& flusher) : receiver(loop.context()) {
        boost::asio::basic_socket_acceptor<Tcp, ping::Executor> acceptor(
            loop.context(), Tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
        receiver.connect(acceptor.local_endpoint());
        ping::http::Socket sender(loop.context());
        acceptor.accept(sender);
        sender.non_blocking(true);
        receiver.non_blocking(true);
        pipe = std::make_unique<Pipe>(std::move(sender), flusher, bounds, loop.clock(), *this);
    }
    void on_outbox_progress() override { pipe->on_progress(); }
    void on_outbox_shed() override {}
    void on_received() override { ++received; }
    void on_close_queued() override { ++closes; }
    std::shared_ptr<void> keep_alive() override { return shared_from_this(); }

    /// Reads what is there, up to 1 MiB.
    std::string read_some() {
        std::string part(1 << 20, '\0');
        boost::system::error_code error;
        part.resize(receiver.read_some(boost::asio::buffer(part), error));
        return part;
    }

    ping::http::Socket receiver;
    OutboxBounds bounds{64 << 20, 1000};
    std::unique_ptr<Pipe> pipe;
    int received = 0;
    int closes = 0;
};

struct Fixture {
    ping::test::FakeClock clock;
    ping::Loop loop{clock};
    OutboxFlusher flusher{loop, 256 << 20};
    std::shared_ptr<Line> line = std::make_shared<Line>(loop, flusher);

    /// One turn and its end.
    void turn() {
        loop.post([this] { loop.stop(); });
        loop.run();
    }
};

}  // namespace

TEST_CASE("pipe: a write is done when its bytes have left, whatever pings went before", "[realtime]") {
    Fixture fixture;
    auto& line = *fixture.line;
    auto& outbox = line.pipe->outbox();
    REQUIRE(outbox.put(Frame::control("ping")) == Outbox::Put::queued);
    fixture.turn();
    // More than the kernel takes: what follows has to wait for the reader.
    REQUIRE(outbox.put(Frame::text(std::string(32 << 20, 'x'))) == Outbox::Put::queued);
    fixture.turn();
    bool is_done = false;
    const std::string bytes = "close";
    line.pipe->async_write_some(boost::asio::buffer(bytes),
                                [&](boost::system::error_code error, std::size_t size) {
                                    CHECK_FALSE(error);
                                    CHECK(size == bytes.size());
                                    is_done = true;
                                });
    std::string last;
    bool was_early = false;
    for (int turn = 0; turn < 10'000 && !is_done; ++turn) {
        const auto part = line.read_some();
        last = part.empty() ? last : part;
        fixture.turn();
        was_early = was_early || (is_done && !outbox.is_empty());
    }
    CHECK(is_done);
    CHECK_FALSE(was_early);
    for (auto part = line.read_some(); !part.empty(); part = line.read_some()) {
        last = part;
    }
    CHECK(last.ends_with("close"));
}

TEST_CASE("pipe: a write ends with an error when the connection is over", "[realtime]") {
    Fixture fixture;
    auto& line = *fixture.line;
    boost::system::error_code outcome;
    const std::string bytes = "pong";
    line.pipe->async_write_some(boost::asio::buffer(bytes),
                                [&](boost::system::error_code error, std::size_t) { outcome = error; });
    line.pipe->abort();
    fixture.turn();
    CHECK(outcome == boost::asio::error::operation_aborted);
}

TEST_CASE("pipe: after a close frame a write is swallowed and completes", "[realtime]") {
    Fixture fixture;
    auto& line = *fixture.line;
    REQUIRE(line.pipe->outbox().put(Frame::close(1001, "going away")) == Outbox::Put::queued);
    fixture.turn();
    bool is_done = false;
    const std::string echo("\x88\x02\x03\xe9", 4);
    line.pipe->async_write_some(
        boost::asio::buffer(echo),
        [&](boost::system::error_code error, std::size_t size) { is_done = !error && size == echo.size(); });
    fixture.turn();
    CHECK(is_done);
    CHECK(line.closes == 0);
    CHECK(line.read_some() == std::string("\x88\x0c\x03\xe9going away", 14));
}

TEST_CASE("pipe: a close code that means nothing is answered with 1002, others as they are", "[realtime]") {
    Fixture fixture;
    auto& line = *fixture.line;
    const auto ignore = [](boost::system::error_code, std::size_t) {};
    const auto [written, sent] = GENERATE(
        table<std::string, std::string>({{{"\x88\x02\xff\xff", 4}, {"\x88\x02\x03\xea", 4}},  // 65535
                                         {{"\x88\x02\x13\x88", 4}, {"\x88\x02\x03\xea", 4}},  // 5000
                                         {{"\x88\x02\x13\x87", 4}, {"\x88\x02\x13\x87", 4}},  // 4999
                                         {{"\x88\x02\x03\xe8", 4}, {"\x88\x02\x03\xe8", 4}},  // 1000
                                         {{"\x88\x00", 2}, {"\x88\x00", 2}}}));
    line.pipe->async_write_some(boost::asio::buffer(written), ignore);
    CHECK(line.closes == 1);
    fixture.turn();
    CHECK(line.read_some() == sent);
}

TEST_CASE("pipe: reading ends where it is told to and the waiting read ends with the connection",
          "[realtime]") {
    Fixture fixture;
    auto& line = *fixture.line;
    std::string into(100, '\0');
    std::size_t read = 0;
    boost::system::error_code outcome;
    const auto on_read = [&](boost::system::error_code error, std::size_t size) {
        outcome = error;
        read += size;
    };
    line.receiver.send(boost::asio::buffer(std::string("\x82\x03xyz")));
    line.pipe->stop_reading_after(1);
    line.pipe->async_read_some(boost::asio::buffer(into), on_read);
    for (int turn = 0; turn < 1000 && read == 0; ++turn) {
        fixture.turn();
    }
    CHECK(read == 5);
    CHECK(line.received == 1);
    line.receiver.send(boost::asio::buffer(std::string("more")));
    line.pipe->async_read_some(boost::asio::buffer(into), on_read);
    fixture.turn();
    CHECK_FALSE(outcome);
    line.pipe->abort();
    fixture.turn();
    CHECK(outcome == boost::asio::error::operation_aborted);
    CHECK(read == 5);
}
