// A sample.
package MainFails

import (
	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Select: orrery.First}

func program(t *orrery.Task) error {
	t.Log("main/0", "a")
	return orrery.Fail("User:x")
}
