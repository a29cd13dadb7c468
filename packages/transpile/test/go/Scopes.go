// A sample.
package Scopes

import (
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Select: orrery.First}

func ok(t *orrery.Task, n int) (int, error) {
	if err := t.Sleep(5 * time.Millisecond); err != nil {
		return 0, err
	}
	t.Log("ok/1", "ok {0}", n)
	return n, nil
}

func bad(t *orrery.Task) error {
	if err := t.Sleep(2 * time.Millisecond); err != nil {
		return err
	}
	t.Log("bad/1", "bad")
	return orrery.Fail("User:x")
}

func stub(t *orrery.Task) error {
	caught := func() (err error) {
		defer orrery.Recover(&err)
		caught2 := func() (err error) {
			defer orrery.Recover(&err)
			if err := t.Sleep(50 * time.Millisecond); err != nil {
				return err
			}
			return nil
		}()
		if orrery.Is(caught2, "Cancelled") {
			t.Log("stub/0.catch0.0", "cancelled")
			return t.Cancelled()
		} else if caught2 != nil {
			return caught2
		}
		return nil
	}()
	t.Log("stub/0.finally.0", "fin")
	if caught != nil {
		return caught
	}
	return nil
}

func program(t *orrery.Task) error {
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if err := t.FailFast(func() error {
			t.GoErr("stub", stub)
			t.GoErr("bad", bad)
			if err := t.Sleep(100 * time.Millisecond); err != nil {
				return err
			}
			t.Log("main/0.body.0.body.3", "never")
			return nil
		}); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught, "TaskFailed") {
		t.Log("main/0.catch0.0", "tf")
	} else if caught != nil {
		return caught
	}
	caught2 := func() (err error) {
		defer orrery.Recover(&err)
		if err := t.ScopeErr(func() error {
			t.GoValue("ok", func(t *orrery.Task) (any, error) { return ok(t, 1) })
			t.GoErr("bad", bad)
			t.Log("main/1.body.0.body.2", "in")
			return nil
		}); err != nil {
			return err
		}
		return nil
	}()
	if caught2 != nil {
		t.Log("main/1.catch0.0", "tf2")
	}
	w, err := orrery.Race[any](t, func() error {
		t.GoValue("ok", func(t *orrery.Task) (any, error) { return ok(t, 5) })
		t.GoErr("stub", stub)
		return nil
	})
	if err != nil {
		return err
	}
	t.Log("main/3", "w {0}", w)
	w2, err := orrery.RaceAndLeave[any](t, func() error {
		t.GoValue("ok", func(t *orrery.Task) (any, error) { return ok(t, 6) })
		t.GoErr("stub", stub)
		return nil
	})
	if err != nil {
		return err
	}
	t.Log("main/5", "w2 {0}", orrery.Add(orrery.Int(w2), 1))
	caught3 := func() (err error) {
		defer orrery.Recover(&err)
		if _, err := orrery.Race[any](t, func() error {
			t.GoErr("bad", bad)
			return nil
		}); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught3, "TaskFailed") {
		t.Log("main/6.catch0.0", "race failed")
	} else if caught3 != nil {
		return caught3
	}
	for k := range 3 {
		broken := false
		if err := t.ScopeErr(func() error {
			t.GoValue("ok", func(t *orrery.Task) (any, error) { return ok(t, k) })
			if k == 1 {
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
