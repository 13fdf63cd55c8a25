#include "jobs/rabbitmq/properties.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace ping;
using namespace std::chrono_literals;
using jobs::rabbitmq::check_job;
using jobs::rabbitmq::JobProperties;
using jobs::rabbitmq::read_job;
using jobs::rabbitmq::to_bytes;
using jobs::rabbitmq::to_string;

namespace {

const Time now = from_millis(1'790'000'000'123);

amqp_table_entry_t entry(const char* name, std::uint8_t kind) {
    amqp_table_entry_t made{};
    made.key = amqp_cstring_bytes(name);
    made.value.kind = kind;
    return made;
}

}  // namespace

TEST_CASE("rabbitmq: a job's properties are those of TRUST.md §4.2, and make the same job again",
          "[rabbitmq]") {
    jobs::Job job;
    job.message_id = "m1";
    job.headers = {{"x-otp-id", "abc"}, {"x-expires-at", "17"}};
    job.created_at = now;
    job.expires_at = now + 300s;
    const JobProperties properties(job);
    const auto& sent = *properties.get();
    CHECK(sent.delivery_mode == 2);
    CHECK(to_string(sent.message_id) == "m1");
    CHECK(to_string(sent.expiration) == "300000");
    CHECK(sent.timestamp == 1'790'000'000);
    const auto back = read_job(sent, now + 1h);
    CHECK(back.message_id == job.message_id);
    CHECK(back.headers == job.headers);
    CHECK(back.created_at == job.created_at);
    CHECK(back.expires_at == job.expires_at);
}

TEST_CASE("T55: properties of other programs are taken as far as they are fit", "[rabbitmq]") {
    amqp_basic_properties_t bare{};
    const auto job = read_job(bare, now);
    CHECK(job.message_id.empty());
    CHECK(job.headers.empty());
    CHECK(job.created_at == now);
    CHECK_FALSE(job.expires_at);

    bare._flags = AMQP_BASIC_TIMESTAMP_FLAG;
    bare.timestamp = 1'700'000'000;
    CHECK(read_job(bare, now).created_at == from_millis(1'700'000'000'000));
    bare.timestamp = 1'700'000'000'000'000;  // not seconds
    CHECK(read_job(bare, now).created_at == now);

    bare._flags = AMQP_BASIC_EXPIRATION_FLAG;
    for (const std::string text : {"soon", "-1", "", "99999999999999999999", "1e3"}) {
        bare.expiration = to_bytes(text);
        CHECK_FALSE(read_job(bare, now).expires_at);
    }
}

TEST_CASE("rabbitmq: numbers in headers are read as texts, what is neither is left out", "[rabbitmq]") {
    std::array<amqp_table_entry_t, 5> entries{
        entry("small", AMQP_FIELD_KIND_I32), entry("large", AMQP_FIELD_KIND_I64),
        entry("real", AMQP_FIELD_KIND_F64), entry("none", AMQP_FIELD_KIND_VOID),
        entry("x-created-at", AMQP_FIELD_KIND_I64)};
    entries[0].value.value.i32 = -7;
    entries[1].value.value.i64 = 1'790'000'300'000;
    entries[4].value.value.i64 = 1'700'000'000'005;
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_HEADERS_FLAG;
    properties.headers.num_entries = static_cast<int>(entries.size());
    properties.headers.entries = entries.data();
    const auto job = read_job(properties, now);
    CHECK(job.headers == std::map<std::string, std::string>{{"large", "1790000300000"}, {"small", "-7"}});
    CHECK(job.created_at == from_millis(1'700'000'000'005));
}

TEST_CASE("rabbitmq: what AMQP cannot carry is refused", "[rabbitmq]") {
    jobs::Job job;
    job.message_id = std::string(255, 'x');
    CHECK(check_job(job).has_value());
    job.message_id += "x";
    CHECK_FALSE(check_job(job).has_value());
    job.message_id = "m";
    job.headers[std::string(256, 'x')] = "";
    CHECK_FALSE(check_job(job).has_value());
}
