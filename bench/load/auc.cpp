#include "auc.hpp"

#include <algorithm>

namespace bench {

// Mann-Whitney: the share of all pairs in which a's value is the larger one; a tie counts half.
double distinguisher_auc(std::vector<double> a, std::vector<double> b) {
    std::ranges::sort(a);
    std::ranges::sort(b);
    double larger = 0;
    auto below = b.begin();
    auto not_above = b.begin();
    for (const double value : a) {
        below = std::find_if(below, b.end(), [&](double other) { return other >= value; });
        not_above = std::find_if(not_above, b.end(), [&](double other) { return other > value; });
        larger += static_cast<double>((below - b.begin()) + (not_above - b.begin())) / 2;
    }
    const auto share = larger / (static_cast<double>(a.size()) * static_cast<double>(b.size()));
    return std::max(share, 1 - share);
}

}  // namespace bench
