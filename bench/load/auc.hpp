#pragma once

#include <vector>

namespace bench {

/// How well the larger of two values tells which of two sets each is from: the area under the ROC curve, 0.5
/// (not at all) to 1 (always). Both sets have at least one value.
double distinguisher_auc(std::vector<double> a, std::vector<double> b);

}  // namespace bench
