// A sample.
package jumps

import (
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Select: orrery.First}

func nap(t *orrery.Task, n int) (int, error) {
	time.Sleep(time.Duration(orrery.Mul(n, 5*orrery.Millisecond)))
	t.Log("nap/1", "nap {0}", n)
	if n == 3 {
		return 0, orrery.Fail("User:three", "m")
	}
	return n, nil
}

func p(t *orrery.Task, k int) (int, error) {
	returned := false
	var result int
	for i := range 5 {
		skipped := false
		caught := func() (err error) {
			defer orrery.Recover(&err)
			caught2 := func() (err error) {
				defer orrery.Recover(&err)
				for j := range 3 {
					broken := false
					if err := t.ScopeErr(func() error {
						t.GoValue("nap", func(t *orrery.Task) (any, error) { return nap(t, 1) })
						if i == 1 && j == 1 {
							skipped = true
							return nil
						}
						if j == 2 {
							broken = true
							return nil
						}
						if i == k {
							result = j + 100
							returned = true
							return nil
						}
						t.Log("p/0.body.0.body.0.body.0.body.4", "{0} {1}", i, j)
						return nil
					}); err != nil {
						return err
					}
					if returned {
						return nil
					}
					if skipped {
						return nil
					}
					if broken {
						break
					}
				}
				if i == 2 {
					return orrery.Fail("User:a")
				}
				return nil
			}()
			if orrery.Is(caught2, "User:a") {
				returned = false
				skipped = false
				t.Log("p/0.body.0.catch0.0", "caught {0}", i)
				skipped = true
				return nil
			} else if orrery.Is(caught2, "User:b") {
				returned = false
				skipped = false
			} else if caught2 != nil {
				return caught2
			}
			if returned {
				return nil
			}
			if skipped {
				return nil
			}
			return nil
		}()
		z := i
		t.Log("p/0.body.0.finally.1", "finally {0}", z)
		if caught != nil {
			return 0, caught
		}
		if returned {
			return result, nil
		}
		if skipped {
			continue
		}
		t.Log("p/0.body.1", "end {0}", i)
	}
	return 7, nil
}

func program(t *orrery.Task) error {
	r, err := p(t, 3)
	if err != nil {
		return err
	}
	t.Log("main/1", "r {0}", r)
	r2, err := p(t, 9)
	if err != nil {
		return err
	}
	t.Log("main/3", "r {0}", r2)
	if _, err := p(t, 0); err != nil {
		return err
	}
	return nil
}
