#pragma once

#include "images/inspect.hpp"
#include "ping/images/worker.hpp"

#include <string>
#include <string_view>

namespace ping::images {

/// The worker's answer is one line: `ok FORMAT WIDTH HEIGHT` or `refused WORD`.
inline constexpr std::size_t answer_at_most = 64;

std::string write_answer(const Checked<Picture>& answer);
/// Trusts nothing: the worker may have been taken over. An unreadable answer is unprocessable, as is none:
/// what the worker died of was the image.
Result<Picture> read_answer(std::string_view line);

}  // namespace ping::images
