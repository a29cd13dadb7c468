// Once, an event, a barrier.
package Together

import (
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func init2(t *orrery.Task) error {
	t.Log("init/0", "init")
	if err := t.Sleep(2 * time.Millisecond); err != nil {
		return err
	}
	return orrery.Fail("User:broken")
}

func user(t *orrery.Task, o *orrery.Once, e *orrery.Event, r *orrery.Barrier, n int) error {
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if err := o.DoErr(func() error { return init2(t) }); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught, "User:broken") {
		t.Log("user/0.catch0.0", "u{0} broken", n)
	} else if caught != nil {
		return caught
	}
	t.Log("user/1", "u{0} ready", n)
	if err := e.WaitOrCancel(t); err != nil {
		return err
	}
	for round := range 2 {
		t.Log("user/3.body.0", "u{0} comes {1}", n, round)
		if err := r.WaitOrCancel(t); err != nil {
			return err
		}
		t.Log("user/3.body.2", "u{0} goes {1}", n, round)
	}
	return nil
}

func party(t *orrery.Task, r *orrery.Barrier) error {
	if err := r.WaitOrCancel(t); err != nil {
		return err
	}
	t.Log("party/1", "never")
	return nil
}

func program(t *orrery.Task) error {
	o := &orrery.Once{}
	e := orrery.NewEvent()
	r := orrery.NewBarrier(2)
	tasks := []*orrery.Task{}
	for n := range 5 {
		u := t.GoErr("user", func(t *orrery.Task) error { return user(t, o, e, r, n) })
		tasks = append(tasks, u)
	}
	if err := t.Sleep(time.Millisecond); err != nil {
		return err
	}
	tasks[1].Cancel()
	if err := t.Sleep(5 * time.Millisecond); err != nil {
		return err
	}
	p := t.GoErr("party", func(t *orrery.Task) error { return party(t, r) })
	if err := t.Sleep(time.Millisecond); err != nil {
		return err
	}
	p.Cancel()
	gone, err := t.SettleAll([]*orrery.Task{p})
	if err != nil {
		return err
	}
	t.Log("main/12", "{0}", gone)
	e.Set()
	t.Log("main/14", "set")
	ends, err := t.SettleAll(tasks)
	if err != nil {
		return err
	}
	t.Log("main/16", "{0}", ends)
	return nil
}
