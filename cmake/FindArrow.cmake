# Arrow and Parquet as imported targets tickwerk::arrow and tickwerk::parquet: the system's where there is
# one, else the libraries inside the pyarrow wheel, which brings headers but no cmake files.
find_package(Arrow 26 QUIET CONFIG)
find_package(Parquet 26 QUIET CONFIG)
if(Arrow_FOUND AND Parquet_FOUND)
  add_library(tickwerk::arrow ALIAS Arrow::arrow_shared)
  add_library(tickwerk::parquet ALIAS Parquet::parquet_shared)
  return()
endif()

find_package(Python 3.10 REQUIRED COMPONENTS Interpreter)
execute_process(
  COMMAND "${Python_EXECUTABLE}" -c
    "import os, pyarrow as pa; print(';'.join([pa.get_include(), os.path.dirname(pa.__file__), pa.__version__, pa.cpp_build_info.so_version]))"
  OUTPUT_VARIABLE arrow_wheel OUTPUT_STRIP_TRAILING_WHITESPACE
  ERROR_VARIABLE arrow_error RESULT_VARIABLE arrow_result)
if(NOT arrow_result EQUAL 0)
  message(FATAL_ERROR "Arrow is neither on the system nor in ${Python_EXECUTABLE}; `make setup` brings it\n${arrow_error}")
endif()
list(GET arrow_wheel 0 arrow_include)
list(GET arrow_wheel 1 arrow_folder)
list(GET arrow_wheel 2 arrow_version)
list(GET arrow_wheel 3 arrow_soversion)
foreach(name IN ITEMS arrow parquet)
  add_library(tickwerk::${name} SHARED IMPORTED GLOBAL)
  set_target_properties(tickwerk::${name} PROPERTIES
    IMPORTED_LOCATION "${arrow_folder}/lib${name}.so.${arrow_soversion}"
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${arrow_include}")
  target_include_directories(tickwerk::${name} SYSTEM INTERFACE "${arrow_include}")
endforeach()
target_link_libraries(tickwerk::parquet INTERFACE tickwerk::arrow)
message(STATUS "Arrow ${arrow_version} from the wheel in ${arrow_folder}")

# An installed program finds Arrow beside itself, so it outlives the clone and its environment.
set(CMAKE_INSTALL_RPATH "$ORIGIN/../lib/tickwerk")
install(FILES
  "${arrow_folder}/libarrow.so.${arrow_soversion}" "${arrow_folder}/libparquet.so.${arrow_soversion}"
  DESTINATION lib/tickwerk)
