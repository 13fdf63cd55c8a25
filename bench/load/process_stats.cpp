#include "process_stats.hpp"

#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace bench {
namespace {

std::string read_proc(pid_t process, const std::string& name) {
    const auto path = "/proc/" + std::to_string(process) + "/" + name;
    std::ifstream file(path);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.empty()) {
        throw std::runtime_error("cannot read " + path);
    }
    return text;
}

}  // namespace

CpuTime read_cpu_time(pid_t process) {
    const auto text = read_proc(process, "stat");
    // The second field, the name in brackets, may hold anything. The third is the state, 14 and 15 the times.
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string skipped;
    for (int field = 3; field < 14; ++field) {
        fields >> skipped;
    }
    double user_ticks = 0;
    double system_ticks = 0;
    if (!(fields >> user_ticks >> system_ticks)) {
        throw std::runtime_error("cannot understand /proc/PID/stat");
    }
    const auto ticks_per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
    return {user_ticks / ticks_per_second, system_ticks / ticks_per_second};
}

Memory read_memory(pid_t process) {
    std::istringstream lines(read_proc(process, "smaps_rollup"));
    Memory memory;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string name;
        double kilobytes = 0;
        words >> name >> kilobytes;
        if (name == "Rss:") {
            memory.rss_kb = kilobytes;
        } else if (name == "Pss:") {
            memory.pss_kb = kilobytes;
        }
    }
    return memory;
}

}  // namespace bench
