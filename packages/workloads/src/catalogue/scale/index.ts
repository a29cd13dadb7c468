/** Scale and cost: W11 to W24. */
import type { Workload } from "../../workload.ts";
import big from "./big.ts";
import chameneos from "./chameneos.ts";
import counting from "./counting.ts";
import fetch100 from "./fetch-100.ts";
import forkJoin from "./fork-join.ts";
import parallelRecursion from "./parallel-recursion.ts";
import pingPong from "./ping-pong.ts";
import poolCeiling from "./pool-ceiling.ts";
import primeSieve from "./prime-sieve.ts";
import requestReply from "./request-reply.ts";
import skynet from "./skynet.ts";
import sleepers from "./sleepers.ts";
import spawnJoin from "./spawn-join.ts";
import threadRing from "./thread-ring.ts";

export const scale: readonly Workload[] = [
  sleepers,
  poolCeiling,
  fetch100,
  skynet,
  spawnJoin,
  pingPong,
  threadRing,
  counting,
  forkJoin,
  chameneos,
  big,
  primeSieve,
  requestReply,
  parallelRecursion,
];
