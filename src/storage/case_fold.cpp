#include "ping/storage/case_fold.hpp"

#include "ping/core/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace ping::storage {
namespace {

/// Code points first, first + step, ... last fold to themselves + offset (Unicode's CaseFolding.txt, status C
/// and S).
struct FoldRange {
    char32_t first;
    char32_t last;
    std::uint32_t step;
    std::int32_t offset;
};

constexpr std::array fold_ranges{
    FoldRange{0x41, 0x5A, 1, 32},         // A-Z
    FoldRange{0xB5, 0xB5, 1, 775},        // micro sign
    FoldRange{0xC0, 0xD6, 1, 32},         // À-Ö
    FoldRange{0xD8, 0xDE, 1, 32},         // Ø-Þ
    FoldRange{0x100, 0x12E, 2, 1},        // Ā-Į
    FoldRange{0x132, 0x136, 2, 1},        // Ĳ-Ķ
    FoldRange{0x139, 0x147, 2, 1},        // Ĺ-Ň
    FoldRange{0x14A, 0x176, 2, 1},        // Ŋ-Ŷ
    FoldRange{0x178, 0x178, 1, -121},     // Ÿ
    FoldRange{0x179, 0x17D, 2, 1},        // Ź-Ž
    FoldRange{0x17F, 0x17F, 1, -268},     // long s
    FoldRange{0x1A0, 0x1A4, 2, 1},        // Ơ-Ƥ
    FoldRange{0x1AF, 0x1AF, 1, 1},        // Ư
    FoldRange{0x1CD, 0x1DB, 2, 1},        // Ǎ-Ǜ
    FoldRange{0x1DE, 0x1EE, 2, 1},        // Ǟ-Ǯ
    FoldRange{0x1F8, 0x21E, 2, 1},        // Ǹ-Ȟ
    FoldRange{0x222, 0x232, 2, 1},        // Ȣ-Ȳ
    FoldRange{0x386, 0x386, 1, 38},       // Ά
    FoldRange{0x388, 0x38A, 1, 37},       // Έ-Ί
    FoldRange{0x38C, 0x38C, 1, 64},       // Ό
    FoldRange{0x38E, 0x38F, 1, 63},       // Ύ-Ώ
    FoldRange{0x391, 0x3A1, 1, 32},       // Α-Ρ
    FoldRange{0x3A3, 0x3AB, 1, 32},       // Σ-Ϋ
    FoldRange{0x3C2, 0x3C2, 1, 1},        // final sigma
    FoldRange{0x400, 0x40F, 1, 80},       // Ѐ-Џ
    FoldRange{0x410, 0x42F, 1, 32},       // А-Я
    FoldRange{0x460, 0x480, 2, 1},        // Ѡ-Ҁ
    FoldRange{0x48A, 0x4BE, 2, 1},        // Ҋ-Ҿ
    FoldRange{0x4C0, 0x4C0, 1, 15},       // Ӏ
    FoldRange{0x4C1, 0x4CD, 2, 1},        // Ӂ-Ӎ
    FoldRange{0x4D0, 0x52E, 2, 1},        // Ӑ-Ԯ
    FoldRange{0x531, 0x556, 1, 48},       // Ա-Ֆ
    FoldRange{0x1E00, 0x1E94, 2, 1},      // Ḁ-Ẕ
    FoldRange{0x1E9E, 0x1E9E, 1, -7615},  // ẞ
    FoldRange{0x1EA0, 0x1EFE, 2, 1},      // Ạ-Ỿ
    FoldRange{0xFF21, 0xFF3A, 1, 32},     // full-width A-Z
};

char32_t fold(char32_t code_point) {
    const auto* const range = std::ranges::lower_bound(fold_ranges, code_point, {}, &FoldRange::last);
    if (range == fold_ranges.end() || code_point < range->first ||
        (code_point - range->first) % range->step != 0) {
        return code_point;
    }
    return static_cast<char32_t>(static_cast<std::int32_t>(code_point) + range->offset);
}

}  // namespace

std::string fold_case(std::string_view text) {
    std::string folded;
    folded.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto found = utf8::decode(text, at);
        if (found) {
            utf8::append(folded, fold(found->value));
            at += found->bytes;
        } else {
            folded.push_back(text[at]);
            ++at;
        }
    }
    return folded;
}

}  // namespace ping::storage
