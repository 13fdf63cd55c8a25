#pragma once

#include "app/parts.hpp"

#include <array>
#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace bench {

/// One-time codes in every state in which a guess fails: what the timing load guesses at (TRUST.md row 11).
/// The codes' MACs are random, so no guess is right. Good for 200 s: then the live codes expire.
class CodeSeeder {
public:
    /// `samples`: guesses of each kind.
    CodeSeeder(ping::app::Base& base, ping::app::Engines& engines, std::size_t samples)
        : base_(base), engines_(engines), samples_(samples) {}

    void run();
    /// Lines of `guess KIND ADDRESS FLOW`, `samples` of each kind.
    void write_guesses(std::ostream& out) const;

private:
    struct Code {
        std::string address;
        std::string flow = "none";
    };
    ping::Task<> add_live(std::size_t index);
    ping::Task<> add_expired(std::size_t index);
    ping::Task<> add_used(std::size_t index);
    ping::Task<> add_locked(std::size_t index);
    ping::Task<std::string> issue(std::string address, ping::Time now);
    ping::Task<> guess(std::string address, std::string flow, ping::Time now, bool is_right);

    ping::app::Base& base_;
    ping::app::Engines& engines_;
    const std::size_t samples_;
    std::vector<Code> live_, expired_, used_, locked_;
};

}  // namespace bench
