// A sample.
package promises

import (
	"runtime"
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Computes: true, Select: orrery.First}

func nap(t *orrery.Task, n int) (int, error) {
	time.Sleep(time.Duration(orrery.Mul(n, 5*orrery.Millisecond)))
	t.Log("nap/1", "nap {0}", n)
	if n == 3 {
		return 0, orrery.Fail("User:three", "m")
	}
	return n, nil
}

func res(t *orrery.Task, p *orrery.Promise[string]) {
	x := p.Await()
	t.Log("res/1", "{0}", x)
}

func program(t *orrery.Task) error {
	p := orrery.NewPromise[string]()
	t.Go("res", func(t *orrery.Task) { res(t, p) })
	t.Go("res", func(t *orrery.Task) { res(t, p) })
	t.Go("res", func(t *orrery.Task) { res(t, p) })
	runtime.Gosched()
	p.Resolve("v")
	t.Log("main/6", "resolved")
	runtime.Gosched()
	ts := []*orrery.Task{}
	for k := range 3 {
		t2 := t.GoValue("nap", func(t *orrery.Task) (any, error) { return nap(t, 4-k) })
		ts = append(ts, t2)
	}
	f, err := orrery.JoinFirstSuccess[int](t, ts)
	if err != nil {
		return err
	}
	t.Log("main/11", "{0}", f)
	caught := func() (err error) {
		defer orrery.Recover(&err)
		all, err := orrery.JoinAll[int](t, ts)
		if err != nil {
			return err
		}
		t.Log("main/12.body.1", "{0}", all)
		return nil
	}()
	if orrery.Is(caught, "TaskFailed") {
		t.Log("main/12.catch0.0", "tf")
	} else if caught != nil {
		return caught
	}
	rs := orrery.Must(t.SettleAll(ts))
	for _, r := range rs {
		if r.OK {
			t.Count("ok", 1)
		}
		t.Log("main/14.body.1", "{0}", r)
	}
	t.Log("main/15", "{0}", orrery.At(ts, 0, nil))
	t.OffloadTo(2, time.Millisecond)
	t.DetachErr("nap", func(t *orrery.Task) error { _, err := nap(t, 1); return err })
	return nil
}
