// A monitor entered again, left while its owner waits, and entered by who is cancelled.
package Monitors

import (
	"runtime"
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func inner(t *orrery.Task, m *orrery.Monitor, n int) {
	m.Within(t, func() {
		t.Log("inner/0.body.0", "{0} inside twice", n)
		m.Notify(t)
	})
}

func user(t *orrery.Task, m *orrery.Monitor, n int) error {
	if err := m.WithinErr(t, func() error {
		t.Log("user/0.body.0", "{0} inside", n)
		runtime.Gosched()
		inner(t, m, n)
		ok, err := m.WaitForOrCancel(t, 20*time.Millisecond)
		if err != nil {
			return err
		}
		t.Log("user/0.body.4", "{0} {1}", n, ok)
		return nil
	}); err != nil {
		return err
	}
	t.Log("user/1", "{0} outside", n)
	return nil
}

func late(t *orrery.Task, m *orrery.Monitor) error {
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if err := m.WithinErr(t, func() error {
			asked := t.IsCancelled()
			t.Log("late/0.body.0.body.1", "late inside {0}", asked)
			if err := m.WaitOrCancel(t); err != nil {
				return err
			}
			t.Log("late/0.body.0.body.3", "never")
			return nil
		}); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught, "Cancelled") {
		t.Log("late/0.catch0.0", "late cancelled")
	} else if caught != nil {
		return caught
	}
	return nil
}

func program(t *orrery.Task) error {
	m := &orrery.Monitor{}
	if err := t.ScopeErr(func() error {
		for n := range 4 {
			t.GoErr("user", func(t *orrery.Task) error { return user(t, m, n) })
		}
		return nil
	}); err != nil {
		return err
	}
	tasks := []*orrery.Task{}
	if err := m.WithinErr(t, func() error {
		l := t.GoErr("late", func(t *orrery.Task) error { return late(t, m) })
		tasks = append(tasks, l)
		if err := t.Sleep(time.Millisecond); err != nil {
			return err
		}
		l.Cancel()
		if err := t.Sleep(time.Millisecond); err != nil {
			return err
		}
		t.Log("main/3.body.5", "main leaves")
		return nil
	}); err != nil {
		return err
	}
	if _, err := orrery.JoinAll[any](t, tasks); err != nil {
		return err
	}
	caught := func() (err error) {
		defer orrery.Recover(&err)
		m.NotifyAll(t)
		return nil
	}()
	if orrery.Is(caught, "UnlockOfUnlocked") {
		t.Log("main/5.catch0.0", "not the owner")
	} else if caught != nil {
		return caught
	}
	return nil
}
