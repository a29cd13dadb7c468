// A once that fails, an event, a barrier, a monitor.
package PlainTogether

import (
	"runtime"
	"time"

	"batch/orrery"
)

var full int

func reset() {
	full = 0
}

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Cells: reset}

func fails(t *orrery.Task, n int) (int, error) {
	t.Log("fails/0", "first {0}", n)
	time.Sleep(5 * time.Millisecond)
	return 0, orrery.Fail("User:broken")
}

func party(t *orrery.Task, o *orrery.Once, e *orrery.Event, r *orrery.Barrier, n int) error {
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if err := o.DoErr(func() error { _, err := fails(t, n); return err }); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught, "User:broken") {
		t.Log("party/0.catch0.0", "broken")
	} else if caught != nil {
		return caught
	}
	e.Wait()
	t.Log("party/2", "set")
	for i := range 2 {
		r.Wait()
		t.Log("party/3.body.1", "round {0}", i)
	}
	return nil
}

func take(t *orrery.Task, m *orrery.Monitor) (err error) {
	var deferred orrery.Deferred
	defer deferred.Run(&err)
	for i := range 2 {
		broken := false
		if err := m.WithinErr(t, func() error {
			deferred.Add(func() error {
				t.Log("take/0.body.0.body.0.body.0", "end")
				return nil
			})
			now := full
			n := now
			turns := 0
			for n == 0 {
				if turns++; turns > 9 {
					return orrery.Fail("AssertFailed", "loop at take/0.body.0.body.3 went beyond its bound")
				}
				m.Wait(t)
				again := full
				n = again
			}
			full = orrery.Sub(n, 1)
			if i > 0 {
				broken = true
				return nil
			}
			return nil
		}); err != nil {
			return err
		}
		if broken {
			break
		}
	}
	return nil
}

func program(t *orrery.Task) error {
	o := &orrery.Once{}
	e := orrery.NewEvent()
	r := orrery.NewBarrier(3)
	m := &orrery.Monitor{}
	if err := t.ScopeErr(func() error {
		for n := range 3 {
			t.GoErr("party", func(t *orrery.Task) error { return party(t, o, e, r, n) })
		}
		t.GoErr("take", func(t *orrery.Task) error { return take(t, m) })
		time.Sleep(20 * time.Millisecond)
		e.Set()
		e.Set()
		t.Shield(func() {
			runtime.Gosched()
		})
		m.Within(t, func() {
			m.Within(t, func() {
				full = 2
				m.NotifyAll(t)
			})
		})
		return nil
	}); err != nil {
		return err
	}
	never := &orrery.Token{}
	_ = never
	{
		t.Log("main/6.body.0", "nobody cancels this")
	}
	return nil
}
