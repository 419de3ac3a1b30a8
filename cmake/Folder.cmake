# tickwerk_folder(NAME [DEPS target...] [LIBS target...]): one library per folder of src/tickwerk, with a test
# program from its *_test.cpp files and a benchmark from its *_bench.cpp files. DEPS are public, LIBS private.
function(tickwerk_folder name)
  cmake_parse_arguments(arg "" "" "DEPS;LIBS" ${ARGN})
  set(folder "${CMAKE_CURRENT_SOURCE_DIR}/${name}")
  file(GLOB sources CONFIGURE_DEPENDS "${folder}/*.cpp")
  set(tests ${sources})
  set(benches ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|bench)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")

  set(target tickwerk_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE ${arg_LIBS})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(${target} ${scope} ${arg_DEPS} fmt::fmt)

  if(TICKWERK_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${target} ${arg_LIBS} GTest::gtest_main)
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
      PROPERTIES ENVIRONMENT "TICKWERK_DATA=${TICKWERK_DATA_DIR}"
        ENVIRONMENT_MODIFICATION "TICKWERK_GOLDEN=set:${PROJECT_SOURCE_DIR}/tests/golden"
        TIMEOUT 300 LABELS unit)
  endif()
  if(TICKWERK_BENCH AND benches)
    add_executable(${name}_bench ${benches})
    target_link_libraries(${name}_bench PRIVATE ${target} ${arg_LIBS} benchmark::benchmark_main)
  endif()
endfunction()

# Where the tests look for real market data; a test that needs it says that it skipped when it is absent.
if(DEFINED ENV{TICKWERK_DATA})
  set(TICKWERK_DATA_DIR "$ENV{TICKWERK_DATA}")
else()
  get_filename_component(TICKWERK_DATA_DIR "${PROJECT_SOURCE_DIR}/../shared/data" ABSOLUTE)
endif()
