// A sample.
package Dead

import (
	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Select: orrery.First}

func w(t *orrery.Task, m *orrery.Mutex) {
	m.Lock()
	t.Log("w/1", "never")
}

func program(t *orrery.Task) error {
	m := &orrery.Mutex{}
	m.Lock()
	t2 := t.Go("w", func(t *orrery.Task) { w(t, m) })
	t.Log("main/3", "a")
	t2.Wait()
	return nil
}
