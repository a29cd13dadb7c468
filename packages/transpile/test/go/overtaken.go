// A sample.
package overtaken

import (
	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Select: orrery.First}

func bad(t *orrery.Task) error {
	return orrery.Fail("User:bad")
}

func p(t *orrery.Task) (int, error) {
	returned := false
	var result int
	for n := range 2 {
		broken := false
		caught := func() (err error) {
			defer orrery.Recover(&err)
			if err := t.ScopeErr(func() error {
				t.GoErr("bad", bad)
				if n == 0 {
					broken = true
					return nil
				}
				result = 1
				returned = true
				return nil
			}); err != nil {
				return err
			}
			if returned {
				return nil
			}
			if broken {
				return nil
			}
			return nil
		}()
		if orrery.Is(caught, "TaskFailed") {
			returned = false
			broken = false
			t.Log("p/0.body.0.catch0.0", "failed {0}", n)
		} else if caught != nil {
			return 0, caught
		}
		if returned {
			return result, nil
		}
		if broken {
			break
		}
		caught2 := func() (err error) {
			defer orrery.Recover(&err)
			t.Log("p/0.body.1.body.0", "goes on {0}", n)
			return nil
		}()
		if caught2 != nil {
			return 0, caught2
		}
	}
	return 2, nil
}

func program(t *orrery.Task) error {
	r, err := p(t)
	if err != nil {
		return err
	}
	t.Log("main/1", "{0}", r)
	return nil
}
