// Signals with and without the mutex, waits that end in time, in vain or cancelled.
package Conditions

import (
	"runtime"
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func waiter(t *orrery.Task, m *orrery.CancelMutex, c *orrery.TimedCond, n int) error {
	if err := m.Lock(t); err != nil {
		return err
	}
	caught := func() (err error) {
		defer orrery.Recover(&err)
		caught2 := func() (err error) {
			defer orrery.Recover(&err)
			if err := c.WaitOrCancel(t); err != nil {
				return err
			}
			t.Log("waiter/1.body.1", "w{0} signalled", n)
			runtime.Gosched()
			t.Log("waiter/1.body.3", "w{0} leaves", n)
			return nil
		}()
		if orrery.Is(caught2, "Cancelled") {
			t.Log("waiter/1.catch0.0", "w{0} cancelled", n)
		} else if caught2 != nil {
			return caught2
		}
		return nil
	}()
	m.Unlock()
	if caught != nil {
		return caught
	}
	caught2 := func() (err error) {
		defer orrery.Recover(&err)
		if err := t.Check(); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught2, "Cancelled") {
		t.Log("waiter/2.catch0.0", "w{0} hears late", n)
	} else if caught2 != nil {
		return caught2
	}
	return nil
}

func timed(t *orrery.Task, m *orrery.CancelMutex, c *orrery.TimedCond, wait int, n int) error {
	if err := m.Lock(t); err != nil {
		return err
	}
	ok, err := c.WaitForOrCancel(t, time.Duration(wait))
	if err != nil {
		return err
	}
	t.Log("timed/2", "t{0} {1}", n, ok)
	m.Unlock()
	return nil
}

func program(t *orrery.Task) error {
	m := &orrery.CancelMutex{}
	c := orrery.NewTimedCond(m)
	tasks := []*orrery.Task{}
	for n := range 7 {
		t2 := t.GoErr("waiter", func(t *orrery.Task) error { return waiter(t, m, c, n) })
		tasks = append(tasks, t2)
	}
	if err := t.Sleep(2 * time.Millisecond); err != nil {
		return err
	}
	c.Signal()
	t.Log("main/6", "one")
	if err := t.Sleep(2 * time.Millisecond); err != nil {
		return err
	}
	if err := m.Lock(t); err != nil {
		return err
	}
	c.Signal()
	c.Signal()
	t.Log("main/11", "two, locked")
	if err := t.Sleep(2 * time.Millisecond); err != nil {
		return err
	}
	m.Unlock()
	if err := t.Sleep(2 * time.Millisecond); err != nil {
		return err
	}
	for _, t2 := range tasks {
		t2.Cancel()
	}
	c.Signal()
	c.Broadcast()
	if _, err := orrery.JoinAll[any](t, tasks); err != nil {
		return err
	}
	if err := t.ScopeErr(func() error {
		for n := range 3 {
			t.GoErr("timed", func(t *orrery.Task) error { return timed(t, m, c, 40*orrery.Millisecond, n) })
		}
		t.GoErr("timed", func(t *orrery.Task) error { return timed(t, m, c, orrery.Second, 3) })
		if err := t.Sleep(time.Millisecond); err != nil {
			return err
		}
		c.Signal()
		if err := t.Sleep(80 * time.Millisecond); err != nil {
			return err
		}
		c.Broadcast()
		return nil
	}); err != nil {
		return err
	}
	last := t.GoErr("waiter", func(t *orrery.Task) error { return waiter(t, m, c, 9) })
	if err := t.Sleep(time.Millisecond); err != nil {
		return err
	}
	c.Signal()
	last.Cancel()
	if err := t.Join(last); err != nil {
		return err
	}
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if err := c.WaitOrCancel(t); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught, "UnlockOfUnlocked") {
		t.Log("main/25.catch0.0", "unlocked")
	} else if caught != nil {
		return caught
	}
	return nil
}
