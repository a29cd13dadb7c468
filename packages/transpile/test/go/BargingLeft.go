// Who waits no longer?
package BargingLeft

import (
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func visitor(t *orrery.Task, m *orrery.CancelPermitMutex, n int) error {
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if err := m.Lock(t); err != nil {
			return err
		}
		return nil
	}()
	t.Log("visitor/0.finally.0", "{0} waits no longer", n)
	if caught != nil {
		return caught
	}
	m.Unlock()
	return nil
}

func program(t *orrery.Task) error {
	m := orrery.NewCancelPermitMutex(orrery.NewBargingSemaphore(1))
	if err := m.Lock(t); err != nil {
		return err
	}
	gone := t.GoErr("visitor", func(t *orrery.Task) error { return visitor(t, m, 0) })
	if err := t.Sleep(10 * time.Millisecond); err != nil {
		return err
	}
	patient := t.GoErr("visitor", func(t *orrery.Task) error { return visitor(t, m, 1) })
	if err := t.Sleep(10 * time.Millisecond); err != nil {
		return err
	}
	gone.Cancel()
	if _, err := t.SettleAll([]*orrery.Task{gone}); err != nil {
		return err
	}
	inTime, err := m.LockFor(t, 5*time.Millisecond)
	if err != nil {
		return err
	}
	t.Log("main/9", "in time {0}", inTime)
	m.Unlock()
	if err := m.Lock(t); err != nil {
		return err
	}
	t.Log("main/12", "main in")
	if err := t.Sleep(10 * time.Millisecond); err != nil {
		return err
	}
	m.Unlock()
	if err := t.Join(patient); err != nil {
		return err
	}
	return nil
}
