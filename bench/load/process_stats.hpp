#pragma once

#include <sys/types.h>

namespace bench {

/// What a process has used so far: all its threads, those that have ended included (proc(5)).
struct CpuTime {
    double user_seconds = 0;
    double system_seconds = 0;

    double total() const { return user_seconds + system_seconds; }
    CpuTime operator-(const CpuTime& other) const {
        return {user_seconds - other.user_seconds, system_seconds - other.system_seconds};
    }
};

struct Memory {
    double rss_kb = 0;
    double pss_kb = 0;  ///< pages shared with others counted in part
};

/// Both throw std::runtime_error when the process is gone or not ours.
CpuTime read_cpu_time(pid_t process);
Memory read_memory(pid_t process);

}  // namespace bench
