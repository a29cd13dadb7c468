// A sample.
package defers

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

func q(t *orrery.Task, c chan int) (err error) {
	var i int
	var y int
	var deferred orrery.Deferred
	defer deferred.Run(&err)
	deferred.Add(func() error {
		t.Log("q/0.body.0", "first")
		x := <-c
		t.Log("q/0.body.2", "x {0}", x)
		return nil
	})
	for iNow := range 2 {
		i = iNow
		y = orrery.Mul(i, 2)
		caught := func() (err error) {
			defer orrery.Recover(&err)
			deferred.Add(func() error {
				t.Log("q/1.body.1.body.0.body.0", "in try {0} {1}", i, y)
				return orrery.Fail("User:d")
			})
			t.Log("q/1.body.1.body.1", "body")
			return nil
		}()
		if caught != nil {
			t.Log("q/1.body.1.catch0.0", "no")
		}
	}
	return orrery.Fail("User:e")
}

func w(t *orrery.Task) {
	defer func() {
		t.Log("w/0.body.0", "w deferred")
	}()
	l := []int{1}
	u := orrery.Add(l[4], 1)
	t.Log("w/3", "no {0}", u)
}

func program(t *orrery.Task) error {
	c := make(chan int, 1)
	c <- 5
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if err := q(t, c); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught, "User:e") {
		t.Log("main/2.catch0.0", "e")
	} else if orrery.Is(caught, "User:d") {
		t.Log("main/2.catch1.0", "d")
	} else if caught != nil {
		return caught
	}
	caught2 := func() (err error) {
		defer orrery.Recover(&err)
		w(t)
		return nil
	}()
	if orrery.Is(caught2, "NoneDeref") {
		t.Log("main/3.catch0.0", "nd")
	} else if caught2 != nil {
		return caught2
	}
	t2 := t.Go("w", w)
	rs := orrery.Must(t.SettleAll([]*orrery.Task{t2}))
	t.Log("main/6", "{0}", rs)
	t22 := t.Go("w", w)
	caught3 := func() (err error) {
		defer orrery.Recover(&err)
		t22.Wait()
		return nil
	}()
	if orrery.Is(caught3, "TaskFailed") {
		t.Log("main/8.catch0.0", "tf")
	} else if caught3 != nil {
		return caught3
	}
	return nil
}
