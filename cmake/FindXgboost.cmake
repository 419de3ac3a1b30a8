# XGBoost's library inside the xgboost-cpu wheel. Nothing links it: the program opens it when a model of trees is
# first fitted or read (src/tickwerk/model/xgboost_library.h), from the place found here or, installed, beside itself.
find_package(Python 3.10 REQUIRED COMPONENTS Interpreter)
execute_process(
  COMMAND "${Python_EXECUTABLE}" -c
    "import importlib.metadata as m, importlib.util as u; print(';'.join([u.find_spec('xgboost').submodule_search_locations[0], m.version('xgboost-cpu')]))"
  OUTPUT_VARIABLE xgboost_wheel OUTPUT_STRIP_TRAILING_WHITESPACE
  ERROR_VARIABLE xgboost_error RESULT_VARIABLE xgboost_result)
if(NOT xgboost_result EQUAL 0)
  message(FATAL_ERROR "xgboost-cpu is not in ${Python_EXECUTABLE}; `make setup` brings it\n${xgboost_error}")
endif()
list(GET xgboost_wheel 0 xgboost_folder)
list(GET xgboost_wheel 1 xgboost_version)
set(TICKWERK_XGBOOST_LIBRARY "${xgboost_folder}/lib/libxgboost.so")
message(STATUS "XGBoost ${xgboost_version} from the wheel in ${xgboost_folder}")

# The library looks for its libgomp in ../../xgboost_cpu.libs, so an installed copy keeps the folders of the wheel.
get_filename_component(xgboost_site "${xgboost_folder}" DIRECTORY)
install(FILES "${TICKWERK_XGBOOST_LIBRARY}" DESTINATION lib/tickwerk/xgboost/lib)
install(DIRECTORY "${xgboost_site}/xgboost_cpu.libs" DESTINATION lib/tickwerk)
