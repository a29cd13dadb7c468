// Handlers of promises beside tasks that await them, and queued calls.
package Handlers

import (
	"runtime"
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Computes: true}

func child(t *orrery.Task, v int) {
	t.Log("child/0", "child {0}", v)
}

func plus(t *orrery.Task, by int, v int) int {
	t.Log("plus/0", "{0} + {1}", v, by)
	return orrery.Add(v, by)
}

func spawning(t *orrery.Task, v int) {
	t.Go("child", func(t *orrery.Task) { child(t, v) })
	t.CPU(100 * time.Microsecond)
	t.Log("spawning/2", "spawned")
}

func failing(t *orrery.Task, v int) (int, error) {
	t.Log("failing/0", "fails with {0}", v)
	return 0, orrery.Fail("User:broken")
}

func adopting(t *orrery.Task, inner *orrery.Promise[int], v int) *orrery.Promise[int] {
	t.Log("adopting/0", "adopts after {0}", v)
	return inner
}

func waiting(t *orrery.Task, p *orrery.Promise[int], n int) error {
	caught := func() (err error) {
		defer orrery.Recover(&err)
		v, err := p.AwaitErr(t)
		if err != nil {
			return err
		}
		t.Log("waiting/0.body.1", "task {0}: {1}", n, v)
		return nil
	}()
	if orrery.Is(caught, "User:broken") {
		t.Log("waiting/0.catch0.0", "task {0}: broken", n)
	} else if caught != nil {
		return caught
	}
	return nil
}

func note(t *orrery.Task, n int) {
	t.Log("note/0", "note {0}", n)
}

func noting(t *orrery.Task, n int) {
	t.Log("noting/0", "noting {0}", n)
	n2 := orrery.Add(n, 10)
	t.Callback("note", func(t *orrery.Task) { note(t, n2) })
	n3 := orrery.Add(n, 20)
	t.AfterFunc(time.Millisecond, "note", func(t *orrery.Task) { note(t, n3) })
}

func program(t *orrery.Task) error {
	p := orrery.NewPromise[int]()
	inner := orrery.NewPromise[int]()
	if err := t.ScopeErr(func() error {
		t.GoErr("waiting", func(t *orrery.Task) error { return waiting(t, p, 0) })
		runtime.Gosched()
		q := orrery.OnResolve(t, p, "plus", func(t *orrery.Task, value int) (int, error) { return plus(t, 1, value), nil })
		r := orrery.OnResolve(t, q, "plus", func(t *orrery.Task, value2 int) (int, error) { return plus(t, 10, value2), nil })
		orrery.OnResolve(t, p, "spawning", func(t *orrery.Task, value3 int) (any, error) { spawning(t, value3); return nil, nil })
		bad := orrery.OnResolve(t, r, "failing", func(t *orrery.Task, value4 int) (int, error) { return failing(t, value4) })
		passed := orrery.OnResolve(t, bad, "plus", func(t *orrery.Task, value5 int) (int, error) { return plus(t, 3, value5), nil })
		adopted := orrery.OnResolveAgain(t, q, "adopting", func(t *orrery.Task, value6 int) (*orrery.Promise[int], error) { return adopting(t, inner, value6), nil })
		t.GoErr("waiting", func(t *orrery.Task) error { return waiting(t, q, 1) })
		t.GoErr("waiting", func(t *orrery.Task) error { return waiting(t, r, 2) })
		t.GoErr("waiting", func(t *orrery.Task) error { return waiting(t, passed, 3) })
		t.GoErr("waiting", func(t *orrery.Task) error { return waiting(t, adopted, 4) })
		t.GoErr("waiting", func(t *orrery.Task) error { return waiting(t, p, 5) })
		runtime.Gosched()
		p.Resolve(1)
		t.Log("main/2.body.15", "resolved")
		runtime.Gosched()
		t.Log("main/2.body.17", "one turn")
		runtime.Gosched()
		t.Log("main/2.body.19", "two turns")
		inner.Resolve(5)
		return nil
	}); err != nil {
		return err
	}
	orrery.OnResolve(t, p, "plus", func(t *orrery.Task, value int) (any, error) { return plus(t, 100, value), nil })
	t.Callback("note", func(t *orrery.Task) { note(t, 1) })
	t.Callback("note", func(t *orrery.Task) { note(t, 2) })
	t.Callback("noting", func(t *orrery.Task) { noting(t, 3) })
	t.Callback("note", func(t *orrery.Task) { note(t, 4) })
	t.Log("main/8", "queued")
	time.Sleep(50 * time.Millisecond)
	t.Callback("noting", func(t *orrery.Task) { noting(t, 5) })
	t.Log("main/11", "main ends")
	return nil
}
