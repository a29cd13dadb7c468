// A sample.
package Misc

import (
	"runtime"
	"time"

	"batch/orrery"
)

var cell int
var cells []bool
var h chan any

func reset() {
	cell = 3
	cells = make([]bool, 4)
	for i := range cells {
		cells[i] = true
	}
	h = nil
}

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Cells: reset, Files: []int{100}, Computes: true, Select: orrery.First}

func fib(t *orrery.Task, n int) int {
	t.Enter()
	defer t.Leave()
	if n < 2 {
		return n
	}
	a := fib(t, orrery.Sub(n, 1))
	b := fib(t, orrery.Sub(n, 2))
	return orrery.Add(a, b)
}

func deep(t *orrery.Task, n int) {
	t.Enter()
	defer t.Leave()
	deep(t, orrery.Add(n, 1))
}

func f(t *orrery.Task, p *orrery.Promise[int]) (int, error) {
	x, err := p.AwaitErr(t)
	if err != nil {
		return 0, err
	}
	t.Log("f/1", "got {0}", x)
	return t.Index(), nil
}

func program(t *orrery.Task) error {
	x := fib(t, 10)
	t.Log("main/1", "{0}", x)
	cell2 := cell
	cells[2] = false
	y := cells[cell2]
	t.Log("main/5", "{0} {1}", cell2, y)
	hh := h
	t.Log("main/7", "{0}", hh == nil)
	caught := func() (err error) {
		defer orrery.Recover(&err)
		_ = cells[orrery.Add(cell2, 1)]
		t.Log("main/8.body.1", "no")
		return nil
	}()
	if orrery.Is(caught, "NoneDeref") {
		t.Log("main/8.catch0.0", "nd")
	} else if caught != nil {
		return caught
	}
	caught2 := func() (err error) {
		defer orrery.Recover(&err)
		_ = orrery.Mul(9_007_199_254_740_991, x)
		t.Log("main/9.body.1", "no")
		return nil
	}()
	if orrery.Is(caught2, "Overflow") {
		t.Log("main/9.catch0.0", "of")
	} else if caught2 != nil {
		return caught2
	}
	caught3 := func() (err error) {
		defer orrery.Recover(&err)
		deep(t, 0)
		return nil
	}()
	if orrery.Is(caught3, "DepthExceeded") {
		t.Log("main/10.catch0.0", "de")
	} else if caught3 != nil {
		return caught3
	}
	p := orrery.NewPromise[int]()
	t1 := t.GoValue("f", func(t *orrery.Task) (any, error) { return f(t, p) })
	t2 := t.GoValue("f", func(t *orrery.Task) (any, error) { return f(t, p) })
	runtime.Gosched()
	p.Resolve(4)
	rs, err := orrery.JoinAll[int](t, []*orrery.Task{t1, t2})
	if err != nil {
		return err
	}
	t.Log("main/17", "{0}", rs)
	r1, err := orrery.JoinAny[int](t, []*orrery.Task{t1, t2})
	if err != nil {
		return err
	}
	t.Log("main/19", "{0}", r1)
	q := orrery.NewPromise[string]()
	q.Reject("User:z")
	q.Resolve("s")
	caught4 := func() (err error) {
		defer orrery.Recover(&err)
		if _, err := q.AwaitErr(t); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught4, "User:y") {
	} else if orrery.Is(caught4, "User:z", "Timeout") {
		t.Log("main/23.catch1.0", "uz")
	} else if caught4 != nil {
		return caught4
	}
	at := orrery.NewAtomic(5)
	av := at.Add(2)
	cas := at.CompareAndSwap(7, 1)
	al := at.Load()
	at.Store(0)
	t.Log("main/29", "{0} {1} {2}", av, cas, al)
	m := &orrery.Mutex{}
	m.Lock()
	tl := m.TryLock()
	m.Unlock()
	caught5 := func() (err error) {
		defer orrery.Recover(&err)
		m.Unlock()
		return nil
	}()
	if orrery.Is(caught5, "UnlockOfUnlocked") {
		t.Log("main/34.catch0.0", "uu {0}", tl)
	} else if caught5 != nil {
		return caught5
	}
	sm := orrery.NewSemaphore(2)
	sm.Acquire(2)
	sm.Release(2)
	g := &orrery.Group{}
	g.Add(1)
	g.Done()
	g.Wait()
	caught6 := func() (err error) {
		defer orrery.Recover(&err)
		g.Done()
		return nil
	}()
	if orrery.Is(caught6, "NegativeGroup") {
		t.Log("main/42.catch0.0", "ng")
	} else if caught6 != nil {
		return caught6
	}
	ls := []any{}
	ls = append(ls, 1)
	ls = append(ls, "x")
	ls[0] = true
	for _, e := range ls {
		t.Log("main/47.body.0", "{0}", e)
	}
	t.Log("main/48", "{0} {1}", orrery.At(ls, 5, 8), len(ls))
	switch orrery.At(ls, 1, nil) {
	case 1:
		t.Log("main/49.case0.0", "one")
	case "x":
		t.Log("main/49.case1.0", "ex")
	default:
		t.Log("main/49.otherwise.0", "o")
	}
	turns := 0
outer:
	for {
		if turns++; turns > 3 {
			return orrery.Fail("AssertFailed", "loop at main/50 went beyond its bound")
		}
		for r := range 2 {
			t.Log("main/50.body.0.body.0", "r{0}", r)
			switch "a" {
			case "a":
				break outer
			}
		}
	}
	caught7 := func() (err error) {
		defer orrery.Recover(&err)
		turns2 := 0
		for 1 == 1 {
			if turns2++; turns2 > 2 {
				return orrery.Fail("AssertFailed", "loop at main/51.body.0 went beyond its bound")
			}
			t.Log("main/51.body.0.body.0", "w")
		}
		return nil
	}()
	if orrery.Is(caught7, "AssertFailed") {
		t.Log("main/51.catch0.0", "bound")
	} else if caught7 != nil {
		return caught7
	}
	caught8 := func() (err error) {
		defer orrery.Recover(&err)
		if !false {
			return orrery.Fail("AssertFailed", "m")
		}
		return nil
	}()
	if caught8 != nil {
		t.Log("main/52.catch0.0", "af")
	}
	t.CPU(time.Millisecond)
	t.Block(time.Millisecond)
	t.Offload(time.Millisecond)
	t.ReadSlowFile(100, time.Millisecond)
	t.StatFile()
	t.Expect(true, "e")
	t.Mark("k")
	t.Measure("k", 3)
	t.Gauge("gg", 3)
	t.Count("cc", 2)
	ch := t.Choose(100)
	t.Log("main/64", "{0}", ch)
	t.Log("main/65", "{0} {1}", -x/2, -x%2)
	return nil
}
