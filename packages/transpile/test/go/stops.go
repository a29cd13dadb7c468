// A sample.
package stops

import (
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Select: orrery.First}

func nap(t *orrery.Task, n int) (int, error) {
	if err := t.Sleep(time.Duration(orrery.Mul(n, 5*orrery.Millisecond))); err != nil {
		return 0, err
	}
	t.Log("nap/1", "nap {0}", n)
	if n == 3 {
		return 0, orrery.Fail("User:three", "m")
	}
	return n, nil
}

func waits(t *orrery.Task, c chan int, m *orrery.CancelMutex, g *orrery.CancelGroup, s *orrery.Semaphore, p *orrery.Promise[any], k int) error {
	caught := func() (err error) {
		defer orrery.Recover(&err)
		switch k {
		case 0:
			x, err := orrery.Recv[int](t, c)
			if err != nil {
				return err
			}
			t.Log("waits/0.body.0.case0.1", "{0}", x)
		case 1:
			if err := m.Lock(t); err != nil {
				return err
			}
		case 2:
			if err := g.Wait(t); err != nil {
				return err
			}
		case 3:
			if err := s.AcquireOrCancel(t, 2); err != nil {
				return err
			}
		case 4:
			y, err := p.AwaitErr(t)
			if err != nil {
				return err
			}
			t.Log("waits/0.body.0.case4.1", "{0}", y)
		case 5:
			for {
				r, ok, err := orrery.RecvOk[int](t, c)
				if err != nil {
					return err
				}
				if !ok {
					break
				}
				t.Log("waits/0.body.0.case5.0.body.0", "{0}", r)
			}
		case 6:
			var q int
			taken, err := t.SelectTimeoutOrCancel(500*time.Millisecond, orrery.OnRecv[int](c, &q, nil))
			if err != nil {
				return err
			}
			switch taken {
			case 0:
				t.Log("waits/0.body.0.case6.0.case0.0", "{0}", q)
			case orrery.None:
			}
		case 7:
			if err := orrery.Send[int](t, c, 1); err != nil {
				return err
			}
		}
		return nil
	}()
	if orrery.Is(caught, "Cancelled") {
		t.Log("waits/0.catch0.0", "cancelled {0}", k)
		return t.Cancelled()
	} else if caught != nil {
		return caught
	}
	return nil
}

func program(t *orrery.Task) error {
	c := make(chan int)
	m := &orrery.CancelMutex{}
	g := &orrery.CancelGroup{}
	g.Add(1)
	s := orrery.NewSemaphore(1)
	p := orrery.NewPromise[any]()
	if err := m.Lock(t); err != nil {
		return err
	}
	w, err := orrery.Race[any](t, func() error {
		t.GoValue("nap", func(t *orrery.Task) (any, error) { return nap(t, 2) })
		for k := range 8 {
			if k != 7 {
				t.GoErr("waits", func(t *orrery.Task) error { return waits(t, c, m, g, s, p, k) })
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	t.Log("main/8", "w {0}", w)
	m.Unlock()
	got := m.TryLock()
	t.Log("main/11", "{0}", got)
	caught := func() (err error) {
		defer orrery.Recover(&err)
		caught2 := func() (err error) {
			defer orrery.Recover(&err)
			if err := t.FailFast(func() error {
				t.GoValue("nap", func(t *orrery.Task) (any, error) { return nap(t, 3) })
				t.GoErr("waits", func(t *orrery.Task) error { return waits(t, c, m, g, s, p, 7) })
				if _, err := orrery.Recv[any](t, (chan any)(nil)); err != nil {
					return err
				}
				return nil
			}); err != nil {
				return err
			}
			return nil
		}()
		if orrery.Is(caught2, "TaskFailed") {
			t.Log("main/12.catch0.0", "failed")
		} else if caught2 != nil {
			return caught2
		}
		return nil
	}()
	t.Log("main/12.finally.0", "fin")
	if caught != nil {
		return caught
	}
	caught2 := func() (err error) {
		defer orrery.Recover(&err)
		if err := t.ScopeErr(func() error {
			t.GoErr("waits", func(t *orrery.Task) error { return waits(t, c, m, g, s, p, 1) })
			if err := t.Sleep(2 * time.Millisecond); err != nil {
				return err
			}
			return orrery.Fail("User:x")
		}); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught2, "User:x") {
		t.Log("main/13.catch0.0", "x")
	} else if caught2 != nil {
		return caught2
	}
	return nil
}
