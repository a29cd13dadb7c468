/** Every example of docs/cli.md is run; `...` stands for any lines. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cli } from "./cli.ts";

const page = readFileSync(new URL("../../../docs/cli.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/```console\n\$ orrery (.*)\n([\s\S]*?)```/g)].map(
  ([, line, output]) => [line!, output!] as const,
);

test.each(examples)("orrery %s", async (line, output) => {
  const { out, err } = await cli(line);
  const said = (out + err).split("\n");
  let at = 0;
  for (const part of output.trimEnd().split(/^\.\.\.$/m)) {
    const lines = part.split("\n").filter((each) => each !== "");
    if (lines.length === 0) continue;
    const found = said.findIndex((_, i) => i >= at && lines.every((each, n) => said[i + n] === each));
    expect(found === -1 ? `${lines.join("\n")}\nis not in\n${said.slice(at).join("\n")}` : "").toBe("");
    at = found + lines.length;
  }
});

test("the page has examples", () => {
  expect(examples.length).toBeGreaterThan(4);
});
