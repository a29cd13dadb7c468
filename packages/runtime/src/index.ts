export * from "./emulate/index.ts";
export * from "./model.ts";
export * from "./task.ts";
export * from "./values.ts";
