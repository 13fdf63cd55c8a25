#include "report.hpp"

#include <iomanip>
#include <ostream>

namespace bench {

void Report::print(std::ostream& out) const {
    out << std::setprecision(9) << '{';
    const char* separator = "";
    for (const auto& [name, value] : figures_) {
        out << separator << std::quoted(name) << ':' << value;
        separator = ",";
    }
    out << "}\n";
}

}  // namespace bench
