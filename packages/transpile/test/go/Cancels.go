// Who is cancelled where.
package Cancels

import (
	"runtime"
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Computes: true}

func child(t *orrery.Task, n int) error {
	if err := t.Sleep(5 * time.Millisecond); err != nil {
		return err
	}
	t.Log("child/1", "child {0}", n)
	return nil
}

func turning(t *orrery.Task) error {
	for i := range 3 {
		runtime.Gosched()
		asked := t.IsCancelled()
		t.Log("turning/0.body.2", "turn {0} {1}", i, asked)
	}
	if err := t.Sleep(0); err != nil {
		return err
	}
	t.Log("turning/2", "never")
	return nil
}

func working(t *orrery.Task) error {
	t.Offload(time.Millisecond)
	if err := t.Sleep(0); err != nil {
		return err
	}
	t.Log("working/2", "never")
	return nil
}

func shielded(t *orrery.Task, p *orrery.Promise[int]) error {
	if err := t.ShieldErr(func() error {
		if err := t.FailFast(func() error {
			t.GoErr("child", func(t *orrery.Task) error { return child(t, 0) })
			t.GoErr("child", func(t *orrery.Task) error { return child(t, 1) })
			return nil
		}); err != nil {
			return err
		}
		if err := t.ShieldErr(func() error {
			if err := t.Sleep(time.Millisecond); err != nil {
				return err
			}
			return nil
		}); err != nil {
			return err
		}
		if err := t.Check(); err != nil {
			return err
		}
		t.Log("shielded/0.body.3", "shield ends")
		return nil
	}); err != nil {
		return err
	}
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if _, err := p.AwaitErr(t); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught, "Cancelled") {
		t.Log("shielded/1.catch0.0", "shielded hears of it")
	} else if caught != nil {
		return caught
	}
	if _, err := p.AwaitErr(t); err != nil {
		return err
	}
	t.Log("shielded/3", "and goes on")
	return nil
}

func scoping(t *orrery.Task) error {
	if err := t.ScopeErr(func() error {
		t.GoErr("child", func(t *orrery.Task) error { return child(t, 2) })
		t.GoErr("child", func(t *orrery.Task) error { return child(t, 3) })
		return nil
	}); err != nil {
		return err
	}
	t.Log("scoping/1", "never")
	return nil
}

func never(t *orrery.Task) {
	t.Log("never/0", "never")
}

func again(t *orrery.Task, ch chan int) error {
	for range 2 {
		caught := func() (err error) {
			defer orrery.Recover(&err)
			if _, err := orrery.Recv[int](t, ch); err != nil {
				return err
			}
			return nil
		}()
		if orrery.Is(caught, "Cancelled") {
			t.Log("again/0.body.0.catch0.0", "again")
		} else if caught != nil {
			return caught
		}
	}
	v, err := orrery.Recv[int](t, ch)
	if err != nil {
		return err
	}
	t.Log("again/2", "got {0}", v)
	return nil
}

func program(t *orrery.Task) error {
	p := orrery.NewPromise[int]()
	ch := make(chan int)
	tasks := []*orrery.Task{}
	turns := t.GoErr("turning", turning)
	tasks = append(tasks, turns)
	works := t.GoErr("working", working)
	tasks = append(tasks, works)
	shields := t.GoErr("shielded", func(t *orrery.Task) error { return shielded(t, p) })
	tasks = append(tasks, shields)
	scopes := t.GoErr("scoping", scoping)
	tasks = append(tasks, scopes)
	a := t.GoErr("again", func(t *orrery.Task) error { return again(t, ch) })
	tasks = append(tasks, a)
	runtime.Gosched()
	n := t.Go("never", never)
	tasks = append(tasks, n)
	for _, t2 := range tasks {
		t2.Cancel()
	}
	if err := t.Sleep(50 * time.Millisecond); err != nil {
		return err
	}
	a.Cancel()
	if err := orrery.Send[int](t, ch, 1); err != nil {
		return err
	}
	if err := t.Sleep(time.Millisecond); err != nil {
		return err
	}
	p.Resolve(7)
	ends, err := t.SettleAll(tasks)
	if err != nil {
		return err
	}
	t.Log("main/23", "{0}", ends)
	return nil
}
