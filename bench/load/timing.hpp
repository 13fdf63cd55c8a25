#pragma once

#include "clock.hpp"
#include "http_client.hpp"
#include "report.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace bench {

/// One wrong guess after the other on one connection, of all kinds in a random order; whether the time that
/// an answer takes tells which kind it was (TRUST.md row 11). That the answers are the same but for the
/// request's id and the date is checked too.
class Timing {
public:
    /// `guesses`: lines of `guess KIND ADDRESS FLOW`, of bench_seed.
    Timing(boost::asio::io_context& context, const boost::asio::ip::tcp::endpoint& server,
           const std::filesystem::path& guesses);

    void start();
    /// The median of each kind, and the AUC of the two kinds that are the easiest to tell apart.
    Report report() const;

private:
    static constexpr std::array<std::string_view, 5> kinds{"wrong", "expired", "absent", "used", "locked"};
    struct Guess {
        std::size_t kind;
        std::string json;
    };
    void send(std::size_t index);
    void compare(const HttpAnswer& answer);

    boost::asio::io_context& context_;
    HttpClient client_;
    std::vector<Guess> guesses_;
    std::array<std::vector<double>, kinds.size()> microseconds_;
    std::string first_answer_;
};

}  // namespace bench
