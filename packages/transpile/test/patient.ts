/** How tests ask a real runtime whose order has times in it: a busy machine moves a timer or takes the processor away, a wrong rule is wrong each time. */
export const patient = { retry: 4, timeout: 60_000 } as const;
