import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { anchorsOf, brokenLinks, linksOf } from "../src/links.ts";

const root = join(import.meta.dirname, "../..");

test("no relative link in the documentation is broken", () => {
  const pages = globSync(["README.md", "CONTRIBUTING.md", "docs/**/*.md"], { cwd: root }).toSorted();
  expect(pages.flatMap((page) => brokenLinks(root, page))).toEqual([]);
});

test("a missing file, a missing heading and a way out of the repository are found", () => {
  const directory = mkdtempSync(join(tmpdir(), "links-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, "other.md"), "# Run queues\n");
  writeFileSync(
    join(directory, "page.md"),
    "# Page\n[a](other.md) [b](other.md#run-queues) [c](#page) [d](missing.md) [e](other.md#gone) [f](../x)\n",
  );
  expect(brokenLinks(directory, "page.md")).toEqual([
    "page.md: missing.md: no such file",
    "page.md: other.md#gone: no such heading",
    "page.md: ../x: leads out of the repository",
  ]);
});

test("links are read as Markdown has them", () => {
  expect(
    linksOf(
      [
        '[text](a.md "title") ![image](b.svg) [![badge](c.svg)](d.md)',
        '[angle](<e f.md>) [web](https://example.org) [mail](mailto:x@example.org) <img src="g.png">',
        "`[code](no.md)`",
        "```\n[code](no.md)\n```",
        "<!-- [hidden](no.md) -->",
        "[ref]: h.md",
      ].join("\n"),
    ).toSorted(),
  ).toEqual(["a.md", "b.svg", "c.svg", "d.md", "e f.md", "g.png", "h.md"]);
});

test("anchors are GitHub's", () => {
  const page =
    '# The *four* `runtimes`, compared\n## Rule 1: `runnext`\n## Same\n## Same\n```\n# no\n```\n<a id="here"></a>\n## a_b — c';
  expect([...anchorsOf(page)]).toEqual([
    "the-four-runtimes-compared",
    "rule-1-runnext",
    "same",
    "same-1",
    "a_b--c",
    "here",
  ]);
});
