// oxlint-disable unicorn/require-post-message-target-origin -- threads, not windows
/**
 * The one server that all four real programs talk to. A client sends a line `SERVICE SERVERS QUEUELIMIT SERVICE_NS FAILS`
 * (SERVERS and QUEUELIMIT -1: unlimited) and gets `ok` or `no`: the service serves so many at a time, queues so many
 * more in order of arrival and refuses the rest, as `Service` of the simulator does. It lives on a thread of its own, so that
 * no answer is late because a model runs: this file is that thread's too.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { parentPort, Worker, workerData } from "node:worker_threads";

interface Waiting {
  readonly serviceNs: number;
  readonly fails: boolean;
  readonly socket: Socket;
}

class RealService {
  private busy = 0;
  private readonly queue: Waiting[] = [];

  arrive(request: Waiting, servers: number, queueLimit: number): void {
    if (servers < 0 || this.busy < servers) this.serve(request, servers);
    else if (queueLimit < 0 || this.queue.length < queueLimit) this.queue.push(request);
    else request.socket.write("no\n");
  }

  private serve(request: Waiting, servers: number): void {
    this.busy++;
    setTimeout(() => {
      this.busy--;
      request.socket.write(request.fails ? "no\n" : "ok\n");
      if (this.queue.length > 0 && (servers < 0 || this.busy < servers))
        this.serve(this.queue.shift()!, servers);
    }, request.serviceNs / 1e6);
  }
}

/** A server of the thread, with services of its own. */
class Listening {
  private readonly sockets = new Set<Socket>();
  private readonly services = new Map<string, RealService>();
  private readonly server: Server = createServer((socket) => this.accept(socket));

  async port(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true).setEncoding("utf8");
    let text = "";
    socket.on("data", (data: string) => {
      text += data;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
        this.request(socket, text.slice(0, end).split(" "));
        text = text.slice(end + 1);
      }
    });
    socket.on("error", () => socket.destroy()); // a client that died
    socket.on("close", () => this.sockets.delete(socket));
  }

  private request(socket: Socket, [name, servers, queueLimit, serviceNs, fails]: readonly string[]): void {
    let service = this.services.get(name!);
    if (service === undefined) this.services.set(name!, (service = new RealService()));
    service.arrive(
      { serviceNs: Number(serviceNs), fails: fails === "1", socket },
      Number(servers),
      Number(queueLimit),
    );
  }
}

/** What the thread is asked: to open the server of this number, or to close it. */
interface Asked {
  readonly verb: "open" | "close";
  readonly server: number;
}

interface Opened {
  readonly server: number;
  readonly port: number;
}

const THREAD = "orrery reference server";
if (workerData === THREAD) {
  const servers = new Map<number, Listening>();
  parentPort!.on("message", async ({ verb, server }: Asked) => {
    if (verb === "close") {
      servers.get(server)!.close();
      servers.delete(server);
      return;
    }
    const listening = new Listening();
    servers.set(server, listening);
    parentPort!.postMessage({ server, port: await listening.port() } satisfies Opened);
  });
}

/** The thread, started when it is first needed; it keeps the process alive while one of its servers is open. */
class ServerThread {
  private readonly worker = new Worker(fileURLToPath(import.meta.url), { workerData: THREAD });
  private readonly waiting = new Map<number, (port: number) => void>();
  private opened = 0;
  private open = 0;

  constructor() {
    this.worker.on("message", ({ server, port }: Opened) => this.waiting.get(server)!(port));
  }

  async start(): Promise<ReferenceServer> {
    const server = this.opened++;
    if (this.open++ === 0) this.worker.ref();
    const port = await new Promise<number>((resolve) => {
      this.waiting.set(server, resolve);
      this.worker.postMessage({ verb: "open", server } satisfies Asked);
    });
    this.waiting.delete(server);
    return {
      address: `127.0.0.1:${port}`,
      [Symbol.dispose]: () => {
        this.worker.postMessage({ verb: "close", server } satisfies Asked);
        if (--this.open === 0) this.worker.unref();
      },
    };
  }
}

export interface ReferenceServer extends Disposable {
  /** `127.0.0.1:PORT` */
  readonly address: string;
}

let thread: ServerThread | undefined;

export function startReferenceServer(): Promise<ReferenceServer> {
  thread ??= new ServerThread();
  return thread.start();
}
