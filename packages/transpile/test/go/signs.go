// A sample.
package signs

import (
	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Select: orrery.First}

func p(t *orrery.Task, a int) int {
	return a % 9
}

func program(t *orrery.Task) error {
	m := p(t, 7)
	x := max(-4, min(m, 4))
	t.Log("main/2", "{0} {1} {2} {3} {4}", x - -3, -2 - -x, (1 - -1)*x, x - -3 - x, x- -3*x)
	l := []int{x - -x, x + -3}
	t.Log("main/4", "{0} {1}", l, x - -3)
	return nil
}
