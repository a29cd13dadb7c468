// The outer deadline passes behind a shield, on the way out of the inner one.
package LateDeadline

import (
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func sender(t *orrery.Task, c chan int) error {
	if err := orrery.Send[int](t, c, 0); err != nil {
		return err
	}
	return nil
}

func leaving(t *orrery.Task, e *orrery.Event, c chan int) error {
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if err := t.Deadline(40*time.Millisecond, func() error {
			if err := t.Deadline(time.Millisecond, func() error {
				caught2 := func() (err error) {
					defer orrery.Recover(&err)
					if err := e.WaitOrCancel(t); err != nil {
						return err
					}
					return nil
				}()
				if err := t.ShieldErr(func() error {
					if err := t.Sleep(120 * time.Millisecond); err != nil {
						return err
					}
					return nil
				}); err != nil {
					return err
				}
				if caught2 != nil {
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
	if orrery.Is(caught, "Timeout") {
		t.Log("leaving/0.catch0.0", "too late")
	} else if caught != nil {
		return caught
	}
	v, err := orrery.Recv[int](t, c)
	if err != nil {
		return err
	}
	t.Log("leaving/2", "got {0}", v)
	return nil
}

func program(t *orrery.Task) error {
	e := orrery.NewEvent()
	c := make(chan int)
	t.GoErr("sender", func(t *orrery.Task) error { return sender(t, c) })
	t.GoErr("leaving", func(t *orrery.Task) error { return leaving(t, e, c) })
	return nil
}
