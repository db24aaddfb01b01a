# Read once a target instead of once a file, which was half of a clean build. What a file may include is still what it
# says itself (tests/layers); -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON builds without.
set(SLUICE_COMMON_HEADERS <algorithm> <chrono> <cstdint> <deque> <expected> <functional> <map> <memory> <optional> <set>
    <span> <string> <string_view> <unordered_map> <utility> <variant> <vector> <fmt/format.h>)
set(SLUICE_ASYNC_HEADERS <boost/asio/any_io_executor.hpp> <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp>)
# Only for what links spdlog: without its library each file that reads this compiles all of it anew, four seconds a file.
set(SLUICE_LOG_HEADERS <spdlog/spdlog.h>)

# Part of what is optimised across files. Its objects hold machine code, too: what is linked often, the tests, takes that.
function(sluice_whole_program target)
  if(SLUICE_LTO)
    target_compile_options(${target} PRIVATE -flto=thin -ffat-lto-objects)
    target_link_options(${target} PRIVATE -flto=thin -Wl,--fat-lto-objects)
  endif()
endfunction()

# A module is include/sluice/NAME (what it gives to others) and src/NAME (everything else, in folders where it has
# parts), and one static library sluice_NAME. Its own sources name a private header by its path under src/NAME.
# main.cpp belongs to its program.
# ASYNC: its files use coroutines. LOG: they write to the log.
function(sluice_module name)
  cmake_parse_arguments(arg "ASYNC;LOG" "" "LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(sluice_${name} STATIC ${sources})
    target_include_directories(sluice_${name} PUBLIC ${CMAKE_SOURCE_DIR}/include PRIVATE ${CMAKE_SOURCE_DIR}/src/${name})
    target_link_libraries(sluice_${name} PUBLIC ${arg_LIBS})
    target_compile_definitions(sluice_${name} PRIVATE SLUICE_VERSION="${PROJECT_VERSION}")
    sluice_whole_program(sluice_${name})
    target_precompile_headers(sluice_${name} PRIVATE ${SLUICE_COMMON_HEADERS})
    if(arg_ASYNC)
      target_precompile_headers(sluice_${name} PRIVATE ${SLUICE_ASYNC_HEADERS})
    endif()
    if(arg_LOG)
      target_precompile_headers(sluice_${name} PRIVATE ${SLUICE_LOG_HEADERS})
    endif()
  else()
    add_library(sluice_${name} INTERFACE)
    target_include_directories(sluice_${name} INTERFACE ${CMAKE_SOURCE_DIR}/include)
    target_link_libraries(sluice_${name} INTERFACE ${arg_LIBS})
  endif()
endfunction()

# Programs land in the build folder's top: build/release/sluice.
function(sluice_program name main)
  if(EXISTS ${CMAKE_SOURCE_DIR}/${main})
    add_executable(${name} ${main})
    target_link_libraries(${name} PRIVATE ${ARGN})
    sluice_whole_program(${name})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  endif()
endfunction()
