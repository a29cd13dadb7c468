// What records hold, and what their copies do.
package Records

import (
	"time"

	"batch/orrery"
)

type Item struct {
	name  string
	count int
}

func (r *Item) String() string {
	return orrery.Fields("name", r.name, "count", r.count)
}

type Order struct {
	id    int
	item  *Item
	notes *orrery.List[int]
	type2 bool
	wait  int
	stock map[int]int
}

func (r *Order) String() string {
	return orrery.Fields("id", r.id, "item", r.item, "notes", r.notes, "type", r.type2, "wait", r.wait, "stock", r.stock)
}

var last *Item

func reset() {
	last = nil
}

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Cells: reset}

func more(t *orrery.Task, item *Item) *Item {
	return orrery.With(item, func(copied *Item) { copied.count = orrery.Add(item.count, 1) })
}

func program(t *orrery.Task) error {
	item := &Item{name: "nut", count: 2}
	order := &Order{id: 7, item: item, notes: orrery.ListOf[int](1), type2: true, wait: 5 * orrery.Millisecond, stock: map[int]int{1: 2}}
	other := more(t, item)
	t.Log("main/3", "{0} {1}", item, other)
	order.notes.Items = append(order.notes.Items, 2)
	copy2 := orrery.With(order, func(copied *Order) { copied.item = other; copied.type2 = false })
	t.Log("main/6", "{0} {1}", order, copy2)
	time.Sleep(time.Duration(copy2.wait))
	if order.type2 {
		t.Log("main/8.then.0", "{0}", copy2.item.name)
	}
	c := make(chan *Order, 1)
	c <- copy2
	sent := <-c
	t.Log("main/12", "{0} {1}", sent.id, len(sent.stock))
	all := orrery.ListOf[*Item](item, other)
	for _, each := range all.Items {
		t.Log("main/14.body.0", "{0}", each.count)
	}
	before := last
	t.Log("main/16", "{0} {1}", before, before == nil)
	caught := func() (err error) {
		defer orrery.Recover(&err)
		t.Log("main/17.body.0", "{0}", before.count)
		return nil
	}()
	if orrery.Is(caught, "NoneDeref") {
		t.Log("main/17.catch0.0", "none")
	} else if caught != nil {
		return caught
	}
	caught2 := func() (err error) {
		defer orrery.Recover(&err)
		_ = orrery.With(before, func(copied *Item) { copied.count = 1 })
		return nil
	}()
	if orrery.Is(caught2, "NoneDeref") {
		t.Log("main/18.catch0.0", "none")
	} else if caught2 != nil {
		return caught2
	}
	last = item
	now := last
	t.Log("main/21", "{0} {1}", now, now == nil)
	return nil
}
