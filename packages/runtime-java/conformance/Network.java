// Pipes and sockets: who waits for one parks, and a poller unparks it.
import module java.base;
import java.nio.channels.Pipe;

/** The sub-poller unparks readers in the order of readiness; they run after root blocks. */
class PipeReadiness extends Prelude {
    void body() throws Exception {
        Map<String, Pipe> pipes = new LinkedHashMap<>();
        for (String n : List.of("A", "B", "C")) pipes.put(n, Pipe.open());
        List<Thread> threads = pipes.entrySet().stream().map(e -> go(e.getKey(), () -> {
            ByteBuffer b = ByteBuffer.allocate(1);
            e.getValue().source().read(b);
            log(e.getKey() + (char) b.get(0));
        })).toList();
        nap(40);
        char letter = 'a';
        for (String n : List.of("C", "A", "B"))
            pipes.get(n).sink().write(ByteBuffer.wrap(new byte[] {(byte) letter++}));
        log("root");
        joinAll(threads);
    }
}

/** Who reads a socket that is not ready parks, and is unparked by its poller. */
class SocketEcho extends Prelude {
    void body() throws Exception {
        ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread server = go("server", () -> {
            try (Socket s = listener.accept()) {
                int b = s.getInputStream().read();
                log("got " + b);
                s.getOutputStream().write(b + 1);
            }
        });
        Thread.yield();
        try (Socket c = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
            c.getOutputStream().write(7);
            log("sent");
            log("reply " + c.getInputStream().read());
        }
        server.join();
    }
}

/** An interrupt of a thread that reads a socket ends the read and keeps the flag. */
class SocketInterrupt extends Prelude {
    void body() throws Exception {
        ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Socket c = new Socket(listener.getInetAddress(), listener.getLocalPort());
        Thread r = go("R", () -> {
            try {
                c.getInputStream().read();
            } catch (SocketException e) {
                log("R: " + e.getMessage() + " " + Thread.currentThread().isInterrupted());
            }
        });
        Thread.yield();
        r.interrupt();
        r.join();
    }
}

/** A close ends another thread's accept, a timeout ends a read, an interrupt of a reader closes the socket. */
class SocketTimeoutAndClose extends Prelude {
    void body() throws Exception {
        ServerSocket closed = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread server = go("server", () -> {
            try {
                closed.accept();
            } catch (SocketException e) {
                log("accept: " + e.getMessage());
            }
        });
        Thread.yield();
        closed.close();
        server.join();
        ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Socket c = new Socket(listener.getInetAddress(), listener.getLocalPort());
        c.setSoTimeout(5);
        try {
            c.getInputStream().read();
        } catch (SocketTimeoutException e) {
            log(e.getMessage());
        }
        c.setSoTimeout(0);
        Thread r = go("R", () -> c.getInputStream().read());
        Thread.yield();
        r.interrupt();
        r.join();
        log(c.isClosed());
    }
}
