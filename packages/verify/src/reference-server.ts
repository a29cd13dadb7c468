/**
 * The one server that all four real programs talk to. A client sends a line `SERVICE SERVERS QUEUELIMIT SERVICE_NS FAILS`
 * (SERVERS and QUEUELIMIT -1: unlimited) and gets `ok` or `no`: the service serves so many at a time, queues so many
 * more in order of arrival and refuses the rest, as `Service` of the simulator does.
 */
import { createServer, type Server, type Socket } from "node:net";

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

export interface ReferenceServer extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string;
}

export async function startReferenceServer(): Promise<ReferenceServer> {
  const sockets = new Set<Socket>();
  const services = new Map<string, RealService>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true).setEncoding("utf8");
    let text = "";
    socket.on("data", (data: string) => {
      text += data;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
        const [name, servers, queueLimit, serviceNs, fails] = text.slice(0, end).split(" ");
        text = text.slice(end + 1);
        let service = services.get(name!);
        if (service === undefined) services.set(name!, (service = new RealService()));
        service.arrive(
          { serviceNs: Number(serviceNs), fails: fails === "1", socket },
          Number(servers),
          Number(queueLimit),
        );
      }
    });
    socket.on("error", () => socket.destroy()); // a client that died
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the reference server has no port");
  return {
    address: `127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
