// A sample.
package Abort

import (
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Select: orrery.First}

func w(t *orrery.Task) error {
	t.Log("w/0", "w")
	return orrery.Fail("User:x", "boo")
}

func program(t *orrery.Task) error {
	t.DetachErr("w", w)
	t.Log("main/1", "a")
	time.Sleep(5 * time.Millisecond)
	t.Log("main/3", "b")
	return nil
}
