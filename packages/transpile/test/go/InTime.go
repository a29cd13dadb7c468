// A lock and permits that are waited for so long.
package InTime

import (
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func user(t *orrery.Task, m *orrery.CancelMutex, s *orrery.Semaphore, wait int, n int) error {
	locked, err := m.LockFor(t, time.Duration(wait))
	if err != nil {
		return err
	}
	t.Log("user/1", "{0} locked {1}", n, locked)
	if locked {
		if err := t.Sleep(150 * time.Millisecond); err != nil {
			return err
		}
		m.Unlock()
	}
	got, err := s.AcquireForOrCancel(t, 2, time.Duration(wait))
	if err != nil {
		return err
	}
	t.Log("user/4", "{0} got {1}", n, got)
	if got {
		if err := t.Sleep(20 * time.Millisecond); err != nil {
			return err
		}
		s.Release(2)
	}
	return nil
}

func program(t *orrery.Task) error {
	m := &orrery.CancelMutex{}
	s := orrery.NewSemaphore(3)
	tasks := []*orrery.Task{}
	for n := range 3 {
		a := t.GoErr("user", func(t *orrery.Task) error { return user(t, m, s, 50*orrery.Millisecond, n) })
		tasks = append(tasks, a)
	}
	for n := range 3 {
		b := t.GoErr("user", func(t *orrery.Task) error { return user(t, m, s, orrery.Second, n+3) })
		tasks = append(tasks, b)
	}
	c := t.GoErr("user", func(t *orrery.Task) error { return user(t, m, s, 0, 6) })
	tasks = append(tasks, c)
	if err := t.Sleep(time.Millisecond); err != nil {
		return err
	}
	tasks[4].Cancel()
	ends, err := t.SettleAll(tasks)
	if err != nil {
		return err
	}
	t.Log("main/10", "{0}", ends)
	return nil
}
