#include "core/config_schema.hpp"

#include <algorithm>
#include <cctype>

namespace ping {
namespace {

using Slot = ConfigSlot;

constexpr std::int64_t second = 1;
constexpr std::int64_t minute = 60;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::int64_t kib = 1024;
constexpr std::int64_t mib = 1024 * kib;
constexpr std::int64_t gib = 1024 * mib;

ConfigKey value(std::string_view name, Slot (*slot)(Config&), std::string_view doc) {
    return ConfigKey{name, slot, doc};
}
ConfigKey secret(std::string_view name, Slot (*slot)(Config&), std::string_view doc) {
    auto key = value(name, slot, doc);
    key.is_secret = true;
    return key;
}
ConfigKey number(std::string_view name, Slot (*slot)(Config&), std::int64_t least, std::int64_t most,
                 std::string_view doc) {
    auto key = value(name, slot, doc);
    key.least = least;
    key.most = most;
    return key;
}
ConfigKey choice(std::string_view name, Slot (*slot)(Config&), std::vector<std::string_view> choices,
                 std::vector<std::string_view> planned, std::string_view doc) {
    auto key = value(name, slot, doc);
    key.choices = std::move(choices);
    key.planned = std::move(planned);
    return key;
}
/// Read and checked, but no part of this version goes by it: whoever sets it is warned at the start. The
/// change that makes a setting count takes this away.
ConfigKey without_effect(ConfigKey key) {
    key.has_effect = false;
    return key;
}

using Keys = std::vector<ConfigKey>;

void add_server(Keys& keys) {
    keys.push_back(value(
        "server.listen", [](Config& c) -> Slot { return &c.server.listen; },
        "Addresses to listen on: host:port or [v6]:port. Any but a loopback address needs mail.smtp_url."));
    keys.push_back(value(
        "server.public_url", [](Config& c) -> Slot { return &c.server.public_url; },
        "Where browsers find this server, such as https://chat.example.org, without a slash at the end. With "
        "https cookies become Secure."));
    keys.push_back(value(
        "server.cors_origins", [](Config& c) -> Slot { return &c.server.cors_origins; },
        "Origins of other sites whose pages may call the API, such as https://shop.example.org. In "
        "development "
        "any http://localhost port may."));
    keys.push_back(value(
        "server.trusted_proxies", [](Config& c) -> Slot { return &c.server.trusted_proxies; },
        "Addresses or CIDR blocks of proxies whose X-Forwarded-For is believed."));
    keys.push_back(choice(
        "server.mode", [](Config& c) -> Slot { return &c.server.mode; }, {"development", "production"}, {},
        "development has the dev mailbox (on loopback only) and lets any http://localhost page in."));
    keys.push_back(value(
        "server.web_dir", [](Config& c) -> Slot { return &c.server.web_dir; },
        "Folder of a built web client (web/dist), read at the start. Empty: the one in the program."));
}

void add_identity(Keys& keys) {
    keys.push_back(value(
        "data.dir", [](Config& c) -> Slot { return &c.data.dir; },
        "Folder of the database, the images and the secret. One process at a time."));
    keys.push_back(secret(
        "auth.secret", [](Config& c) -> Slot { return &c.auth.secret; },
        "All keys are derived from it: at least 32 random bytes (openssl rand -hex 32). Empty: made at "
        "random "
        "in the data folder at the first start."));
    keys.push_back(secret(
        "auth.previous_secrets", [](Config& c) -> Slot { return &c.auth.previous_secrets; },
        "Secrets of before: they make nothing new, but what they made stays good (tokens, codes, links, "
        "mails that wait)."));
    keys.push_back(number(
        "auth.token_lifetime", [](Config& c) -> Slot { return &c.auth.token_lifetime; }, second, 30 * day,
        "How long a login lasts."));
    keys.push_back(number(
        "auth.max_sessions", [](Config& c) -> Slot { return &c.auth.max_sessions; }, 1, 1000,
        "Logins a user may have at a time; the oldest goes."));
    keys.push_back(without_effect(value(
        "admin.emails", [](Config& c) -> Slot { return &c.admin.emails; },
        "Who logs in with one of these addresses is an administrator.")));
}

void add_engines(Keys& keys) {
    keys.push_back(choice(
        "store.engine", [](Config& c) -> Slot { return &c.store.engine; }, {"sqlite"}, {"mongodb"},
        "Where users, chats and messages are kept."));
    keys.push_back(number(
        "store.readers", [](Config& c) -> Slot { return &c.store.readers; }, 1, 64,
        "Threads that read from SQLite."));
    keys.push_back(without_effect(secret(
        "mongo.uri", [](Config& c) -> Slot { return &c.mongo.uri; },
        "mongodb:// or mongodb+srv:// connection string, for store.engine = \"mongodb\".")));
    keys.push_back(choice(
        "codes.engine", [](Config& c) -> Slot { return &c.codes.engine; }, {"sqlite", "redis"}, {},
        "Where login codes and their limits are kept."));
    keys.push_back(secret(
        "redis.url", [](Config& c) -> Slot { return &c.redis.url; },
        "redis://user:password@host:6379/0, or rediss:// for TLS, for codes.engine = \"redis\". Redis "
        "Cluster is "
        "not supported."));
    keys.push_back(value(
        "redis.ca_file", [](Config& c) -> Slot { return &c.redis.ca_file; },
        "PEM file of extra trusted roots for rediss://. Empty: the system's alone."));
    keys.push_back(choice(
        "jobs.engine", [](Config& c) -> Slot { return &c.jobs.engine; }, {"sqlite", "rabbitmq"}, {},
        "Where mails and orders wait for their worker."));
    keys.push_back(secret(
        "rabbitmq.url", [](Config& c) -> Slot { return &c.rabbitmq.url; },
        "amqp://user:password@host:5672/vhost, or amqps:// for TLS, for jobs.engine = \"rabbitmq\"."));
    keys.push_back(value(
        "rabbitmq.ca_file", [](Config& c) -> Slot { return &c.rabbitmq.ca_file; },
        "PEM file of extra trusted roots for amqps://. Empty: the system's alone."));
    keys.push_back(choice(
        "bus.engine", [](Config& c) -> Slot { return &c.bus.engine; }, {"local"}, {"redis"},
        "How several servers tell each other of events; local: there is one."));
    keys.push_back(choice(
        "blobs.engine", [](Config& c) -> Slot { return &c.blobs.engine; }, {"disk"}, {"s3"},
        "Where images are kept."));
    keys.push_back(value(
        "blobs.dir", [](Config& c) -> Slot { return &c.blobs.dir; },
        "Folder of the images. Empty: `blobs` in the data folder."));
    keys.push_back(number(
        "blobs.user_quota", [](Config& c) -> Slot { return &c.blobs.user_quota; }, 0, 1024 * gib,
        "What one user's images may take."));
    keys.push_back(number(
        "blobs.free_percent", [](Config& c) -> Slot { return &c.blobs.free_percent; }, 0, 100,
        "New images are refused when less of the disk is free."));
    keys.push_back(number(
        "blobs.image_workers", [](Config& c) -> Slot { return &c.blobs.image_workers; }, 1, 64,
        "Images decoded at a time, each in a process of its own."));
}

void add_senders(Keys& keys) {
    keys.push_back(secret(
        "mail.smtp_url", [](Config& c) -> Slot { return &c.mail.smtp_url; },
        "smtp://user:password@host:587 (STARTTLS is demanded, except to loopback without a user) or "
        "smtps://user:password@host:465. Empty: the dev mailbox."));
    keys.push_back(value(
        "mail.from", [](Config& c) -> Slot { return &c.mail.from; },
        "Sender of the mails: an address, or Name <address>."));
    keys.push_back(value(
        "mail.ca_file", [](Config& c) -> Slot { return &c.mail.ca_file; },
        "PEM file of extra trusted roots for SMTP. Empty: the system's alone."));
    keys.push_back(number(
        "mail.workers", [](Config& c) -> Slot { return &c.mail.workers; }, 1, 64,
        "Mails on their way at a time."));
    keys.push_back(without_effect(secret(
        "sms.webhook_url", [](Config& c) -> Slot { return &c.sms.webhook_url; },
        "HTTPS address of an SMS provider. Empty: the dev mailbox.")));
    keys.push_back(without_effect(secret(
        "delivery.webhook_url", [](Config& c) -> Slot { return &c.delivery.webhook_url; },
        "HTTPS address that is told of orders to deliver. Empty: nobody is.")));
}

void add_connection_limits(Keys& keys) {
    keys.push_back(number(
        "limits.per_ip", [](Config& c) -> Slot { return &c.limits.per_ip; }, 0, 1'000'000,
        "Connections per address (per /64 for IPv6). 0 turns off every limit per address."));
    keys.push_back(number(
        "limits.per_user", [](Config& c) -> Slot { return &c.limits.per_user; }, 0, 1'000'000,
        "Sockets per user. 0 turns off every limit per user."));
    keys.push_back(number(
        "limits.connections", [](Config& c) -> Slot { return &c.limits.connections; }, 1, 10'000'000,
        "Connections of all; kept below what the system allows the process."));
    keys.push_back(number(
        "limits.header_bytes", [](Config& c) -> Slot { return &c.limits.header_bytes; }, kib, mib,
        "A request's header."));
    keys.push_back(number(
        "limits.header_fields", [](Config& c) -> Slot { return &c.limits.header_fields; }, 10, 1000,
        "Fields of a request's header."));
    keys.push_back(number(
        "limits.uri_bytes", [](Config& c) -> Slot { return &c.limits.uri_bytes; }, 256, mib,
        "A request's path and query."));
    keys.push_back(number(
        "limits.json_bytes", [](Config& c) -> Slot { return &c.limits.json_bytes; }, kib, 16 * mib,
        "A JSON body."));
    keys.push_back(number(
        "limits.upload_bytes", [](Config& c) -> Slot { return &c.limits.upload_bytes; }, kib, 100 * mib,
        "An image."));
    keys.push_back(number(
        "limits.ws_message_bytes", [](Config& c) -> Slot { return &c.limits.ws_message_bytes; }, kib,
        16 * mib, "A message from a socket."));
    keys.push_back(number(
        "limits.outbox_bytes", [](Config& c) -> Slot { return &c.limits.outbox_bytes; }, 16 * kib, 64 * mib,
        "What may wait for a slow reader before its socket is closed."));
    keys.push_back(number(
        "limits.outbox_frames", [](Config& c) -> Slot { return &c.limits.outbox_frames; }, 16, 100'000,
        "The same, counted in messages."));
    keys.push_back(number(
        "limits.outboxes_bytes", [](Config& c) -> Slot { return &c.limits.outboxes_bytes; }, mib, 64 * gib,
        "What may wait for all sockets together, answers to their own requests included. Over it the slowest "
        "readers are closed."));
}

void add_time_limits(Keys& keys) {
    keys.push_back(number(
        "limits.header_timeout", [](Config& c) -> Slot { return &c.limits.header_timeout; }, second, hour,
        "Time for a request's header to arrive."));
    keys.push_back(number(
        "limits.body_grace", [](Config& c) -> Slot { return &c.limits.body_grace; }, second, hour,
        "After this time a body must come at limits.body_rate or faster."));
    keys.push_back(number(
        "limits.body_rate", [](Config& c) -> Slot { return &c.limits.body_rate; }, 1, mib,
        "Bytes a second."));
    keys.push_back(number(
        "limits.write_stall", [](Config& c) -> Slot { return &c.limits.write_stall; }, second, hour,
        "How long an answer may stay unread before the connection is closed."));
    keys.push_back(number(
        "limits.keep_alive", [](Config& c) -> Slot { return &c.limits.keep_alive; }, second, day,
        "How long an idle connection is kept between requests."));
    keys.push_back(number(
        "limits.request", [](Config& c) -> Slot { return &c.limits.request; }, second, hour,
        "Time to answer a request, then 503."));
    keys.push_back(number(
        "limits.logins_per_ip_burst", [](Config& c) -> Slot { return &c.limits.logins_per_ip_burst; }, 1,
        1'000'000, "Logins one address may ask for at once."));
    keys.push_back(number(
        "limits.logins_per_ip_per_minute",
        [](Config& c) -> Slot { return &c.limits.logins_per_ip_per_minute; }, 1, 1'000'000,
        "How many of these come back per minute."));
    keys.push_back(number(
        "limits.logins_per_ip_per_day", [](Config& c) -> Slot { return &c.limits.logins_per_ip_per_day; }, 1,
        100'000'000, "Logins one address may ask for at once after a quiet day; so many come back per day."));
    keys.push_back(number(
        "limits.messages_burst", [](Config& c) -> Slot { return &c.limits.messages_burst; }, 1, 1'000'000,
        "Messages one user may send at once."));
    keys.push_back(number(
        "limits.messages_per_second", [](Config& c) -> Slot { return &c.limits.messages_per_second; }, 1,
        1'000'000, "How many of these come back per second."));
    keys.push_back(number(
        "limits.db_queue", [](Config& c) -> Slot { return &c.limits.db_queue; }, 16, 1'000'000,
        "Writes that may wait for the database before requests get 503."));
}

void add_rest(Keys& keys) {
    keys.push_back(number(
        "presence.open_up_to", [](Config& c) -> Slot { return &c.presence.open_up_to; }, 0, 5000,
        "With at most so many users online everyone sees who is; with more only those who share a chat."));
    keys.push_back(without_effect(number(
        "shop.reserve_ttl", [](Config& c) -> Slot { return &c.shop.reserve_ttl; }, 0, 30 * day,
        "How long an unpaid order keeps its goods reserved. 0: for ever.")));
    keys.push_back(without_effect(value(
        "node.id", [](Config& c) -> Slot { return &c.node.id; },
        "Name of this server among several. Empty: made at random at each start.")));
    keys.push_back(without_effect(value(
        "node.url", [](Config& c) -> Slot { return &c.node.url; },
        "Where the other servers reach this one.")));
    keys.push_back(secret(
        "metrics.token", [](Config& c) -> Slot { return &c.metrics.token; },
        "Bearer token for /metrics. Empty: only loopback may read it."));
    keys.push_back(value(
        "compat.trust_query_user_id", [](Config& c) -> Slot { return &c.compat.trust_query_user_id; },
        "Lets old Socket.IO clients name their user in the query, without a token. Anyone can be anyone "
        "then: "
        "for a closed network only."));
    keys.push_back(choice(
        "log.format", [](Config& c) -> Slot { return &c.log.format; }, {"text", "json"}, {},
        "How log lines look: name=value, or a JSON object per line."));
    keys.push_back(choice(
        "log.level", [](Config& c) -> Slot { return &c.log.level; }, {"debug", "info", "warn", "error"}, {},
        "The least level that is written."));
}

Keys make_keys() {
    Keys keys;
    add_server(keys);
    add_identity(keys);
    add_engines(keys);
    add_senders(keys);
    add_connection_limits(keys);
    add_time_limits(keys);
    add_rest(keys);
    return keys;
}

}  // namespace

std::string ConfigKey::variable() const {
    std::string text("PINGD_");
    for (const char c : name) {
        if (c == '.') {
            text += "__";
        } else {
            text.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
        }
    }
    return text;
}

std::span<const ConfigKey> config_keys() {
    static const Keys keys = make_keys();
    return keys;
}

const ConfigKey* find_config_key(std::string_view name) {
    const auto keys = config_keys();
    const auto found = std::ranges::find(keys, name, &ConfigKey::name);
    return found == keys.end() ? nullptr : &*found;
}

}  // namespace ping
