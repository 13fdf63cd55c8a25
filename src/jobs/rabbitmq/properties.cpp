#include "jobs/rabbitmq/properties.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <ranges>
#include <span>

namespace ping::jobs::rabbitmq {
namespace {

constexpr std::size_t most_short_bytes = 255;  // AMQP's short string
constexpr std::uint8_t persistent = 2;
constexpr std::int64_t most_seconds = 253'402'300'799;  // the end of year 9999
const std::string created_at_header = "x-created-at";
const std::string content_type = "application/json";

amqp_table_entry_t header(const std::string& name, const std::string& text) {
    amqp_table_entry_t entry{};
    entry.key = to_bytes(name);
    entry.value.kind = AMQP_FIELD_KIND_UTF8;
    entry.value.value.bytes = to_bytes(text);
    return entry;
}

std::optional<std::int64_t> to_number(const std::string& text) {
    std::int64_t number = 0;
    const auto* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    return error == std::errc() && end == last && number >= 0 ? std::optional(number) : std::nullopt;
}

std::optional<std::string> text_of(const amqp_field_value_t& field) {
    switch (field.kind) {
        case AMQP_FIELD_KIND_UTF8:
        case AMQP_FIELD_KIND_BYTES:
            return to_string(field.value.bytes);
        case AMQP_FIELD_KIND_I8:
            return std::to_string(field.value.i8);
        case AMQP_FIELD_KIND_I16:
            return std::to_string(field.value.i16);
        case AMQP_FIELD_KIND_I32:
            return std::to_string(field.value.i32);
        case AMQP_FIELD_KIND_I64:
            return std::to_string(field.value.i64);
        default:
            return std::nullopt;
    }
}

std::map<std::string, std::string> read_headers(const amqp_basic_properties_t& properties) {
    std::map<std::string, std::string> headers;
    if ((properties._flags & AMQP_BASIC_HEADERS_FLAG) == 0) {
        return headers;
    }
    const auto count = static_cast<std::size_t>(properties.headers.num_entries);
    for (const auto& entry : std::span(properties.headers.entries, count)) {
        if (auto text = text_of(entry.value)) {
            headers.insert_or_assign(to_string(entry.key), std::move(*text));
        }
    }
    return headers;
}

Time created_at(const amqp_basic_properties_t& properties, const std::string& exact, Time now) {
    const auto millis = to_number(exact);
    if (millis && *millis / 1'000 <= most_seconds) {
        return from_millis(*millis);
    }
    const bool has_seconds = (properties._flags & AMQP_BASIC_TIMESTAMP_FLAG) != 0 &&
                             properties.timestamp <= static_cast<std::uint64_t>(most_seconds);
    return has_seconds ? from_millis(static_cast<std::int64_t>(properties.timestamp) * 1'000) : now;
}

}  // namespace

JobProperties::JobProperties(const Job& job) : created_at_(std::to_string(to_millis(job.created_at))) {
    headers_.push_back(header(created_at_header, created_at_));
    for (const auto& [name, text] : job.headers) {
        headers_.push_back(header(name, text));
    }
    properties_._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG |
                         AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_TIMESTAMP_FLAG | AMQP_BASIC_HEADERS_FLAG;
    properties_.content_type = to_bytes(content_type);
    properties_.delivery_mode = persistent;
    properties_.message_id = to_bytes(job.message_id);
    properties_.timestamp = static_cast<std::uint64_t>(to_millis(job.created_at) / 1'000);
    properties_.headers.num_entries = static_cast<int>(headers_.size());
    properties_.headers.entries = headers_.data();
    if (job.expires_at) {
        const auto left = std::max(*job.expires_at - job.created_at, std::chrono::milliseconds(0));
        expiration_ = std::to_string(left.count());
        properties_._flags |= AMQP_BASIC_EXPIRATION_FLAG;
        properties_.expiration = to_bytes(expiration_);
    }
}

Result<void> check_job(const Job& job) {
    const auto is_short = [](const std::string& text) { return text.size() <= most_short_bytes; };
    if (!is_short(job.message_id) || !std::ranges::all_of(job.headers | std::views::keys, is_short)) {
        return errors::invalid("an id or the name of a header has more than 255 bytes", "bad_job");
    }
    return ok();
}

Job read_job(const amqp_basic_properties_t& properties, Time now) {
    Job job;
    if ((properties._flags & AMQP_BASIC_MESSAGE_ID_FLAG) != 0) {
        job.message_id = to_string(properties.message_id);
    }
    job.headers = read_headers(properties);
    const auto exact = job.headers.extract(created_at_header);
    job.created_at = created_at(properties, exact.empty() ? std::string() : exact.mapped(), now);
    if ((properties._flags & AMQP_BASIC_EXPIRATION_FLAG) != 0) {
        if (const auto left = to_number(to_string(properties.expiration)); left && *left <= most_seconds) {
            job.expires_at = job.created_at + std::chrono::milliseconds(*left);
        }
    }
    return job;
}

}  // namespace ping::jobs::rabbitmq
