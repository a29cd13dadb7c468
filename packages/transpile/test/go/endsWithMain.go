// A sample.
package endsWithMain

import (
	"runtime"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, End: orrery.WithMain, OnFailure: orrery.Ignore}

func deep(t *orrery.Task, n int) int {
	returned := false
	var result int
	for {
		caught := func() (err error) {
			defer orrery.Recover(&err)
			if n > 2 {
				result = n
				returned = true
				return nil
			}
			n = orrery.Add(n, 1)
			return nil
		}()
		t.Log("deep/0.body.0.finally.0", "f {0}", n)
		if caught != nil {
			panic(caught)
		}
		if returned {
			return result
		}
	}
}

func fails(t *orrery.Task) error {
	if !false {
		return orrery.Fail("AssertFailed", "a")
	}
	return nil
}

func program(t *orrery.Task) error {
	d := deep(t, 0)
	t.Log("main/1", "{0}", d)
	t.DetachErr("fails", fails)
	runtime.Gosched()
	c := make(chan int, 1)
	select {
	case c <- 4:
		t.Log("main/5.case0.0", "sent")
	}
loop:
	for range 2 {
		select {
		case x := <-c:
			t.Log("main/6.body.0.case0.0", "{0}", x)
			continue
		default:
			break loop
		}
	}
	t.Log("main/7", "end")
	return nil
}
