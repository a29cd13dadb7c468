/**
 * Services outside the runtime, behind a network: `servers` requests are served at a time, up to `queueLimit` more wait
 * in order, the rest are refused. The caller draws service time and failure, so that the same call meets the same fate
 * on every runtime, whatever the order of arrival.
 */
import { Descriptor } from "./kernel.ts";
import type { Machine } from "./machine.ts";

/** One request; `reply` becomes readable when the answer arrives. */
export interface Request {
  readonly reply: Descriptor;
  readonly serviceNs: number;
  readonly fails: boolean;
  /** Known once the reply is readable. */
  ok: boolean;
}

export class Service {
  readonly name: string;
  readonly servers: number;
  readonly queueLimit: number;
  busy = 0;
  served = 0;
  refused = 0;
  readonly queue: Request[] = [];
  private readonly machine: Machine;

  /** `servers` and `queueLimit` may be Infinity. */
  constructor(machine: Machine, name: string, servers: number, queueLimit: number) {
    this.machine = machine;
    this.name = name;
    this.servers = servers;
    this.queueLimit = queueLimit;
  }

  /** Sends a request; half the network's round trip each way. */
  request(serviceNs: number, fails: boolean): Request {
    const request: Request = { reply: new Descriptor(this.machine, this.name), serviceNs, fails, ok: false };
    this.machine.at(this.machine.now + this.machine.costs.networkNs / 2, () => this.arrive(request));
    return request;
  }

  private arrive(request: Request): void {
    if (this.busy < this.servers) this.serve(request);
    else if (this.queue.length < this.queueLimit) this.queue.push(request);
    else {
      this.refused++;
      this.answer(request, false);
    }
  }

  private serve(request: Request): void {
    this.busy++;
    this.machine.at(this.machine.now + request.serviceNs, () => {
      this.busy--;
      this.served++;
      this.answer(request, !request.fails);
      const next = this.queue.shift();
      if (next !== undefined) this.serve(next);
    });
  }

  private answer(request: Request, ok: boolean): void {
    this.machine.at(this.machine.now + this.machine.costs.networkNs / 2, () => {
      request.ok = ok;
      request.reply.signal();
    });
  }
}
