// A Node that says it is of 2022.
Object.defineProperty(process.versions, "node", { value: "18.20.4" });
