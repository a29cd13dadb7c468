import type { MachineCosts } from "./machine.ts";

/** Measured on a two-core virtual machine (Linux 6, x86-64); the futex wake of bare metal rather than the VM's 70 us. */
export const defaultMachineCosts: MachineCosts = {
  wakeNs: 5_000,
  contextSwitchNs: 1_200,
  migrationNs: 800,
  signalNs: 2_000,
  timerSlackNs: 50_000,
  networkNs: 40_000,
  diskPsPerByte: 100,
  diskNs: 4_000,
};

export const zeroMachineCosts: MachineCosts = {
  wakeNs: 0,
  contextSwitchNs: 0,
  migrationNs: 0,
  signalNs: 0,
  timerSlackNs: 0,
  networkNs: 0,
  diskPsPerByte: 0,
  diskNs: 0,
};
