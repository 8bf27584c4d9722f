"""The ecosystem's own suite, jupyter_kernel_test, with every sample that TypeScript has.

Left out: the pager, an IPython payload that the protocol has deprecated.
"""

import unittest

import jupyter_kernel_test


class TypeScriptKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "typescript"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("to stderr")'
    code_generate_error = 'throw new RangeError("out of range")'
    code_clear_output = "console.clear()"
    code_inspect_sample = "Math.max"
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "[1, 2].map((x) => x * x)", "result": "[ 1, 4 ]"},
        {"code": "({ a: 'b' })", "result": "{ a: 'b' }"},
        {"code": "await Promise.resolve(7)", "result": "7"},
    ]
    code_display_data = [
        {"code": 'import { display } from "tslab"; display.html("<b>bold</b>")', "mime": "text/html"},
        {
            "code": '(globalThis as any)[Symbol.for("rlhf.frontEnd")].display('
            '{ "application/json": { a: 1 }, "text/plain": "a" })',
            "mime": "application/json",
        },
    ]
    completion_samples = [
        {"text": "Math.ab", "matches": {"abs"}},
        {"text": "JSON.", "matches": {"parse", "stringify"}},
    ]
    complete_code_samples = ["1", "const f = (x: number) => x + 1", "for (const x of [1]) {\n  x;\n}"]
    incomplete_code_samples = ["function f(x: number) {", "[1, 2", "`text", "Math.max(1,", "/* why"]
    invalid_code_samples = ["} else", "let let let", "1 2", 'const s = "open']
    code_history_pattern = "1 ? 2*"
    supported_history_operations = ("tail", "range", "search")


class WelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "typescript"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main(verbosity=2)
