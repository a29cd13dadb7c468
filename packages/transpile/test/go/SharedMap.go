// One map, two tasks and a bound.
package SharedMap

import (
	"runtime"

	"batch/orrery"
)

var counts map[int]int

func reset() {
	counts = map[int]int{}
}

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Cells: reset}

func counter(t *orrery.Task, n int, m *orrery.Mutex) error {
	for range 2 {
		m.Lock()
		counts2 := counts
		if !orrery.Has(counts2, n) && len(counts2) >= 2 {
			return orrery.Fail("AssertFailed", "map at counter/0.body.2 went beyond its max")
		}
		counts2[n] = orrery.Add(orrery.Get(counts2, n, 0), 1)
		m.Unlock()
		runtime.Gosched()
	}
	return nil
}

func program(t *orrery.Task) error {
	m := &orrery.Mutex{}
	if err := t.ScopeErr(func() error {
		for n := range 2 {
			t.GoErr("counter", func(t *orrery.Task) error { return counter(t, n, m) })
		}
		return nil
	}); err != nil {
		return err
	}
	counts2 := counts
	for n, times := range orrery.Sorted(counts2) {
		t.Log("main/3.body.0", "{0} {1} {2}", n, times, orrery.Add(times, 1))
	}
	if !orrery.Has(counts2, 1) && len(counts2) >= 2 {
		return orrery.Fail("AssertFailed", "map at main/4 went beyond its max")
	}
	counts2[1] = 20
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if !orrery.Has(counts2, 2) && len(counts2) >= 2 {
			return orrery.Fail("AssertFailed", "map at main/5.body.0 went beyond its max")
		}
		counts2[2] = 30
		return nil
	}()
	if orrery.Is(caught, "AssertFailed") {
		t.Log("main/5.catch0.0", "full: {0}", counts2)
	} else if caught != nil {
		return caught
	}
	c := make(chan map[int]int, 1)
	c <- counts2
	sent := <-c
	sent[7] = 70
	t.Log("main/10", "{0} {1}", len(counts2), orrery.GetOrNone(counts2, 7))
	missing := orrery.GetOrNone(counts2, 9)
	caught2 := func() (err error) {
		defer orrery.Recover(&err)
		counts2[orrery.Int(missing)] = 1
		return nil
	}()
	if orrery.Is(caught2, "NoneDeref") {
		t.Log("main/12.catch0.0", "no key")
	} else if caught2 != nil {
		return caught2
	}
	return nil
}
