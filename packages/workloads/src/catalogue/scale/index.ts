/** Scale and cost: W11 to W24. */
import type { Workload } from "../../workload.ts";
import fetch100 from "./fetch-100.ts";
import pingPong from "./ping-pong.ts";
import poolCeiling from "./pool-ceiling.ts";
import skynet from "./skynet.ts";
import sleepers from "./sleepers.ts";
import threadRing from "./thread-ring.ts";

export const scale: readonly Workload[] = [sleepers, poolCeiling, fetch100, skynet, pingPong, threadRing];
