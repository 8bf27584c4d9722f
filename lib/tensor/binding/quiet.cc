// TensorFlow writes a note to stderr while it loads, before any setting of its log level counts. A
// notebook would show it in red: stderr is put aside until the library is there.

#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

static int put_aside = -1;

static napi_value Mute(napi_env, napi_callback_info) {
  if (put_aside >= 0) return nullptr;
  int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere < 0) return nullptr;
  put_aside = dup(2);
  if (put_aside >= 0) dup2(nowhere, 2);
  close(nowhere);
  return nullptr;
}

static napi_value Unmute(napi_env, napi_callback_info) {
  if (put_aside < 0) return nullptr;
  dup2(put_aside, 2);
  close(put_aside);
  put_aside = -1;
  return nullptr;
}

NAPI_MODULE_INIT() {
  napi_property_descriptor properties[] = {
      {"mute", nullptr, Mute, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"unmute", nullptr, Unmute, nullptr, nullptr, nullptr, napi_default, nullptr},
  };
  napi_define_properties(env, exports, 2, properties);
  return exports;
}
