// TensorFlow.js's own Node binding, unmodified, with graph functions beside its eager calls.
//
// The two source files of @tensorflow/tfjs-node-gpu are included as they are. Added: a step of eager
// TensorFlow.js code is recorded op by op into a TF_Graph (TensorFlow infers the shapes; nothing is
// computed), the graph becomes a named function, and the function runs as a single op.

#include <dlfcn.h>
#include <node_api.h>

#include <cstring>
#include <map>
#include <memory>
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

namespace tfnodejs {

using std::runtime_error;
using std::string;
using std::vector;

// One recording: `outputs[k]` is what JavaScript knows as tensor k.
struct Recording {
  TF_Graph *graph = TF_NewGraph();
  vector<TF_Output> outputs;
  int operations = 0;
  uint64_t fingerprint = 14695981039346656037u;  // FNV-1a of everything that was recorded
  void Mix(const void *data, size_t bytes) {
    auto at = static_cast<const uint8_t *>(data);
    for (size_t i = 0; i < bytes; i++) fingerprint = (fingerprint ^ at[i]) * 1099511628211u;
  }
  void Mix(const string &text) { Mix(text.c_str(), text.size() + 1); }
  template <typename T>
  void Mix(const vector<T> &values) {
    Mix(values.data(), values.size() * sizeof(T));
    Mix("", 1);
  }
  ~Recording() { TF_DeleteGraph(graph); }
  int32_t Keep(TF_Output output) {
    outputs.push_back(output);
    return static_cast<int32_t>(outputs.size() - 1);
  }
  TF_Output At(int32_t id) const {
    if (id < 0 || id >= static_cast<int32_t>(outputs.size()))
      throw runtime_error("tensor " + std::to_string(id) + " is not part of this recording");
    return outputs[id];
  }
};

static std::map<int32_t, std::unique_ptr<Recording>> recordings;
static std::map<string, TF_Function *> functions;
static int32_t next_recording = 0;

static void Check(const TF_AutoStatus &status) {
  if (TF_GetCode(status.status) != TF_OK) throw runtime_error(TF_Message(status.status));
}

static void Check(napi_status status, const char *what) {
  if (status != napi_ok) throw runtime_error(string("expected ") + what);
}

// --- JavaScript values in and out ------------------------------------------------------------

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

static Recording &RecordingAt(napi_env env, napi_value id) {
  auto found = recordings.find(Int(env, id));
  if (found == recordings.end()) throw runtime_error("this recording is closed");
  return *found->second;
}

// { id, dtype, shape }; an unknown size is −1, an unknown rank is null.
static napi_value Describe(napi_env env, Recording &recording, TF_Output output) {
  TF_AutoStatus status;
  napi_value result, shape;
  napi_create_object(env, &result);
  int rank = TF_GraphGetTensorNumDims(recording.graph, output, status.status);
  Check(status);
  if (rank < 0) {
    napi_get_null(env, &shape);
  } else {
    vector<int64_t> sizes(rank);
    TF_GraphGetTensorShape(recording.graph, output, sizes.data(), rank, status.status);
    Check(status);
    napi_create_array_with_length(env, rank, &shape);
    for (int i = 0; i < rank; i++) napi_set_element(env, shape, i, Number(env, sizes[i]));
  }
  napi_set_named_property(env, result, "id", Number(env, recording.Keep(output)));
  napi_set_named_property(env, result, "dtype", Number(env, TF_OperationOutputType(output)));
  napi_set_named_property(env, result, "shape", shape);
  return result;
}

// --- recording -------------------------------------------------------------------------------

static string NextName(Recording &recording, const string &op) {
  recording.Mix(op);
  return op + "_" + std::to_string(recording.operations++);
}

// An op's inputs are single tensors or lists; eager calls take them flat, a graph does not. OpDef
// says which is which: input_arg is field 2, and its number_attr (field 5) names the length.
static vector<string> InputListAttributes(Recording &recording, const string &op) {
  static std::map<string, vector<string>> known;
  auto found = known.find(op);
  if (found != known.end()) return found->second;
  TF_AutoStatus status;
  std::unique_ptr<TF_Buffer, void (*)(TF_Buffer *)> buffer(TF_NewBuffer(), TF_DeleteBuffer);
  TF_GraphGetOpDef(recording.graph, op.c_str(), buffer.get(), status.status);
  Check(status);
  auto varint = [](const uint8_t *&at) {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      uint8_t byte = *at++;
      value |= static_cast<uint64_t>(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  auto fields = [&](const uint8_t *at, const uint8_t *end, auto &&visit) {
    while (at < end) {
      uint64_t tag = varint(at), wire = tag & 7;
      if (wire == 2) {
        uint64_t length = varint(at);
        visit(tag >> 3, at, at + length);
        at += length;
      } else if (wire == 0) {
        varint(at);
      } else {
        at += wire == 1 ? 8 : 4;
      }
    }
  };
  vector<string> result;
  auto data = static_cast<const uint8_t *>(buffer->data);
  fields(data, data + buffer->length, [&](uint64_t field, const uint8_t *at, const uint8_t *end) {
    if (field != 2) return;
    string length_attribute;
    fields(at, end, [&](uint64_t inner, const uint8_t *from, const uint8_t *to) {
      if (inner == 5) length_attribute.assign(from, to);
    });
    result.push_back(length_attribute);
  });
  return known[op] = result;
}

static void SetAttribute(napi_env env, Recording &recording, TF_OperationDescription *op,
                         napi_value attribute, std::map<string, int64_t> *numbers) {
  string name = String(env, Property(env, attribute, "name"));
  recording.Mix(name);
  int32_t type = Int(env, Property(env, attribute, "type"));
  napi_value value = Property(env, attribute, "value");
  bool list;
  napi_is_array(env, value, &list);
  if (type == TF_ATTR_STRING) {
    string text = String(env, value);
    recording.Mix(text);
    TF_SetAttrString(op, name.c_str(), text.data(), text.size());
  } else if (type == TF_ATTR_INT && list) {
    vector<int64_t> values = Each(env, value, Long);
    recording.Mix(values);
    TF_SetAttrIntList(op, name.c_str(), values.data(), values.size());
  } else if (type == TF_ATTR_INT) {
    (*numbers)[name] = Long(env, value);
    recording.Mix(vector<int64_t>{Long(env, value)});
    TF_SetAttrInt(op, name.c_str(), Long(env, value));
  } else if (type == TF_ATTR_FLOAT && list) {
    vector<float> values = Each(env, value, Float);
    recording.Mix(values);
    TF_SetAttrFloatList(op, name.c_str(), values.data(), values.size());
  } else if (type == TF_ATTR_FLOAT) {
    recording.Mix(vector<float>{Float(env, value)});
    TF_SetAttrFloat(op, name.c_str(), Float(env, value));
  } else if (type == TF_ATTR_BOOL && !list) {
    recording.Mix(Bool(env, value) ? "true" : "false");
    TF_SetAttrBool(op, name.c_str(), Bool(env, value));
  } else if (type == TF_ATTR_TYPE) {
    recording.Mix(vector<int32_t>{Int(env, value)});
    TF_SetAttrType(op, name.c_str(), static_cast<TF_DataType>(Int(env, value)));
  } else if (type == TF_ATTR_SHAPE) {
    vector<int64_t> shape = Each(env, value, Long);
    recording.Mix(shape);
    TF_SetAttrShape(op, name.c_str(), shape.data(), shape.size());
  } else {
    throw runtime_error("attribute " + name + " has a type that cannot be recorded");
  }
}

static void AddInputs(Recording &recording, TF_OperationDescription *description, const string &op,
                      const vector<int32_t> &ids, const std::map<string, int64_t> &numbers) {
  recording.Mix(ids);
  size_t next = 0;
  for (const string &length_attribute : InputListAttributes(recording, op)) {
    if (length_attribute.empty()) {
      TF_AddInput(description, recording.At(ids.at(next++)));
      continue;
    }
    auto length = numbers.find(length_attribute);
    size_t count = length == numbers.end() ? ids.size() - next : length->second;
    vector<TF_Output> list;
    for (size_t i = 0; i < count; i++) list.push_back(recording.At(ids.at(next++)));
    TF_AddInputList(description, list.data(), list.size());
  }
  if (next != ids.size()) throw runtime_error(op + " got more inputs than it takes");
}

// recordOp(recording, op, attributes, inputs: number[], outputs: number) → [{ id, dtype, shape }]
static napi_value RecordOp(napi_env env, napi_value *args) {
  Recording &recording = RecordingAt(env, args[0]);
  string op = String(env, args[1]);
  TF_AutoStatus status;
  TF_OperationDescription *description =
      TF_NewOperation(recording.graph, op.c_str(), NextName(recording, op).c_str());
  std::map<string, int64_t> numbers;
  uint32_t count;
  Check(napi_get_array_length(env, args[2], &count), "attributes");
  for (uint32_t i = 0; i < count; i++) {
    napi_value attribute;
    napi_get_element(env, args[2], i, &attribute);
    SetAttribute(env, recording, description, attribute, &numbers);
  }
  AddInputs(recording, description, op, Each(env, args[3], Int), numbers);
  TF_Operation *operation = TF_FinishOperation(description, status.status);
  Check(status);
  napi_value result;
  int outputs = Int(env, args[4]);
  napi_create_array_with_length(env, outputs, &result);
  for (int i = 0; i < outputs; i++)
    napi_set_element(env, result, i, Describe(env, recording, {operation, i}));
  return result;
}

// recordInput(recording, dtype, shape) → { id, dtype, shape }
static napi_value RecordInput(napi_env env, napi_value *args) {
  Recording &recording = RecordingAt(env, args[0]);
  TF_AutoStatus status;
  TF_OperationDescription *description =
      TF_NewOperation(recording.graph, "Placeholder", NextName(recording, "Input").c_str());
  TF_SetAttrType(description, "dtype", static_cast<TF_DataType>(Int(env, args[1])));
  vector<int64_t> shape = Each(env, args[2], Long);
  recording.Mix(shape);
  recording.Mix(vector<int32_t>{Int(env, args[1])});
  TF_SetAttrShape(description, "shape", shape.data(), shape.size());
  TF_Operation *operation = TF_FinishOperation(description, status.status);
  Check(status);
  return Describe(env, recording, {operation, 0});
}

static TF_Output Constant(Recording &recording, TF_DataType dtype, const vector<int64_t> &shape,
                          const void *data, size_t bytes) {
  recording.Mix(shape);
  recording.Mix(vector<int32_t>{dtype});
  recording.Mix(data, bytes);
  TF_AutoStatus status;
  std::unique_ptr<TF_Tensor, void (*)(TF_Tensor *)> tensor(
      TF_AllocateTensor(dtype, shape.data(), shape.size(), bytes), TF_DeleteTensor);
  if (bytes > 0) memcpy(TF_TensorData(tensor.get()), data, bytes);
  TF_OperationDescription *description =
      TF_NewOperation(recording.graph, "Const", NextName(recording, "Const").c_str());
  TF_SetAttrTensor(description, "value", tensor.get(), status.status);
  Check(status);
  TF_SetAttrType(description, "dtype", dtype);
  TF_Operation *operation = TF_FinishOperation(description, status.status);
  Check(status);
  return {operation, 0};
}

// A large constant of one repeated value is written as Fill: XLA broadcasts it instead of storing it.
static TF_Output Repeated(Recording &recording, TF_DataType dtype, const vector<int64_t> &shape,
                          const void *data, size_t width) {
  vector<int32_t> sizes(shape.begin(), shape.end());
  TF_Output dims = Constant(recording, TF_INT32, {static_cast<int64_t>(sizes.size())}, sizes.data(),
                            sizes.size() * sizeof(int32_t));
  TF_Output value = Constant(recording, dtype, {}, data, width);
  TF_AutoStatus status;
  TF_OperationDescription *description =
      TF_NewOperation(recording.graph, "Fill", NextName(recording, "Fill").c_str());
  TF_AddInput(description, dims);
  TF_AddInput(description, value);
  TF_Operation *operation = TF_FinishOperation(description, status.status);
  Check(status);
  return {operation, 0};
}

// recordConstant(recording, dtype, shape, values: TypedArray) → { id, dtype, shape }
static napi_value RecordConstant(napi_env env, napi_value *args) {
  Recording &recording = RecordingAt(env, args[0]);
  TF_DataType dtype = static_cast<TF_DataType>(Int(env, args[1]));
  vector<int64_t> shape = Each(env, args[2], Long);
  Bytes values = TypedArray(env, args[3]);
  size_t width = TF_DataTypeSize(dtype), bytes = width * values.length;
  auto data = static_cast<const char *>(values.data);
  bool repeated = values.length >= 64 && memcmp(data, data + width, bytes - width) == 0;
  return Describe(env, recording,
                  repeated ? Repeated(recording, dtype, shape, data, width)
                           : Constant(recording, dtype, shape, data, bytes));
}

// recordWhile(recording, condition: string, body: string, inputs: number[]) → [{ id, dtype, shape }]
static napi_value RecordWhile(napi_env env, napi_value *args) {
  Recording &recording = RecordingAt(env, args[0]);
  string condition = String(env, args[1]), body = String(env, args[2]);
  TF_AutoStatus status;
  recording.Mix(Each(env, args[3], Int));
  for (const string &name : {condition, body}) {
    recording.Mix(name);
    TF_GraphCopyFunction(recording.graph, functions.at(name), nullptr, status.status);
    Check(status);
  }
  vector<TF_Output> inputs;
  for (int32_t id : Each(env, args[3], Int)) inputs.push_back(recording.At(id));
  vector<vector<int64_t>> shapes;
  vector<const int64_t *> sizes;
  vector<int> ranks;
  for (const TF_Output &input : inputs) {
    int rank = TF_GraphGetTensorNumDims(recording.graph, input, status.status);
    shapes.emplace_back(rank);
    TF_GraphGetTensorShape(recording.graph, input, shapes.back().data(), rank, status.status);
    Check(status);
    ranks.push_back(rank);
  }
  for (const auto &shape : shapes) sizes.push_back(shape.data());
  TF_OperationDescription *description =
      TF_NewOperation(recording.graph, "StatelessWhile", NextName(recording, "While").c_str());
  TF_AddInputList(description, inputs.data(), inputs.size());
  TF_SetAttrFuncName(description, "cond", condition.data(), condition.size());
  TF_SetAttrFuncName(description, "body", body.data(), body.size());
  TF_SetAttrShapeList(description, "output_shapes", sizes.data(), ranks.data(), sizes.size());
  TF_SetAttrInt(description, "parallel_iterations", 1);
  TF_Operation *operation = TF_FinishOperation(description, status.status);
  Check(status);
  napi_value result;
  napi_create_array_with_length(env, inputs.size(), &result);
  for (size_t i = 0; i < inputs.size(); i++)
    napi_set_element(env, result, i, Describe(env, recording, {operation, static_cast<int>(i)}));
  return result;
}

// --- functions -------------------------------------------------------------------------------

// openRecording() → recording
static napi_value OpenRecording(napi_env env, napi_value *) {
  recordings[next_recording] = std::make_unique<Recording>();
  return Number(env, next_recording++);
}

// closeRecording(recording): functions made from it stay; a closed one is no error
static napi_value CloseRecording(napi_env env, napi_value *args) {
  recordings.erase(Int(env, args[0]));
  return nullptr;
}

// fingerprint(recording) → 16 hexadecimal digits that depend on what was recorded alone, so that a
// function can be named after what it does and its compiled form be found on disk again.
static napi_value Fingerprint(napi_env env, napi_value *args) {
  char digits[17];
  unsigned long long hash = RecordingAt(env, args[0]).fingerprint;
  snprintf(digits, sizeof(digits), "%016llx", hash);
  napi_value result;
  Check(napi_create_string_latin1(env, digits, 16, &result), "room for a string");
  return result;
}

// addFunction(name, recording, inputs: number[], outputs: number[], xla: boolean)
static napi_value AddFunction(napi_env env, napi_value *args) {
  string name = String(env, args[0]);
  Recording &recording = RecordingAt(env, args[1]);
  vector<TF_Output> inputs, outputs;
  for (int32_t id : Each(env, args[2], Int)) inputs.push_back(recording.At(id));
  for (int32_t id : Each(env, args[3], Int)) outputs.push_back(recording.At(id));
  TF_AutoStatus status;
  TF_Function *function = TF_GraphToFunction(
      recording.graph, name.c_str(), 0, -1, nullptr, inputs.size(), inputs.data(), outputs.size(),
      outputs.data(), nullptr, nullptr, nullptr, status.status);
  Check(status);
  if (Bool(env, args[4])) {
    const char kTrue[] = {0x28, 0x01};  // the protocol buffer AttrValue { b: true }
    TF_FunctionSetAttrValueProto(function, "_XlaMustCompile", kTrue, sizeof(kTrue), status.status);
    Check(status);
  }
  TFE_ContextAddFunction(GetTFJSBackend(env)->tfe_context_, function, status.status);
  Check(status);
  functions[name] = function;
  return nullptr;
}

// runFunction(name, inputs: Int32Array of tensor ids, outputs: Int32Array to be filled with ids)
static napi_value RunFunction(napi_env env, napi_value *args) {
  TFJSBackend *backend = GetTFJSBackend(env);
  string name = String(env, args[0]);
  Bytes inputs = TypedArray(env, args[1]), outputs = TypedArray(env, args[2]);
  TF_AutoStatus status;
  TFE_AutoOp op(TFE_NewOp(backend->tfe_context_, name.c_str(), status.status));
  Check(status);
  for (size_t i = 0; i < inputs.length; i++) {
    auto handle = backend->tfe_handle_map_.find(static_cast<int32_t *>(inputs.data)[i]);
    if (handle == backend->tfe_handle_map_.end())
      throw runtime_error("input " + std::to_string(i) + " of the compiled step is disposed");
    TFE_OpAddInput(op.op, handle->second, status.status);
    Check(status);
  }
  if (backend->is_gpu_device) TFE_OpSetDevice(op.op, backend->device_name.c_str(), status.status);
  Check(status);
  vector<TFE_TensorHandle *> results(outputs.length, nullptr);
  int count = static_cast<int>(outputs.length);
  TFE_Execute(op.op, results.data(), &count, status.status);
  Check(status);
  for (size_t i = 0; i < outputs.length; i++)
    static_cast<int32_t *>(outputs.data)[i] = backend->InsertHandle(results[i]);
  return nullptr;
}

// removeFunction(name): frees the function and its compiled form
static napi_value RemoveFunction(napi_env env, napi_value *args) {
  string name = String(env, args[0]);
  auto found = functions.find(name);
  if (found == functions.end()) return nullptr;
  TF_AutoStatus status;
  TFE_ContextRemoveFunction(GetTFJSBackend(env)->tfe_context_, name.c_str(), status.status);
  TF_DeleteFunction(found->second);
  functions.erase(found);
  Check(status);
  return nullptr;
}

// --- the module ------------------------------------------------------------------------------

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
