// simulate --seeds N --from S [--threads T]: runs seeds, says how fast and which fails first, and with what.
// --all: goes on after a failure, and says at the end how many seeds failed with what.
// simulate --seed S [--trace]: one seed again, exactly.
// --mistake NAME plants one of mistake.hpp. --find: it fails if no seed fails (mutations/README.md).
#include <spdlog/spdlog.h>

#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "hosts_world.hpp"

namespace {

using namespace sluice::simulation;

struct Options {
  std::uint64_t seeds = 1000;
  std::uint64_t from = 1;
  unsigned threads = 1;
  std::optional<std::uint64_t> one;
  bool trace = false;
  bool all = false;
  bool find = false;
  Mistake mistake = Mistake::none;
};

struct Failure {
  std::uint64_t seed;
  Report report;
};

thread_local std::uint64_t current_seed = 0;

/// A CHECK of the engine aborts: the seed must still be known.
void say_seed(int) {
  char line[64];
  const int size =
      std::snprintf(line, sizeof line, "aborted in seed %llu\n", static_cast<unsigned long long>(current_seed));
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line, static_cast<std::size_t>(size));
}

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--trace" || name == "--all" || name == "--find") {
      (name == "--all" ? options.all : name == "--find" ? options.find : options.trace) = true;
      continue;
    }
    if (i + 1 == argc) return std::nullopt;
    if (name == "--mistake") {
      const auto known = std::ranges::find(kMistakes, argv[++i], &std::pair<std::string_view, Mistake>::first);
      if (known == kMistakes.end()) return std::nullopt;
      options.mistake = known->second;
      continue;
    }
    const std::uint64_t value = std::strtoull(argv[++i], nullptr, 10);
    if (name == "--seeds") {
      options.seeds = value;
    } else if (name == "--from") {
      options.from = value;
    } else if (name == "--threads") {
      options.threads = static_cast<unsigned>(std::max<std::uint64_t>(1, value));
    } else if (name == "--seed") {
      options.one = value;
    } else {
      return std::nullopt;
    }
  }
  return options;
}

Report run_seed(std::uint64_t seed, Mistake mistake, bool trace) {
  current_seed = seed;
  Scenario scenario = plan(seed);
  scenario.mistake = mistake;
  return run_world(std::move(scenario), trace);
}

void print(std::uint64_t seed, const Report& report) {
  std::fwrite(report.trace.data(), 1, report.trace.size(), stdout);
  std::printf("seed %llu: %llu requests, %llu crashes, %llu steps, %.1f s of its own time, fingerprint %016llx\n",
              static_cast<unsigned long long>(seed), static_cast<unsigned long long>(report.requests),
              static_cast<unsigned long long>(report.crashes), static_cast<unsigned long long>(report.steps),
              static_cast<double>(report.took.count()) / 1e9, static_cast<unsigned long long>(report.fingerprint));
  for (const auto& violation : report.violations) std::printf("  %s\n", violation.c_str());
}

/// A violation without its numbers: what is alike is counted together.
std::string kind_of(const std::string& violation) {
  std::string kind;
  for (const char c : violation) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit) kind += c;
    if (digit && (kind.empty() || kind.back() != '#')) kind += '#';
  }
  return kind.substr(0, 120);
}

class Campaign {
 public:
  explicit Campaign(const Options& options) : options_(options), next_(options.from) {}

  int run() {
    const auto began = std::chrono::steady_clock::now();
    {
      std::vector<std::jthread> threads;
      for (unsigned i = 1; i < options_.threads; ++i) threads.emplace_back([this] { work(); });
      work();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    const auto done = done_.load();
    std::printf("%llu seeds from %llu in %.1f s: %.0f seeds/s, %llu requests, %llu crashes, %llu steps\n",
                static_cast<unsigned long long>(done), static_cast<unsigned long long>(options_.from), took.count(),
                static_cast<double>(done) / took.count(), static_cast<unsigned long long>(requests_.load()),
                static_cast<unsigned long long>(crashes_.load()), static_cast<unsigned long long>(steps_.load()));
    if (!first_) return options_.find ? 1 : 0;
    for (const auto& [words, kind] : kinds_) {
      std::printf("%6llu seeds, such as %llu: %s\n", static_cast<unsigned long long>(kind.seeds),
                  static_cast<unsigned long long>(kind.example), words.c_str());
    }
    std::printf("first failing seed:\n");
    print(first_->seed, first_->report);
    std::printf("again: simulate --seed %llu --trace\n", static_cast<unsigned long long>(first_->seed));
    return options_.find ? 0 : 1;
  }

 private:
  void work() {
    while (!failed_) {
      const std::uint64_t seed = next_++;
      if (seed >= options_.from + options_.seeds) return;
      Report report = run_seed(seed, options_.mistake, false);
      ++done_;
      requests_ += report.requests;
      crashes_ += report.crashes;
      steps_ += report.steps;
      if (report.violations.empty()) continue;
      failed_ = !options_.all;
      const std::lock_guard lock(mutex_);
      auto& kind = kinds_[kind_of(report.violations.front())];
      if (kind.seeds++ == 0) kind.example = seed;
      if (!first_ || seed < first_->seed) first_ = Failure{seed, std::move(report)};
    }
  }

  const Options options_;
  std::atomic<std::uint64_t> next_;
  std::atomic<std::uint64_t> done_{0}, requests_{0}, crashes_{0}, steps_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::optional<Failure> first_;
  struct Kind {
    std::uint64_t seeds = 0;
    std::uint64_t example = 0;
  };
  std::map<std::string, Kind> kinds_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto options = parse(argc, argv);
  if (!options) {
    std::fputs(
        "usage: simulate [--seeds N] [--from S] [--threads T] [--all] [--find] | --seed S [--trace]; [--mistake "
        "NAME]\n",
        stderr);
    return 64;
  }
  spdlog::set_level(options->trace ? spdlog::level::debug : spdlog::level::off);
  std::signal(SIGABRT, say_seed);
  if (!options->one) return Campaign(*options).run();
  const Report report = run_seed(*options->one, options->mistake, options->trace);
  print(*options->one, report);
  return report.violations.empty() ? 0 : 1;
}
