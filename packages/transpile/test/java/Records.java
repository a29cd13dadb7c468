import java.time.Duration;
import java.util.List;
import java.util.Map;

import static orrery.Orrery.*;

/**
 * What records hold, and what their copies do.
 */
public final class Records {
    record Item_(String name, long count) {}

    record Order(long id, Item_ item, List<Long> notes, boolean type, long wait_, Map<Long, Long> stock) {}

    static Item_ last = null;

    static final Program PROGRAM = new Program(Records.class, Records::program);

    static Item_ more(Item_ item) {
        return new Item_(item.name(), add(item.count(), 1));
    }

    static void program() throws InterruptedException {
        Item_ item = new Item_("nut", 2);
        Order order = new Order(7, item, listOf(1L), true, 5 * MS, mapOf(1L, 2L));
        Item_ other = more(item);
        log("main/3", "{0} {1}", item, other);
        order.notes().add(2L);
        Order copy = new Order(order.id(), other, order.notes(), false, order.wait_(), order.stock());
        log("main/6", "{0} {1}", order, copy);
        Thread.sleep(Duration.ofNanos(Math.max(0, copy.wait_())));
        if (order.type()) {
            log("main/8.then.0", "{0}", copy.item().name());
        }
        Channel<Order> c = new Channel<>(1);
        c.send(copy);
        Order sent = c.recv();
        log("main/12", "{0} {1}", sent.id(), length(sent.stock()));
        List<Item_> all = listOf(item, other);
        for (Item_ each : all) {
            log("main/14.body.0", "{0}", each.count());
        }
        Item_ before = last;
        log("main/16", "{0} {1}", before, before == null);
        try {
            log("main/17.body.0", "{0}", before.count());
        } catch (RuntimeException error) {
            if (!isOneOf(error, "NoneDeref")) throw error;
            log("main/17.catch0.0", "none");
        }
        try {
            Item_ changed = new Item_(before.name(), 1);
        } catch (RuntimeException error) {
            if (!isOneOf(error, "NoneDeref")) throw error;
            log("main/18.catch0.0", "none");
        }
        last = item;
        Item_ now = last;
        log("main/21", "{0} {1}", now, now == null);
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
