/** A line on a terminal that tells how far a long command is; nothing for the first second, nothing when piped. */
import type { ShellService } from "./shell.ts";
import { bar, duration, fit, left, whole } from "./text.ts";

const PATIENCE_MS = 1000;
const EVERY_MS = 100;
const BAR_COLUMNS = 20;

export class Progress {
  private readonly shell: ShellService;
  private readonly total: number;
  private readonly startedMs = performance.now();
  private drawnMs = 0;
  private done = 0;
  private label = "";

  /** `total`: how many steps there will be in all. */
  constructor(shell: ShellService, total: number) {
    this.shell = shell;
    this.total = total;
  }

  begin(label: string): void {
    this.label = label;
    this.draw("");
  }

  tick(events: number, timeNs: number): void {
    this.draw(`${whole(events)} events, ${duration(timeNs)}`);
  }

  end(): void {
    this.done++;
    if (this.drawnMs > 0) this.shell.err("\r\u001b[2K");
    this.drawnMs = 0;
  }

  private draw(detail: string): void {
    if (!this.shell.draws) return;
    const now = performance.now();
    if (now - this.startedMs < PATIENCE_MS || now - this.drawnMs < EVERY_MS) return;
    this.drawnMs = now;
    const filled = left(bar(this.done, this.total, BAR_COLUMNS), BAR_COLUMNS);
    this.shell.err(`\r\u001b[2K${fit(`${filled} ${this.done}/${this.total}  ${this.label}  ${detail}`, 78)}`);
  }
}
