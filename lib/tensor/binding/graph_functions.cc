// TensorFlow.js's own Node binding, unmodified, with graph functions beside its eager calls.
//
// The two source files of @tensorflow/tfjs-node-gpu are included as they are. Added: a step of eager
// TensorFlow.js code is recorded op by op into a TF_Graph (TensorFlow infers the shapes; nothing is
// computed), the graph becomes a named function, and the function runs as a single op.

#include <dlfcn.h>
#include <node_api.h>

#include <cstring>
#include <set>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"

// The backend's context and its map from numbers to tensor handles are private, and we need both.
#define private public
#include "tfjs_backend.h"
#undef private

namespace tfnodejs {
// The binding goes on after a failed TFE_NewContext and crashes; throw instead, Init catches it.
static TFE_Context *NewContextOrThrow(const TFE_ContextOptions *options, TF_Status *status) {
  TFE_Context *context = TFE_NewContext(options, status);
  if (TF_GetCode(status) != TF_OK) throw std::runtime_error(TF_Message(status));
  return context;
}
}  // namespace tfnodejs

#define TFE_NewContext NewContextOrThrow
#include "tfjs_backend.cc"
#undef TFE_NewContext

#undef NAPI_MODULE
#define NAPI_MODULE(name, init)
#include "tfjs_binding.cc"
#undef NAPI_MODULE

// One translation unit: these use what the binding keeps to its own file.
#include "functions.h"
#include "operations.h"

namespace tfnodejs {

// C++ exceptions become JavaScript ones here, and nowhere else.
template <napi_value (*call)(napi_env, napi_value *)>
static napi_value Export(napi_env env, napi_callback_info info) {
  size_t count = 8;
  napi_value args[8];
  napi_get_cb_info(env, info, &count, args, nullptr, nullptr);
  try {
    return call(env, args);
  } catch (const std::exception &error) {
    napi_throw_error(env, nullptr, error.what());
    return nullptr;
  }
}

// Libraries that TensorFlow looks up by bare name and would not find from Node (CUDA's cuSOLVER).
static void Preload() {
  const char *list = getenv("RLHF_PRELOAD_LIBRARIES");
  for (string rest = list ? list : ""; !rest.empty();) {
    size_t end = rest.find(':');
    string path = rest.substr(0, end);
    if (!dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL)) throw runtime_error(dlerror());
    rest = end == string::npos ? "" : rest.substr(end + 1);
  }
}

static napi_value Init(napi_env env, napi_value exports) {
  try {
    Preload();
    exports = InitTFNodeJSBinding(env, exports);
  } catch (const std::exception &error) {
    napi_throw_error(env, nullptr, error.what());
    return nullptr;
  }
#define METHOD(name, call) \
  {name, nullptr, Export<call>, nullptr, nullptr, nullptr, napi_default, nullptr}
  napi_property_descriptor properties[] = {
      METHOD("openRecording", OpenRecording),   METHOD("closeRecording", CloseRecording),
      METHOD("recordInput", RecordInput),       METHOD("recordConstant", RecordConstant),
      METHOD("recordOp", RecordOp),             METHOD("recordWhile", RecordWhile),
      METHOD("fingerprint", Fingerprint),
      METHOD("addFunction", AddFunction),       METHOD("runFunction", RunFunction),
      METHOD("removeFunction", RemoveFunction),
  };
#undef METHOD
  napi_define_properties(env, exports, sizeof(properties) / sizeof(properties[0]), properties);
  return exports;
}

NAPI_MODULE_INIT() { return Init(env, exports); }

}  // namespace tfnodejs
