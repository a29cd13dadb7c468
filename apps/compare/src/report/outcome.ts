/** What there is to say about how a run ended, below the table of outcomes. */
import type { Run } from "../study.ts";
import { plural, WIDTH, wrap } from "../text.ts";

export function outcomeText({ model, result }: Run): readonly string[] {
  const { detail, tasks } = result;
  const lines: string[] = [];
  if (typeof detail === "string") lines.push(...wrap(`${model.title}: ${detail}`, WIDTH, "  "));
  const [first] = tasks.leaked;
  if (first !== undefined)
    lines.push(
      ...wrap(
        `${model.title}: ${plural(tasks.leaked.length, "task")} left waiting for ever, as ${first.task}: ${first.waitingFor}`,
        WIDTH,
        "  ",
      ),
    );
  return lines;
}
