/** The one door to Zod, with which everything that comes from outside (a page, a file, a child process) is checked. */
export { z } from "zod";
