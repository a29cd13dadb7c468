// Waits that end in time, or in vain.
package PlainTimes

import (
	"runtime"
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func holder(t *orrery.Task, m *orrery.TimedMutex, s *orrery.Semaphore) {
	m.Lock()
	s.Acquire(2)
	time.Sleep(60 * time.Millisecond)
	s.Release(2)
	m.Unlock()
}

func impatient(t *orrery.Task, m *orrery.TimedMutex, s *orrery.Semaphore, d int) {
	locked := m.LockFor(t, time.Duration(d))
	t.Log("impatient/1", "{0}", locked)
	if locked {
		m.Unlock()
	}
	acquired := s.AcquireFor(t, 2, time.Duration(d))
	t.Log("impatient/4", "{0}", acquired)
	if acquired {
		s.Release(2)
	}
}

func waiter(t *orrery.Task, m *orrery.TimedMutex, c *orrery.TimedCond, d int) {
	m.Lock()
	signalled := c.WaitFor(t, time.Duration(d))
	t.Log("waiter/2", "{0}", signalled)
	m.Unlock()
}

func program(t *orrery.Task) error {
	m := &orrery.TimedMutex{}
	s := orrery.NewSemaphore(3)
	other := &orrery.TimedMutex{}
	c := orrery.NewTimedCond(other)
	t.Scope(func() {
		t.Go("holder", func(t *orrery.Task) { holder(t, m, s) })
		runtime.Gosched()
		t.Go("impatient", func(t *orrery.Task) { impatient(t, m, s, 20*orrery.Millisecond) })
		t.Go("impatient", func(t *orrery.Task) { impatient(t, m, s, 90*orrery.Millisecond) })
		t.Go("waiter", func(t *orrery.Task) { waiter(t, other, c, 10*orrery.Millisecond) })
		t.Go("waiter", func(t *orrery.Task) { waiter(t, other, c, orrery.Second) })
		t.Go("waiter", func(t *orrery.Task) { waiter(t, other, c, orrery.Second) })
		time.Sleep(30 * time.Millisecond)
		c.Signal()
		runtime.Gosched()
		c.Broadcast()
	})
	return nil
}
