#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ping {

enum class Mode { development, production };
enum class LogFormat { text, json };
enum class LogLevel { debug, info, warn, error };

/// Every setting, as read (core/config_schema.cpp lists keys, defaults and bounds). Plain values; never
/// changes after the start.
struct Config {
    struct Server {
        std::vector<std::string> listen{"127.0.0.1:8080"};  ///< host:port, [v6]:port
        std::string public_url;  ///< scheme and host, no slash at the end; may be empty
        std::vector<std::string> cors_origins;
        std::vector<std::string> trusted_proxies;  ///< addresses or CIDR blocks
        Mode mode = Mode::development;
        std::string web_dir;  ///< folder of the built web client; empty: the embedded one
    } server;
    struct Data {
        std::string dir = "./pingd-data";
    } data;
    struct Auth {
        std::string secret;  ///< empty: made at random in the data folder
        std::vector<std::string> previous_secrets;
        std::chrono::seconds token_lifetime{15 * 24 * 3600};
        int max_sessions = 10;  ///< live sessions a user may have
    } auth;
    struct Admin {
        std::vector<std::string> emails;
    } admin;
    struct Store {
        std::string engine = "sqlite";
        int readers = 2;  ///< reader threads of SQLite
    } store;
    struct Mongo {
        std::string uri;
    } mongo;
    struct Codes {
        std::string engine = "sqlite";
    } codes;
    struct Redis {
        std::string url;
        std::string ca_file;  ///< PEM file of extra trusted roots; empty: the system's
    } redis;
    struct Jobs {
        std::string engine = "sqlite";
    } jobs;
    struct Rabbitmq {
        std::string url;
        std::string ca_file;  ///< PEM file of extra trusted roots; empty: the system's
    } rabbitmq;
    struct Bus {
        std::string engine = "local";
    } bus;
    struct Mail {
        std::string smtp_url;  ///< empty: dev mailbox
        std::string from = "Ping <ping@localhost>";
        std::string ca_file;  ///< PEM file of extra trusted roots for SMTP; empty: the system's
        int workers = 8;      ///< transfers at a time
    } mail;
    struct Sms {
        std::string webhook_url;
    } sms;
    struct Delivery {
        std::string webhook_url;
    } delivery;
    /// TRUST.md rows 33-46. Sizes in bytes.
    struct Limits {
        int per_ip =
            100;  ///< connections per address (per /64 for IPv6); 0: off, with every limit per address
        int per_user = 20;         ///< sockets per user; 0: off, with every limit per user
        int connections = 10'000;  ///< of all; kept below RLIMIT_NOFILE
        std::size_t header_bytes = 8 * 1024;
        int header_fields = 100;
        std::size_t uri_bytes = 2 * 1024;
        std::size_t json_bytes = 64 * 1024;
        std::size_t upload_bytes = 5 * 1024 * 1024;
        std::size_t ws_message_bytes = 64 * 1024;
        std::size_t outbox_bytes = 256 * 1024;
        int outbox_frames = 256;
        std::size_t outboxes_bytes = 256 * 1024 * 1024;  ///< of all sockets together
        std::chrono::seconds header_timeout{10};
        std::chrono::seconds body_grace{5};    ///< after this a body must come at `body_rate` or faster
        std::size_t body_rate = 1024;          ///< bytes a second
        std::chrono::seconds write_stall{10};  ///< a response that nobody reads
        std::chrono::seconds keep_alive{60};   ///< an idle connection between requests
        std::chrono::seconds request{30};      ///< a handler's time before 503
        int logins_per_ip_burst = 60;
        int logins_per_ip_per_minute = 20;
        int logins_per_ip_per_day = 2000;
        int messages_burst = 60;  ///< per user
        int messages_per_second = 10;
        int db_queue = 10'000;  ///< writes that may wait
    } limits;
    struct Presence {
        int open_up_to = 500;
    } presence;
    struct Shop {
        std::chrono::seconds reserve_ttl{0};
    } shop;
    struct Blobs {
        std::string engine = "disk";
        std::string dir;                             ///< empty: `<data.dir>/blobs`
        std::size_t user_quota = 200 * 1024 * 1024;  ///< of one person's images
        int free_percent = 5;                        ///< of the disk; with less there are no new images
        int image_workers = 2;                       ///< images decoded at a time
    } blobs;
    struct Node {
        std::string id;
        std::string url;
    } node;
    struct MetricsAccess {
        std::string token;
    } metrics;
    struct Compat {
        bool trust_query_user_id = false;
    } compat;
    struct Log {
        LogFormat format = LogFormat::text;
        LogLevel level = LogLevel::info;
    } log;
};

}  // namespace ping
