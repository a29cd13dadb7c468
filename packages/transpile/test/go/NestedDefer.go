// A sample.
package NestedDefer

import (
	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Select: orrery.First}

func p(t *orrery.Task, n int) {
	var x int
	var i int
	x = 1
	for iNow := range n {
		i = iNow
		defer func() {
			t.Log("p/1.body.0.body.0", "d {0} {1}", i, x)
		}()
	}
	x = 7
	if true {
		defer func() {
			t.Log("p/3.then.0.body.0", "last")
		}()
	}
	t.Log("p/4", "body")
}

func program(t *orrery.Task) (err error) {
	p(t, 3)
	defer func() {
		t.Log("main/1.body.0", "md")
	}()
	t.Log("main/2", "m")
	defer func() {
		t.Log("main/3.body.0", "md2")
	}()
	return nil
}
