// A sample.
package Leak

import (
	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Select: orrery.First}

func w(t *orrery.Task) {
	t.Log("w/0", "w")
	<-(chan any)(nil)
	t.Log("w/2", "never")
}

func program(t *orrery.Task) error {
	t.Go("w", w)
	t.Log("main/1", "a")
	return nil
}
