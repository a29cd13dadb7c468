/// <reference lib="dom" />
/**
 * The page's script: draws the lanes and moves about in them. The function is put into the page as it is, so it uses
 * nothing from outside itself.
 */
import type { LanesData } from "./lane-data.ts";

export function client(): void {
  const GUTTER = 118;
  const AXIS = 22;
  const LANE = 20;
  const HEAD = 20;
  const PALETTE = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800", "#7f7f7f"];
  const STATES = ["runs", "in a blocking call", "callback of the runtime", "many short slices"];
  const CALL = 1;
  const CALLBACK = 2;
  const MERGED = 3;

  interface Row {
    readonly run: LanesData;
    readonly label: string;
    readonly y: number;
    readonly starts: Float64Array;
    readonly ends: Float64Array;
    readonly lane: LanesData["lanes"][number];
  }

  const time = (ns: number): string => {
    const [scale, unit] =
      ns < 1e3 ? [1, "ns"] : ns < 1e6 ? [1e3, "us"] : ns < 1e9 ? [1e6, "ms"] : ([1e9, "s"] as const);
    const x = ns / scale;
    return `${x.toFixed(unit === "ns" || x >= 100 ? 0 : x >= 10 ? 1 : 2)} ${unit}`;
  };
  const exactTime = (ns: number): string => {
    const [scale, unit] = ns < 1e6 ? [1e3, "us"] : ([1e6, "ms"] as const);
    return `${(ns / scale).toFixed(3)} ${unit}`;
  };

  for (const box of document.querySelectorAll<HTMLElement>(".lanes")) {
    const runs = JSON.parse(document.getElementById(box.dataset["source"]!)!.textContent) as LanesData[];
    const canvas = box.querySelector("canvas")!;
    const tip = box.querySelector<HTMLElement>(".tip")!;
    const told = box.parentElement!.querySelector<HTMLElement>(".told")!;
    const context = canvas.getContext("2d")!;
    const rows: Row[] = [];
    const heads: { readonly title: string; readonly y: number }[] = [];
    let height = AXIS;
    for (const run of runs) {
      heads.push({ title: run.title, y: height });
      height += HEAD;
      for (const lane of run.lanes) {
        const count = lane.ns.length;
        const starts = new Float64Array(count);
        const ends = new Float64Array(count);
        for (let i = 0, at = 0; i < count; i++) {
          at += lane.gap[i]!;
          starts[i] = at;
          at += lane.ns[i]!;
          ends[i] = at;
        }
        rows.push({ run, label: lane.label, y: height, starts, ends, lane });
        height += LANE;
      }
      height += 6;
    }
    const endNs = Math.max(1, ...runs.map((run) => run.endNs));
    let from = 0;
    let to = endNs;
    let chosen = { row: -1, slice: -1 };
    let width = 0;
    let pending = false;

    const firstAfter = (row: Row, ns: number): number => {
      let low = 0;
      let high = row.ends.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (row.ends[middle]! > ns) high = middle;
        else low = middle + 1;
      }
      return low;
    };
    const x = (ns: number): number => GUTTER + ((ns - from) / (to - from)) * (width - GUTTER);
    const at = (px: number): number => from + ((px - GUTTER) / (width - GUTTER)) * (to - from);

    const placeOf = (task: string): number => Number(/\[(\d+)\]$/.exec(task)?.[1] ?? 0);
    /** Tasks of one procedure share a colour. */
    const colours = new Map<string, string>();
    const colour = (task: string): string => {
      const proc = task.slice(task.lastIndexOf("/") + 1).replace(/\[\d+\]$/, "");
      let found = colours.get(proc);
      if (found === undefined) {
        found = PALETTE[colours.size % PALETTE.length]!;
        colours.set(proc, found);
      }
      return found;
    };
    for (const run of runs) run.tasks.forEach((task) => task !== "callback" && colour(task));

    const stripes = (ink: string): CanvasPattern => {
      const tile = document.createElement("canvas");
      tile.width = tile.height = 6;
      const pen = tile.getContext("2d")!;
      pen.strokeStyle = ink;
      pen.lineWidth = 1.5;
      pen.beginPath();
      for (const shift of [-6, 0, 6]) {
        pen.moveTo(shift, 6);
        pen.lineTo(shift + 6, 0);
      }
      pen.stroke();
      return context.createPattern(tile, "repeat")!;
    };

    const drawRow = (row: Row, fg: string, bg: string, dim: string): void => {
      const { lane, run } = row;
      const top = row.y + 2;
      const tall = LANE - 4;
      const hatch = stripes(bg);
      let drawnTo = GUTTER;
      for (let i = firstAfter(row, from); i < row.starts.length && row.starts[i]! < to; i++) {
        const left = Math.max(GUTTER, x(row.starts[i]!));
        const right = Math.min(width, x(row.ends[i]!));
        // Never more than one rectangle a pixel.
        if (right <= drawnTo && i > 0 && right - left < 1) continue;
        const state = lane.state[i]!;
        const span = Math.max(1, right - left);
        const task = run.tasks[lane.task[i]!] ?? "";
        if (state === MERGED) {
          const share = lane.why[i]! / Math.max(1, lane.ns[i]!);
          const part = Math.max(2, Math.round(tall * share));
          const most = run.tasks[lane.end[i]!]!;
          context.fillStyle = most === "callback" ? dim : colour(most);
          context.fillRect(left, top + tall - part, span, part);
        } else if (state === CALLBACK) {
          context.fillStyle = dim;
          context.fillRect(left, top + tall / 3, span, tall / 3);
        } else {
          // Neighbours of one procedure differ in shade, and have a line between them.
          context.fillStyle = colour(task);
          context.fillRect(left, top, span, tall);
          context.fillStyle = `rgb(255 255 255 / ${(placeOf(task) % 3) * 0.22})`;
          context.fillRect(left, top, span, tall);
          if (span > 4) {
            context.fillStyle = bg;
            context.fillRect(left + span - 1, top, 1, tall);
          }
          if (state === CALL) {
            context.fillStyle = hatch;
            context.fillRect(left, top, span, tall);
          }
        }
        drawnTo = Math.max(Math.ceil(left + 0.001), Math.floor(right));
        if (state < CALLBACK && span > 34) {
          const name = task.slice(task.lastIndexOf("/") + 1);
          context.save();
          context.beginPath();
          context.rect(left, top, span - 3, tall);
          context.clip();
          context.fillStyle = "#fff";
          context.strokeStyle = "rgba(0,0,0,.65)";
          context.lineWidth = 2.5;
          context.strokeText(name, left + 4, top + tall / 2);
          context.fillText(name, left + 4, top + tall / 2);
          context.restore();
        }
        if (chosen.slice === i && rows[chosen.row] === row) {
          context.strokeStyle = fg;
          context.lineWidth = 2;
          context.strokeRect(left - 1, top - 1, span + 2, tall + 2);
        }
      }
    };

    const draw = (): void => {
      pending = false;
      const style = getComputedStyle(document.documentElement);
      const ink = (name: string): string => style.getPropertyValue(name).trim();
      const [fg, bg, dim, line] = [ink("--fg"), ink("--bg"), ink("--dim"), ink("--line")] as const;
      const ratio = devicePixelRatio;
      width = box.clientWidth;
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      canvas.style.height = `${height}px`;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.fillStyle = bg;
      context.fillRect(0, 0, width, height);
      context.font = "11px system-ui, sans-serif";
      context.textBaseline = "middle";
      context.lineWidth = 1;
      // The axis: steps of 1, 2 or 5 times a power of ten, about every 110 pixels.
      const rough = ((to - from) * 110) / Math.max(1, width - GUTTER);
      const power = 10 ** Math.floor(Math.log10(rough));
      const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
      for (let ns = Math.ceil(from / step) * step; ns <= to; ns += step) {
        context.fillStyle = dim;
        context.fillText(time(Math.round(ns)), x(ns) + 3, AXIS / 2);
        context.fillStyle = line;
        context.fillRect(Math.round(x(ns)), 0, 1, height);
      }
      for (const { title, y } of heads) {
        context.fillStyle = fg;
        context.font = "600 12px system-ui, sans-serif";
        context.fillText(title, 6, y + HEAD / 2);
        context.font = "11px system-ui, sans-serif";
      }
      for (const row of rows) {
        context.fillStyle = dim;
        context.fillText(row.label, 14, row.y + LANE / 2);
        context.fillStyle = line;
        context.fillRect(GUTTER, row.y + LANE - 1, width - GUTTER, 1);
        drawRow(row, fg, bg, dim);
      }
    };
    const redraw = (): void => {
      if (pending) return;
      pending = true;
      requestAnimationFrame(draw);
    };

    const view = (start: number, end: number): void => {
      const span = Math.min(endNs, Math.max(10, end - start));
      from = Math.min(Math.max(0, start), endNs - span);
      to = from + span;
      redraw();
    };
    const zoom = (factor: number, about = (from + to) / 2): void =>
      view(about - (about - from) * factor, about + (to - about) * factor);

    const describe = (row: Row, i: number): readonly string[] => {
      const { lane, run } = row;
      const place = `${run.title}, ${row.label}`;
      const span = `${exactTime(row.starts[i]!)} to ${exactTime(row.ends[i]!)}, ${time(lane.ns[i]!)}`;
      if (lane.state[i] === MERGED)
        return [
          `${lane.task[i]!} short slices, most of the time ${run.tasks[lane.end[i]!]!}`,
          place,
          span,
          `busy ${time(lane.why[i]!)} of it`,
        ];
      return [
        `${run.tasks[lane.task[i]!]!} ${STATES[lane.state[i]!]!}`,
        place,
        span,
        `because: ${run.reasons[lane.why[i]!]!}`,
        `until: ${run.reasons[lane.end[i]!]!}`,
      ];
    };
    const show = (row: Row, i: number, px: number): void => {
      tip.replaceChildren(
        ...describe(row, i).map((text, n) => {
          const element = document.createElement(n === 0 ? "strong" : "div");
          element.textContent = text;
          return element;
        }),
      );
      tip.hidden = false;
      tip.style.left = `${Math.max(4, Math.min(px + 12, width - tip.offsetWidth - 4))}px`;
      tip.style.top = `${row.y + LANE + 4}px`;
    };
    const under = (
      event: MouseEvent,
    ): { readonly row: Row; readonly index: number; readonly slice: number } | null => {
      const bounds = canvas.getBoundingClientRect();
      const [px, py] = [event.clientX - bounds.left, event.clientY - bounds.top];
      const index = rows.findIndex((row) => py >= row.y && py < row.y + LANE);
      const row = rows[index];
      if (row === undefined || px < GUTTER) return null;
      const slack = (to - from) / width;
      const slice = firstAfter(row, at(px) - slack);
      return slice < row.starts.length && row.starts[slice]! <= at(px) + slack ? { row, index, slice } : null;
    };

    let dragX: number | null = null;
    canvas.addEventListener("pointerdown", (event) => {
      dragX = event.clientX;
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointerup", (event) => {
      dragX = null;
      const hit = under(event);
      if (hit === null) return;
      chosen = { row: hit.index, slice: hit.slice };
      told.textContent = describe(hit.row, hit.slice).join(", ");
      redraw();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (dragX !== null) {
        const moved = ((event.clientX - dragX) / (width - GUTTER)) * (to - from);
        dragX = event.clientX;
        view(from - moved, to - moved);
      }
      const hit = dragX === null ? under(event) : null;
      if (hit === null) tip.hidden = true;
      else show(hit.row, hit.slice, event.clientX - canvas.getBoundingClientRect().left);
    });
    canvas.addEventListener("pointerleave", () => (tip.hidden = true));
    canvas.addEventListener("dblclick", (event) =>
      zoom(0.25, at(event.clientX - canvas.getBoundingClientRect().left)),
    );
    canvas.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        zoom(1.0015 ** event.deltaY, at(event.clientX - canvas.getBoundingClientRect().left));
      },
      { passive: false },
    );

    /** Moves the choice by lanes and slices, and brings it into view. */
    const choose = (rowStep: number, sliceStep: number): void => {
      if (rows.length === 0) return;
      const index = Math.min(rows.length - 1, Math.max(0, chosen.row + rowStep));
      const row = rows[index]!;
      const near = chosen.row < 0 ? from : (rows[chosen.row]!.starts[chosen.slice] ?? from);
      const wanted = rowStep !== 0 || chosen.row < 0 ? firstAfter(row, near) : chosen.slice + sliceStep;
      const slice = Math.min(row.starts.length - 1, Math.max(0, wanted));
      chosen = { row: index, slice };
      const [start, end] = [row.starts[slice]!, row.ends[slice]!];
      if (start < from || end > to) {
        const middle = (start + end) / 2;
        const half = (to - from) / 2;
        view(middle - half, middle + half);
      } else redraw();
      told.textContent = describe(row, slice).join(", ");
    };
    canvas.addEventListener("keydown", (event) => {
      const pan = (to - from) * 0.2;
      const actions: Readonly<Record<string, () => void>> = {
        ArrowLeft: () => (event.shiftKey ? view(from - pan, to - pan) : choose(0, -1)),
        ArrowRight: () => (event.shiftKey ? view(from + pan, to + pan) : choose(0, 1)),
        ArrowUp: () => choose(-1, 0),
        ArrowDown: () => choose(1, 0),
        "+": () => zoom(0.5),
        "=": () => zoom(0.5),
        "-": () => zoom(2),
        "0": () => view(0, endNs),
      };
      const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
      if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      action();
    });
    for (const button of box.parentElement!.querySelectorAll<HTMLButtonElement>("button[data-zoom]"))
      button.addEventListener("click", () => {
        const factor = Number(button.dataset["zoom"]);
        if (factor === 0) view(0, endNs);
        else zoom(factor);
      });
    const legend = box.parentElement!.querySelector(".procs");
    for (const [proc, ink] of colours) {
      const item = document.createElement("li");
      const key = document.createElement("span");
      key.className = "key";
      key.style.background = ink;
      item.append(key, proc);
      legend?.append(item);
    }
    new ResizeObserver(redraw).observe(box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    draw();
  }
}
