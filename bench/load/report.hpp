#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// The figures of one run, in the order in which they were added.
class Report {
public:
    void add(std::string name, double value) { figures_.emplace_back(std::move(name), value); }
    /// One line: a JSON object.
    void print(std::ostream& out) const;

private:
    std::vector<std::pair<std::string, double>> figures_;
};

}  // namespace bench
