// Who is next?
package FifoLocks

import (
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func visitor(t *orrery.Task, m *orrery.PermitMutex, n int) {
	for i := range 2 {
		m.Lock()
		t.Log("visitor/0.body.1", "{0} in, {1}", n, i)
		m.Unlock()
	}
}

func program(t *orrery.Task) error {
	m := orrery.NewPermitMutex(orrery.NewSemaphore(1))
	c := orrery.NewTimedCond(m)
	tasks := []*orrery.Task{}
	m.Lock()
	for n := range 2 {
		t2 := t.Go("visitor", func(t *orrery.Task) { visitor(t, m, n) })
		tasks = append(tasks, t2)
		time.Sleep(10 * time.Millisecond)
	}
	m.Unlock()
	free := m.TryLock()
	t.Log("main/7", "free {0}", free)
	if !free {
		m.Lock()
	}
	t.Log("main/9", "main in")
	signalled := c.WaitFor(t, 10*time.Millisecond)
	t.Log("main/11", "signalled {0}", signalled)
	m.Unlock()
	orrery.Must(orrery.JoinAll[any](t, tasks))
	return nil
}
