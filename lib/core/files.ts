import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * The bytes of a file that somebody named.
 *
 * @param path absolute, or from the folder of the process: of a notebook, its own
 * @throws RangeError that says where it was looked for, when there is no such file
 */
export function readNamedFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EISDIR") throw error;
    const found = code === "EISDIR" ? "is a folder" : "is not there";
    throw new RangeError(
      `Expected a file, but ${resolve(path)} ${found}. Check the path: a relative one starts in ${process.cwd()}.`,
      { cause: error },
    );
  }
}

/**
 * Writes beside the target, forces it to disk, then renames: never half a file under `path`. Makes the
 * folder where it is not there yet.
 *
 * @throws RangeError when the path is that of a folder
 */
export function writeAtomically(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${process.pid}.part`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    const descriptor = openSync(temporary, "w");
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(descriptor, bytes, written);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    if ((error as NodeJS.ErrnoException).code !== "EISDIR") throw error;
    throw new RangeError(
      `Expected the path of a file to write, but ${resolve(path)} is a folder. Add the file's name.`,
      { cause: error },
    );
  }
}
