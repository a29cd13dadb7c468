/** Virtual time as a calendar has it: the process begins with the epoch, and a run ends within a month of it. */
export function clock(ns: number): { readonly date: string; readonly time: string } {
  const seconds = Math.floor(ns / 1e9);
  const two = (n: number): string => String(Math.floor(n)).padStart(2, "0");
  return {
    date: `1970-01-${two(1 + seconds / 86_400)}`,
    time: `${two((seconds / 3600) % 24)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`,
  };
}
