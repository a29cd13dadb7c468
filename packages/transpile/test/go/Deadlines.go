// Deadlines in each other, in a shield, met and missed; tokens.
package Deadlines

import (
	"runtime"
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func worker(t *orrery.Task, k *orrery.Token, n int) error {
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if err := t.Under(k, func() error {
			if err := t.Deadline(80*time.Millisecond, func() error {
				caught2 := func() (err error) {
					defer orrery.Recover(&err)
					if err := t.Sleep(400 * time.Millisecond); err != nil {
						return err
					}
					return nil
				}()
				if orrery.Is(caught2, "Cancelled") {
					t.Log("worker/0.body.0.body.0.body.0.catch0.0", "{0} cleans up", n)
					if err := t.Sleep(4 * time.Millisecond); err != nil {
						return err
					}
					return t.Cancelled()
				} else if caught2 != nil {
					return caught2
				}
				return nil
			}); err != nil {
				return err
			}
			return nil
		}); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught, "Cancelled", "Timeout") {
		t.Log("worker/0.catch0.0", "{0} stops", n)
	} else if caught != nil {
		return caught
	}
	asked := t.IsCancelled()
	t.Log("worker/2", "{0} {1}", n, asked)
	if err := t.Sleep(4 * time.Millisecond); err != nil {
		return err
	}
	return nil
}

func careful(t *orrery.Task, m *orrery.CancelMutex) error {
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if err := t.Deadline(8*time.Millisecond, func() error {
			if err := t.ShieldErr(func() error {
				locked, err := m.LockFor(t, 16*time.Millisecond)
				if err != nil {
					return err
				}
				t.Log("careful/0.body.0.body.0.body.1", "locked {0}", locked)
				if err := t.Sleep(8 * time.Millisecond); err != nil {
					return err
				}
				return nil
			}); err != nil {
				return err
			}
			t.Log("careful/0.body.0.body.1", "out of the shield")
			runtime.Gosched()
			t.Log("careful/0.body.0.body.3", "before the point")
			if err := t.Check(); err != nil {
				return err
			}
			t.Log("careful/0.body.0.body.5", "never")
			return nil
		}); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught, "Timeout") {
		t.Log("careful/0.catch0.0", "careful: timeout")
	} else if caught != nil {
		return caught
	}
	caught2 := func() (err error) {
		defer orrery.Recover(&err)
		if err := t.Deadline(24*time.Millisecond, func() error {
			caught3 := func() (err error) {
				defer orrery.Recover(&err)
				if err := t.Deadline(12*time.Millisecond, func() error {
					if err := t.Sleep(200 * time.Millisecond); err != nil {
						return err
					}
					return nil
				}); err != nil {
					return err
				}
				return nil
			}()
			if orrery.Is(caught3, "Timeout") {
				if err := t.Sleep(200 * time.Millisecond); err != nil {
					return err
				}
			} else if caught3 != nil {
				return caught3
			}
			return nil
		}); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught2, "Timeout") {
		t.Log("careful/1.catch0.0", "outer")
	} else if caught2 != nil {
		return caught2
	}
	if err := t.Deadline(4*time.Millisecond, func() error {
		t.Block(12 * time.Millisecond)
		return nil
	}); err != nil {
		return err
	}
	runtime.Gosched()
	if err := t.Check(); err != nil {
		return err
	}
	t.Log("careful/5", "ended in time for want of a point")
	return nil
}

func program(t *orrery.Task) error {
	k := &orrery.Token{}
	m := &orrery.CancelMutex{}
	if err := m.Lock(t); err != nil {
		return err
	}
	w := t.GoErr("careful", func(t *orrery.Task) error { return careful(t, m) })
	if err := t.Join(w); err != nil {
		return err
	}
	tasks := []*orrery.Task{}
	for n := range 3 {
		t2 := t.GoErr("worker", func(t *orrery.Task) error { return worker(t, k, n) })
		tasks = append(tasks, t2)
	}
	if err := t.Sleep(8 * time.Millisecond); err != nil {
		return err
	}
	tasks[0].Cancel()
	k.Cancel()
	t.Log("main/10", "cancelled")
	late := t.GoErr("worker", func(t *orrery.Task) error { return worker(t, k, 3) })
	tasks = append(tasks, late)
	other := &orrery.Token{}
	alone := t.GoErr("worker", func(t *orrery.Task) error { return worker(t, other, 4) })
	tasks = append(tasks, alone)
	ends, err := t.SettleAll(tasks)
	if err != nil {
		return err
	}
	t.Log("main/17", "{0}", ends)
	return nil
}
