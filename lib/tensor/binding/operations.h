// Writing into a recording: ops with their attributes and inputs, arguments, constants, loops.
#pragma once

#include "functions.h"
#include "recording.h"

namespace tfnodejs {

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

}  // namespace tfnodejs
