/** Queues whose answers are known in closed form: the laws, the systems as programs, and Little's law read off a trace. */
export { Audit } from "./audit.ts";
export * from "./laws.ts";
export { type Flow, runningIn, tasksIn, waitingIn } from "./little.ts";
export { closedSystem, fanOut, hedging, openSystem, repairShop, retrying, type Station } from "./systems.ts";
