// A recording: the graph that a step is written into, and what JavaScript knows of its tensors.
#pragma once

#include <map>
#include <memory>

#include "tensorflow/c/c_api.h"
#include "values.h"

namespace tfnodejs {

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
static int32_t next_recording = 0;

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

static string NextName(Recording &recording, const string &op) {
  recording.Mix(op);
  return op + "_" + std::to_string(recording.operations++);
}

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

}  // namespace tfnodejs
