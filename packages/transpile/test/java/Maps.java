import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import static orrery.Orrery.*;

/**
 * What maps hold, and in which order.
 */
public final class Maps {
    static final Program PROGRAM = new Program(Maps.class, Maps::program);

    static long restock(Map<String, Long> stock) {
        stock.put("nuts", add(stock.getOrDefault("nuts", 0L), 5));
        stock.remove("bolts");
        return length(stock) + 10;
    }

    static void program() {
        Map<String, Long> stock = mapOf("nuts", 3L, "bolts", 7L);
        stock.put("cogs", 1L);
        log("main/2", "{0} of {1}", stock, length(stock));
        long answer = restock(stock);
        log("main/4", "{0} {1} {2}", answer, stock.containsKey("bolts"), stock.get("bolts") == null);
        for (var entry : new TreeMap<>(stock).entrySet()) {
            String what = entry.getKey();
            long count = entry.getValue();
            log("main/5.body.0", "{0}: {1}", what, count);
            stock.put("screws", count);
            stock.remove(what);
        }
        log("main/6", "{0}", stock);
        Map<Long, Long> squares = new TreeMap<>();
        for (long n : listOf(10L, 9L, 100L, -1L)) {
            squares.put(n, add(n, n));
        }
        for (var entry : new TreeMap<>(squares).entrySet()) {
            long n = entry.getKey();
            long twice = entry.getValue();
            log("main/9.body.0", "{0} {1}", n, twice);
        }
        Map<Long, List<Long>> lists = mapOf(1L, listOf(1L, 2L), 2L, new ArrayList<>());
        for (var entry : new TreeMap<>(lists).entrySet()) {
            long k = entry.getKey();
            List<Long> items = entry.getValue();
            items.add(k);
            log("main/11.body.1", "{0} {1}", k, items);
        }
        Map<Long, String> names = mapOf(1L, "one");
        String name = names.getOrDefault(2L, "none of them");
        log("main/14", "{0} {1}", name, names.get(1L));
        if (Objects.equals(names.get(1L), "one")) {
            log("main/15.then.0", "one");
        }
        for (var entry : new TreeMap<>(names).entrySet()) {
            long unread = entry.getKey();
            String text = entry.getValue();
            log("main/16.body.0", "{0}", text);
        }
        for (var entry : new TreeMap<>(names).entrySet()) {
            long only = entry.getKey();
            String unseen = entry.getValue();
            log("main/17.body.0", "{0}", only);
        }
        for (var entry : new TreeMap<>(names).entrySet()) {
            long neither = entry.getKey();
            String nor = entry.getValue();
            log("main/18.body.0", "neither");
        }
        for (var entry : new TreeMap<String, Long>(mapOf("b", 2L, "a", 1L)).entrySet()) {
            String letter = entry.getKey();
            long place = entry.getValue();
            log("main/19.body.0", "{0} {1}", letter, add(place, new TreeMap<Long, Long>(mapOf(1L, 10L)).getOrDefault(1L, 0L)));
        }
        for (var entry : new TreeMap<Long, Object>().entrySet()) {
            long never = entry.getKey();
            Object nothing = entry.getValue();
            log("main/20.body.0", "{0}", add(never, 1));
        }
        new TreeMap<Long, Object>().put(1L, 2L);
        log("main/22", "{0} {1} {2}", new TreeMap<String, Object>().get("a"), new TreeMap<Long, Long>(mapOf(1L, 1L)).containsKey(1L), length(new TreeMap<>()));
    }

    public static void main(String[] args) throws Exception {
        launch(PROGRAM, args);
    }
}
