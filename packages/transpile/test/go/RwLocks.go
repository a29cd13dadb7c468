// Readers, writers, and a writer that gives up.
package RwLocks

import (
	"runtime"
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func reader(t *orrery.Task, l *orrery.CancelRWMutex, n int) error {
	if err := l.RLock(t); err != nil {
		return err
	}
	t.Log("reader/1", "r{0} in", n)
	if err := t.Sleep(5 * time.Millisecond); err != nil {
		return err
	}
	t.Log("reader/3", "r{0} out", n)
	l.RUnlock()
	return nil
}

func writer(t *orrery.Task, l *orrery.CancelRWMutex, n int) error {
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if err := l.Lock(t); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught, "Cancelled") {
		t.Log("writer/0.catch0.0", "w{0} gives up", n)
		return nil
	} else if caught != nil {
		return caught
	}
	t.Log("writer/1", "w{0} in", n)
	runtime.Gosched()
	t.Log("writer/3", "w{0} out", n)
	l.Unlock()
	return nil
}

func program(t *orrery.Task) error {
	l := &orrery.CancelRWMutex{}
	if err := l.RLock(t); err != nil {
		return err
	}
	tasks := []*orrery.Task{}
	w0 := t.GoErr("writer", func(t *orrery.Task) error { return writer(t, l, 0) })
	tasks = append(tasks, w0)
	for n := range 3 {
		r := t.GoErr("reader", func(t *orrery.Task) error { return reader(t, l, n) })
		tasks = append(tasks, r)
	}
	w1 := t.GoErr("writer", func(t *orrery.Task) error { return writer(t, l, 1) })
	tasks = append(tasks, w1)
	r3 := t.GoErr("reader", func(t *orrery.Task) error { return reader(t, l, 3) })
	tasks = append(tasks, r3)
	if err := t.Sleep(2 * time.Millisecond); err != nil {
		return err
	}
	t.Log("main/11", "main out")
	l.RUnlock()
	if _, err := orrery.JoinAll[any](t, tasks); err != nil {
		return err
	}
	if err := l.RLock(t); err != nil {
		return err
	}
	w2 := t.GoErr("writer", func(t *orrery.Task) error { return writer(t, l, 2) })
	r4 := t.GoErr("reader", func(t *orrery.Task) error { return reader(t, l, 4) })
	if err := t.Sleep(2 * time.Millisecond); err != nil {
		return err
	}
	w2.Cancel()
	if _, err := orrery.JoinAll[any](t, []*orrery.Task{w2, r4}); err != nil {
		return err
	}
	l.RUnlock()
	caught := func() (err error) {
		defer orrery.Recover(&err)
		l.RUnlock()
		return nil
	}()
	if orrery.Is(caught, "UnlockOfUnlocked") {
		t.Log("main/21.catch0.0", "unlocked")
	} else if caught != nil {
		return caught
	}
	return nil
}
