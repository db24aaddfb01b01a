#include "postgresql/libpq.hpp"

#include <dlfcn.h>

#include <cstddef>

#include "sluice/base/check.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/postgresql.hpp"

namespace sluice::adapters::postgresql {
namespace {

constexpr std::size_t kMostShown = 300;

template <class Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

// Never unloaded: threads of ours may be in it until the end.
Result<Libpq> load() {
  Libpq functions;
  void* library = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_NODELETE);
#define SLUICE_LIBPQ_FIND(function) &&find(library, "PQ" #function, functions.function)
  if (library != nullptr SLUICE_LIBPQ(SLUICE_LIBPQ_FIND)) return functions;
#undef SLUICE_LIBPQ_FIND
  // Each thread has its own. NOLINTNEXTLINE(concurrency-mt-unsafe)
  return fail(ErrorKind::config, text::words::postgresql_no_libpq(text::shown(::dlerror(), kMostShown)));
}

const Result<Libpq>& loaded() {
  static const auto kLoaded = load();
  return kLoaded;
}

}  // namespace

Result<void> load_libpq() {
  return loaded() ? Result<void>{} : std::unexpected(loaded().error());
}

const Libpq& libpq() {
  SLUICE_CHECK(loaded(), "libpq is used and was not loaded");
  return *loaded();
}

}  // namespace sluice::adapters::postgresql
