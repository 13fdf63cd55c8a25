#pragma once

#include "dialect.hpp"
#include "measurement.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace bench {

/// The command line: one load against one server.
struct Options {
    std::string load;
    std::uint16_t port = 0;
    pid_t server_process = 0;
    std::filesystem::path population;
    std::filesystem::path guesses;
    std::string dialect = "native";
    std::size_t connections = 64;
    std::size_t idle_first = 100;
    std::size_t in_flight = 16;
    std::size_t text_bytes = 300;
    std::size_t page = 50;
    bool joins = false;
    double warm_up = 1;
    double window = 5;

    boost::asio::ip::tcp::endpoint server() const;
    MeasurementOptions measurement() const;
};

/// Nothing when the command line is wrong or asks for help; `exit_code` is set then.
std::optional<Options> parse_options(int argc, const char* const* argv, int& exit_code);

}  // namespace bench
