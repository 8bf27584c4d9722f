/** What the command says before it grades anybody; a class that is graded is in gradebook.test.ts. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { Course } from "../exercises/course";
import { exercise, solved } from "../exercises/grading";

describe("npm run grade", function () {
  this.timeout(60_000);
  const course = new Course();
  before(() => course.submit("ada", solved));
  after(() => course.remove());

  const refused = async (message: RegExp, ...args: string[]) => {
    const { code, stdout, stderr } = await course.script("grade.mjs", exercise, ...args);
    assert.match(stderr, message);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.deepEqual(readdirSync(course.folder), ["submitted"]); // nothing was made
  };

  for (const jobs of ["0", "abc", "-1", "1.5", ""]) {
    it(`refuses --jobs=${jobs}, which would grade nobody`, () =>
      refused(/--jobs must be a whole number of at least 1, got "/, `--jobs=${jobs}`));
  }

  it("says how to build the exercise where the class is, when it is not there", () =>
    refused(/is not in .*course-.*npm run exercises with this RLHF_COURSE_ROOT/));
});
