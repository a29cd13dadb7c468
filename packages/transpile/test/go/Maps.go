// What maps hold, and in which order.
package Maps

import (
	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func restock(t *orrery.Task, stock map[string]int) int {
	stock["nuts"] = orrery.Add(orrery.Get(stock, "nuts", 0), 5)
	delete(stock, "bolts")
	return len(stock) + 10
}

func program(t *orrery.Task) error {
	stock := map[string]int{"nuts": 3, "bolts": 7}
	stock["cogs"] = 1
	t.Log("main/2", "{0} of {1}", stock, len(stock))
	answer := restock(t, stock)
	t.Log("main/4", "{0} {1} {2}", answer, orrery.Has(stock, "bolts"), orrery.GetOrNone(stock, "bolts") == nil)
	for what, count := range orrery.Sorted(stock) {
		t.Log("main/5.body.0", "{0}: {1}", what, count)
		stock["screws"] = count
		delete(stock, what)
	}
	t.Log("main/6", "{0}", stock)
	squares := map[int]int{}
	for _, n := range orrery.ListOf[int](10, 9, 100, -1).Items {
		squares[n] = orrery.Add(n, n)
	}
	for n, twice := range orrery.Sorted(squares) {
		t.Log("main/9.body.0", "{0} {1}", n, twice)
	}
	lists := map[int]*orrery.List[int]{1: orrery.ListOf[int](1, 2), 2: orrery.ListOf[int]()}
	for k, items := range orrery.Sorted(lists) {
		items.Items = append(items.Items, k)
		t.Log("main/11.body.1", "{0} {1}", k, items)
	}
	names := map[int]string{1: "one"}
	name := orrery.Get(names, 2, "none of them")
	t.Log("main/14", "{0} {1}", name, orrery.GetOrNone(names, 1))
	if orrery.GetOrNone(names, 1) == "one" {
		t.Log("main/15.then.0", "one")
	}
	for _, text := range orrery.Sorted(names) {
		t.Log("main/16.body.0", "{0}", text)
	}
	for only := range orrery.Sorted(names) {
		t.Log("main/17.body.0", "{0}", only)
	}
	for range orrery.Sorted(names) {
		t.Log("main/18.body.0", "neither")
	}
	for letter, place := range orrery.Sorted(map[string]int{"b": 2, "a": 1}) {
		t.Log("main/19.body.0", "{0} {1}", letter, orrery.Add(place, orrery.Get(map[int]int{1: 10}, 1, 0)))
	}
	for never := range orrery.Sorted(map[int]any{}) {
		t.Log("main/20.body.0", "{0}", orrery.Add(never, 1))
	}
	map[int]any{}[1] = 2
	t.Log("main/22", "{0} {1} {2}", orrery.Get(map[string]any{}, "a", nil), orrery.Has(map[int]int{1: 1}, 1), len(map[int]any{}))
	return nil
}
