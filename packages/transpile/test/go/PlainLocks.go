// Readers, writers, signals, broadcasts.
package PlainLocks

import (
	"runtime"
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func reader(t *orrery.Task, l *orrery.RWMutex) {
	for i := range 2 {
		l.RLock()
		t.Log("reader/0.body.1", "in {0}", i)
		runtime.Gosched()
		l.RUnlock()
	}
}

func writer(t *orrery.Task, l *orrery.RWMutex) {
	for i := range 2 {
		l.Lock()
		t.Log("writer/0.body.1", "in {0}", i)
		runtime.Gosched()
		l.Unlock()
		t.Log("writer/0.body.4", "out {0}", i)
	}
}

func waiter(t *orrery.Task, m *orrery.Mutex, c *orrery.Cond) {
	m.Lock()
	c.Wait()
	t.Log("waiter/2", "woken")
	runtime.Gosched()
	m.Unlock()
}

func program(t *orrery.Task) error {
	l := &orrery.RWMutex{}
	m := &orrery.Mutex{}
	c := orrery.NewCond(m)
	t.Scope(func() {
		for range 2 {
			t.Go("reader", func(t *orrery.Task) { reader(t, l) })
			t.Go("writer", func(t *orrery.Task) { writer(t, l) })
		}
		for range 4 {
			t.Go("waiter", func(t *orrery.Task) { waiter(t, m, c) })
		}
		time.Sleep(5 * time.Millisecond)
		c.Signal()
		t.Log("main/3.body.4", "signalled")
		runtime.Gosched()
		m.Lock()
		c.Broadcast()
		t.Log("main/3.body.8", "broadcast")
		m.Unlock()
	})
	caught := func() (err error) {
		defer orrery.Recover(&err)
		l.Unlock()
		return nil
	}()
	if orrery.Is(caught, "UnlockOfUnlocked") {
		c.Wait()
	} else if caught != nil {
		return caught
	}
	return nil
}
