// Finds the relative links of a Markdown page that lead nowhere.
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, relative, resolve } from "node:path";

/** The links of `file` whose target, a file or an anchor in a Markdown page, does not exist; one line each. */
export function brokenLinks(root: string, file: string): string[] {
  const page = resolve(root, file);
  return linksOf(readFileSync(page, "utf8")).flatMap((link) => {
    const why = whyBroken(root, page, link);
    return why === undefined ? [] : [`${file}: ${link}: ${why}`];
  });
}

function whyBroken(root: string, page: string, link: string): string | undefined {
  const [path = "", anchor] = link.split("#", 2).map(decodeURIComponent);
  if (path.startsWith("/")) return "an absolute path means something else on every site";
  const target = path === "" ? page : resolve(dirname(page), path);
  if (relative(root, target).startsWith("..")) return "leads out of the repository";
  if (!existsSync(target)) return "no such file";
  if (anchor === undefined || anchor === "") return undefined;
  if (statSync(target).isDirectory()) return "a directory has no anchors";
  if (extname(target) !== ".md") return /^L\d+(-L\d+)?$/.test(anchor) ? undefined : "not a page with anchors";
  return anchorsOf(readFileSync(target, "utf8")).has(anchor) ? undefined : "no such heading";
}

/** Relative link targets of a page, as written. */
export function linksOf(markdown: string): string[] {
  const text = withoutCode(markdown).replaceAll(/`[^`\n]*`/g, "");
  const found: string[] = [];
  for (const pattern of [
    /\]\(\s*<([^>\n]+)>/g, // [text](<target>)
    /\]\(\s*([^\s<)]+(?:\([^\s)]*\)[^\s)]*)?)/g, // [text](target "title")
    /^ {0,3}\[[^\]^][^\]]*\]:\s*<?([^\s>]+)>?/gm, // [name]: target
    /\b(?:href|src)="([^"]+)"/g, // <a href="target">
  ]) {
    for (const match of text.matchAll(pattern)) found.push(match[1]!);
  }
  return found.filter((target) => !/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(target));
}

/** The anchors that GitHub gives the headings of a page, and those written as HTML. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  const text = withoutCode(markdown);
  for (const [, heading] of text.matchAll(/^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$/gm)) {
    const slug = slugOf(heading!);
    let unique = slug;
    for (let n = 1; anchors.has(unique); n += 1) unique = `${slug}-${n}`;
    anchors.add(unique);
  }
  for (const [, id] of text.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(id!);
  return anchors;
}

function slugOf(heading: string): string {
  return heading
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1") // a link counts as its text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}

function withoutCode(markdown: string): string {
  return markdown
    .replaceAll(/^( {0,3})(`{3,}|~{3,})[^\n]*\n[\s\S]*?^ {0,3}\2[`~]*\s*$/gm, "")
    .replaceAll(/<!--[\s\S]*?-->/g, "");
}
