#include "loads.hpp"
#include "options.hpp"

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
    try {
        int exit_code = 0;
        const auto options = bench::parse_options(argc, argv, exit_code);
        if (!options) {
            return exit_code;
        }
        bench::run_load(*options).print(std::cout);
        return 0;
    } catch (const std::exception& failure) {
        std::cerr << "bench_load: " << failure.what() << '\n';
        return 1;
    }
}
