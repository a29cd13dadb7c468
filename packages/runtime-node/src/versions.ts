/** What differs between the versions of Node: each rule was seen on the real ones. Chosen by the option `version`. */

export const VERSIONS = ["24", "20", "11", "10"] as const;
export type Version = (typeof VERSIONS)[number];

/** --unhandled-rejections */
export const REJECTION_MODES = ["throw", "strict", "warn", "warn-with-error-code", "none"] as const;
export type RejectionMode = (typeof REJECTION_MODES)[number];

export interface Features {
  /** As `process.version` has it. */
  readonly version: string;
  /** Ticks and microtasks run between two timers of a list and between two immediates; in 10 after all of them. */
  readonly drainBetweenCallbacks: boolean;
  /** `await` of a promise takes one turn; before 12 it takes three. */
  readonly awaitNative: boolean;
  /** libuv >= 1.45: timers after the poll, so that they run once more before the loop ends; before it, ahead of the poll. */
  readonly timersAfterPoll: boolean;
  /** What a tick that threw has left runs before the first immediate; before 12 after it. */
  readonly strandedTicksFirst: boolean;
  readonly unhandledRejections: RejectionMode;
  /** Lists of timers are keyed by whole milliseconds; in 10 by the number as it is. */
  readonly truncTimerKey: boolean;
  /** Timers warn of negative durations and of what is no number, too. */
  readonly warnsOfNegativeTimers: boolean;
  /** What the listeners of `exit` are told when a module's top level never ended: 13; up to 20 nothing special. */
  readonly unsettledExitCode: number;
  /** Of a byte stream: it was 16 KiB up to 20. */
  readonly streamHighWaterMark: number;
  /** AbortSignal.any: all dependants are aborted before the first event; up to 20 each as its turn comes. */
  readonly abortMarksFirst: boolean;
}

const KIB = 1024;

const node24: Features = {
  version: "v24.21.0",
  drainBetweenCallbacks: true,
  awaitNative: true,
  timersAfterPoll: true,
  strandedTicksFirst: true,
  unhandledRejections: "throw",
  truncTimerKey: true,
  warnsOfNegativeTimers: true,
  unsettledExitCode: 13, // ExitCode::kUnsettledTopLevelAwait
  streamHighWaterMark: 64 * KIB,
  abortMarksFirst: true,
};

const node20: Features = {
  ...node24,
  version: "v20.20.2",
  warnsOfNegativeTimers: false,
  unsettledExitCode: 0,
  streamHighWaterMark: 16 * KIB,
  abortMarksFirst: false,
};

const node11: Features = {
  ...node20,
  version: "v11.15.0",
  awaitNative: false,
  timersAfterPoll: false,
  strandedTicksFirst: false,
  unhandledRejections: "warn",
};

const node10: Features = {
  ...node11,
  version: "v10.24.1",
  drainBetweenCallbacks: false,
  truncTimerKey: false,
};

export const features: Readonly<Record<Version, Features>> = {
  "24": node24,
  "20": node20,
  "11": node11,
  "10": node10,
};
