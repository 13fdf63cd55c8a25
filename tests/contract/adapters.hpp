#pragma once

#include "ping/blobs/blob_store.hpp"
#include "ping/core/id.hpp"
#include "ping/ephemeral/otp_store.hpp"
#include "ping/jobs/job_queue.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/storage/chat_store.hpp"
#include "ping/storage/image_store.hpp"
#include "ping/storage/session_store.hpp"
#include "ping/storage/user_store.hpp"
#include "support/fake_clock.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Every port has one suite in this folder, run against every adapter. A new adapter derives from the fixture
/// of its port and registers itself with a `Registered` object in a file of its own; no suite changes.
namespace ping::test {

/// What a fixture of any port needs: a clock that stands still, a loop, ids.
class Fixture {
public:
    virtual ~Fixture() = default;

    FakeClock clock;
    Loop loop{clock};

    /// A new id each time, in ascending order.
    template <class Id>
    Id make_id() {
        IdBytes bytes{0x6a};
        ++last_id_;
        bytes[10] = static_cast<std::uint8_t>(last_id_ >> 8U);
        bytes[11] = static_cast<std::uint8_t>(last_id_ & 0xffU);
        return Id(bytes);
    }

private:
    unsigned last_id_ = 0;
};

class StorageFixture : public Fixture {
public:
    virtual storage::UserStore& users() = 0;
    virtual storage::SessionStore& sessions() = 0;
    virtual storage::ChatStore& chats() = 0;
    virtual storage::ImageStore& images() = 0;
};

class OtpFixture : public Fixture {
public:
    virtual ephemeral::OtpStore& codes() = 0;
};

class BlobFixture : public Fixture {
public:
    virtual blobs::BlobStore& blobs() = 0;
    /// As after a crash of the process: what was durable is still there.
    virtual void crash() = 0;
};

class JobFixture : public Fixture {
public:
    static constexpr std::size_t max_length = 100;
    virtual jobs::JobQueue& queue() = 0;
    virtual jobs::JobConsumer& consumer() = 0;
    /// As after a crash of the process: what was durable is still there, nobody holds a job.
    virtual void restart() = 0;
    /// What lies in the queue's dead letters.
    virtual std::vector<std::string> dead_letters() = 0;
};

template <class FixtureOfPort>
struct Adapter {
    std::string name;
    std::function<std::unique_ptr<FixtureOfPort>()> make;  ///< a fresh, empty store
};

template <class FixtureOfPort>
std::vector<Adapter<FixtureOfPort>>& adapters() {
    static std::vector<Adapter<FixtureOfPort>> all;
    return all;
}

template <class FixtureOfPort>
struct Registered {
    Registered(std::string name, std::function<std::unique_ptr<FixtureOfPort>()> make) {
        adapters<FixtureOfPort>().push_back({std::move(name), std::move(make)});
    }
};

}  // namespace ping::test

/// In a test case: runs it once per adapter, with `fixture` as a pointer to a fresh store.
#define PING_FOR_EACH_ADAPTER(FixtureOfPort, fixture)                                 \
    const auto adapter = GENERATE(from_range(ping::test::adapters<FixtureOfPort>())); \
    INFO("adapter: " << adapter.name);                                                \
    const auto fixture = adapter.make()
