// Loaded before everything else (node --require), in the language of 2012: an old Node must be able to read it.
var major = parseInt(process.versions.node.split(".")[0], 10);
if (major < 20) {
  console.error(
    "RLHF Lab needs Node 20 or newer, and this is Node " +
      process.versions.node +
      " (" +
      process.execPath +
      "). Install a current Node, then run the command again.",
  );
  process.exit(1);
}
