#include "ping/app/run.hpp"

int main(int argc, char** argv) {
    return ping::app::run(argc, argv);
}
