// Functions: made of a recording, run as one op, removed.
#pragma once

#include <map>

#include "recording.h"

namespace tfnodejs {

static std::map<string, TF_Function *> functions;

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

}  // namespace tfnodejs
