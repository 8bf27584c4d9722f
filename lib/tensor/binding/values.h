// JavaScript values in and out; what is wrong is thrown, and becomes a JavaScript error in Export.
#pragma once

#include <node_api.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tf_auto_status.h"
#include "utils.h"

namespace tfnodejs {

using std::runtime_error;
using std::string;
using std::vector;

static void Check(const TF_AutoStatus &status) {
  if (TF_GetCode(status.status) != TF_OK) throw runtime_error(TF_Message(status.status));
}

static void Check(napi_status status, const char *what) {
  if (status != napi_ok) throw runtime_error(string("expected ") + what);
}

static int32_t Int(napi_env env, napi_value value) {
  int32_t result;
  Check(napi_get_value_int32(env, value, &result), "a whole number");
  return result;
}

static bool Bool(napi_env env, napi_value value) {
  bool result;
  Check(napi_get_value_bool(env, value, &result), "true or false");
  return result;
}

static string String(napi_env env, napi_value value) {
  string result;
  Check(GetStringParam(env, value, result), "a string");
  return result;
}

static napi_value Property(napi_env env, napi_value object, const char *name) {
  napi_value result;
  Check(napi_get_named_property(env, object, name, &result), name);
  return result;
}

template <typename T>
static vector<T> Each(napi_env env, napi_value array, T (*read)(napi_env, napi_value)) {
  uint32_t length;
  Check(napi_get_array_length(env, array, &length), "an array");
  vector<T> result;
  for (uint32_t i = 0; i < length; i++) {
    napi_value element;
    Check(napi_get_element(env, array, i, &element), "an element");
    result.push_back(read(env, element));
  }
  return result;
}

static int64_t Long(napi_env env, napi_value value) { return Int(env, value); }

static float Float(napi_env env, napi_value value) {
  double result;
  Check(napi_get_value_double(env, value, &result), "a number");
  return static_cast<float>(result);
}

static napi_value Number(napi_env env, int64_t value) {
  napi_value result;
  Check(napi_create_int64(env, value, &result), "room for a number");
  return result;
}

struct Bytes {
  void *data;
  size_t length;  // in elements
  napi_typedarray_type type;
};

static Bytes TypedArray(napi_env env, napi_value value) {
  Bytes result;
  Check(napi_get_typedarray_info(env, value, &result.type, &result.length, &result.data, nullptr,
                                 nullptr),
        "a typed array");
  return result;
}

}  // namespace tfnodejs
