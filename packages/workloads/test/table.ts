/** The table of docs/workloads.md. */
import { formatDuration } from "@orrery/program";
import type { Param } from "@orrery/program";
import type { Workload } from "../src/index.ts";

/** One row a workload: id, name, question, parameters with defaults, expected contrast. */
export function catalogueTable(workloads: readonly Workload[]): string {
  const rows = workloads.map(({ id, program, question, headline }) => {
    const parameters = program.params.map((param) => `\`${param.name}=${defaultOf(param)}\``).join(" ");
    return [id, program.name, question, parameters, headline];
  });
  return [["id", "name", "question", "parameters", "what to expect"], Array<string>(5).fill("---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |\n`)
    .join("");
}

const defaultOf = (param: Param): string =>
  param.type === "dur" ? formatDuration(param.default) : String(param.default);
