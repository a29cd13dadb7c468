// Handlers that cannot fail; timers that call.
package PlainHandlers

import (
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func double(t *orrery.Task, i int) int {
	return orrery.Mul(i, 2)
}

func say(t *orrery.Task, n int, value int) {
	t.Log("say/0", "{0}: {1}", n, value)
}

func program(t *orrery.Task) error {
	p := orrery.NewPromise[int]()
	value2 := orrery.OnResolve(t, p, "double", func(t *orrery.Task, value int) (int, error) { return double(t, value), nil })
	for n := range 2 {
		next := n + 1
		n2 := next
		orrery.OnResolve(t, value2, "say", func(t *orrery.Task, value3 int) (any, error) { say(t, n2, value3); return nil, nil })
		next = 9
	}
	t.Callback("say", func(t *orrery.Task) { say(t, 0, 0) })
	t2 := t.AfterFunc(30*time.Millisecond, "say", func(t *orrery.Task) { say(t, 3, 3) })
	early := t2.Stop()
	pending := t2.Reset(10 * time.Millisecond)
	t.Log("main/7", "{0} {1}", early, pending)
	p.Resolve(21)
	time.Sleep(60 * time.Millisecond)
	fired := t2.Reset(5 * time.Millisecond)
	doubled := value2.Await()
	t.Log("main/12", "{0} {1}", fired, []int{doubled})
	return nil
}
