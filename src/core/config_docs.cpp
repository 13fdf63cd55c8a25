#include "core/config_value.hpp"
#include "ping/core/config_loader.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <iterator>
#include <utility>

namespace ping {
namespace {

constexpr std::size_t columns = 100;

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> section_docs{{
    {"server", "The network side."},
    {"data", "Where everything lies."},
    {"auth", "Logins and the secret behind them."},
    {"admin", "Who runs this server."},
    {"store", "The main database."},
    {"mongo", "MongoDB."},
    {"codes", "One-time codes."},
    {"redis", "Redis."},
    {"jobs", "Work that waits."},
    {"rabbitmq", "RabbitMQ."},
    {"bus", "Several servers as one."},
    {"blobs", "Images."},
    {"mail", "Outgoing mail."},
    {"sms", "Outgoing text messages."},
    {"delivery", "Orders to deliver."},
    {"limits", "Bounds that keep one client from harming the others."},
    {"presence", "Who is online."},
    {"shop", "The shop."},
    {"node", "This server among several."},
    {"metrics", "Numbers for Prometheus."},
    {"compat", "Habits of old clients."},
    {"log", "Log lines on standard error."},
}};

constexpr std::string_view file_head =
    R"(# The settings of pingd, each with its default: take away the # before a key to change it. `pingd check-config`
# says what is wrong with this file and where. Every key can also be given as an environment variable
# (server.listen is PINGD_SERVER__LISTEN) or as a flag (--set server.listen=...), which count more than this
# file. docs/configuration.md has the whole story. This file is made from src/core/config_schema.cpp.
)";

constexpr std::string_view docs_head = R"(# Configuration

`pingd serve` runs without any setting. Each setting below can be given in four ways; the first that is there counts:

1. a flag: `--set server.listen=127.0.0.1:9000`, for some also a short one (`--listen`, `--data-dir`, `--log-format`,
   `--log-level`). Secrets are not taken from flags, where other users can see them;
2. an environment variable: `PINGD_SERVER__LISTEN=127.0.0.1:9000`, that is `PINGD_`, the section, two underscores, the
   key. Lists are comma-separated. For a secret (marked below) `PINGD_AUTH__SECRET_FILE=/run/secrets/ping` names a file
   that holds the value;
3. the TOML file that `--config` names, else the variable `PINGD_CONFIG`, else `/etc/pingd/pingd.toml` if it is there.
   `config/pingd.toml` is a file with all keys to start from;
4. the default.

A setting that is marked as without effect belongs to a part that is still to come: `pingd serve` names in one warning
those that are set, and goes on.

An unknown key or variable is an error, and so is a value out of bounds. `pingd check-config` lists everything that is
wrong, each with its place, and ends with exit code 2; `pingd serve` does the same before it starts.

## Variables of the MERN services

Where a setting is not given in one of the ways above, the variables that the services Ping replaces use count:

| variable | means |
|---|---|
| `PORT` | `server.listen = ["127.0.0.1:PORT"]` |
| `MONGO_URI` | `mongo.uri`, and `store.engine = "mongodb"` |
| `REDIS_URL` | `redis.url`, and `codes.engine = "redis"` |
| `RABBITMQ_HOST` | `rabbitmq.url = "amqp://HOST:5672"`, and `jobs.engine = "rabbitmq"` |
| `EMAIL_USER` with `EMAIL_PASSWORD` | `mail.smtp_url = "smtps://USER:PASSWORD@smtp.gmail.com:465"`, and `mail.from` |

This version keeps users, chats and messages in SQLite: with `MONGO_URI` set, also set `PINGD_STORE__ENGINE=sqlite`, or
`pingd` refuses to start.

## What is refused

- a listening address that is not loopback, and `server.mode = "production"`, without `mail.smtp_url`: the dev mailbox
  answers to this machine alone, but a proxy on it could show the login codes to everybody;
- an `auth.secret` that is shorter than 32 bytes, well known or guessable, in every mode.

## Settings

This page is made from `src/core/config_schema.cpp`.
)";

std::string_view section_doc(std::string_view section) {
    const auto* const found =
        std::ranges::find(section_docs, section, [](const auto& row) { return row.first; });
    return found->second;
}

/// As comment lines of at most `columns`.
std::string comment(std::string_view text) {
    std::string lines;
    std::string line = "#";
    while (!text.empty()) {
        const auto space = std::min(text.find(' '), text.size());
        if (line.size() + 1 + space > columns) {
            lines += line + '\n';
            line = "#";
        }
        line += ' ';
        line += text.substr(0, space);
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    return lines + line + '\n';
}

std::string with_bounds(const ConfigKey& key) {
    const auto bounds = config_bounds(key);
    return bounds.empty() ? config_type(key) : fmt::format("{}; {}", config_type(key), bounds);
}

std::string full_doc(const ConfigKey& key) {
    return key.has_effect ? std::string(key.doc) : fmt::format("{} Without effect in this version.", key.doc);
}

/// `|` ends a cell in Markdown.
std::string cell(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        escaped += c == '|' ? std::string("\\|") : std::string(1, c);
    }
    return escaped;
}

}  // namespace

std::string render_config_file() {
    const Config defaults;
    std::string page(file_head);
    std::string_view section;
    for (const auto& key : config_keys()) {
        if (key.section() != section) {
            section = key.section();
            page += fmt::format("\n[{}]\n# {}\n", section, section_doc(section));
        }
        page += fmt::format("\n{}# {}\n#{} = {}\n", comment(full_doc(key)), with_bounds(key), key.key(),
                            show_config_value(key, defaults));
    }
    return page;
}

std::string render_config_docs() {
    const Config defaults;
    std::string page(docs_head);
    std::string_view section;
    for (const auto& key : config_keys()) {
        if (key.section() != section) {
            section = key.section();
            page +=
                fmt::format("\n### {}\n\n{}\n\n| key | default | value | what it does |\n|---|---|---|---|\n",
                            section, section_doc(section));
        }
        page += fmt::format("| `{}`{} | `{}` | {} | {} |\n", key.name, key.is_secret ? " (secret)" : "",
                            show_config_value(key, defaults), cell(with_bounds(key)), cell(full_doc(key)));
    }
    return page;
}

}  // namespace ping
