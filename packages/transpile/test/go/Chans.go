// A sample.
package Chans

import (
	"runtime"
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Select: orrery.First}

func r(t *orrery.Task, c chan int) {
	for x := range c {
		t.Log("r/0.body.0", "r {0}", x)
	}
	t.Log("r/1", "closed")
}

func snd(t *orrery.Task, c chan int) {
	c <- 9
	t.Log("snd/1", "sent")
	caught := func() (err error) {
		defer orrery.Recover(&err)
		c <- 10
		return nil
	}()
	if orrery.Is(caught, "ChannelClosed") {
		t.Log("snd/2.catch0.0", "cc")
	} else if caught != nil {
		panic(caught)
	}
}

func program(t *orrery.Task) error {
	c := make(chan int, 1)
	ok := orrery.TrySend[int](c, 1)
	l := len(c)
	cp := cap(c)
	t.Log("main/4", "{0} {1} {2}", ok, l, cp)
	ok2 := orrery.TrySend[int](c, 1)
	got, gotOk := orrery.TryRecv[int](c)
	tv := orrery.OrNone(got, gotOk)
	ok3 := gotOk
	got2, gotOk2 := orrery.TryRecv[int](c)
	tv2 := orrery.OrNone(got2, gotOk2)
	ok4 := gotOk2
	t.Log("main/8", "{0} {1} {2} {3} {4}", ok2, tv, ok3, tv2, ok4)
	t2 := t.Go("snd", func(t *orrery.Task) { snd(t, c) })
	runtime.Gosched()
	got3, gotOk3 := <-c
	a := orrery.OrNone(got3, gotOk3)
	aok := gotOk3
	t.Log("main/12", "{0} {1}", a, aok)
	c <- 3
	runtime.Gosched()
	close(c)
	rs := orrery.Must(t.SettleAll([]*orrery.Task{t2}))
	t.Log("main/17", "{0} {1}", rs, rs[0].OK)
	t22 := t.Go("r", func(t *orrery.Task) { r(t, c) })
	t22.Wait()
	caught := func() (err error) {
		defer orrery.Recover(&err)
		close(c)
		return nil
	}()
	if orrery.Is(caught, "CloseOfNone") {
		t.Log("main/20.catch0.0", "no")
	} else if orrery.Is(caught, "CloseOfClosed") {
		t.Log("main/20.catch1.0", "coc")
	} else if caught != nil {
		return caught
	}
	caught2 := func() (err error) {
		defer orrery.Recover(&err)
		close((chan any)(nil))
		return nil
	}()
	if orrery.Is(caught2, "CloseOfNone") {
		t.Log("main/21.catch0.0", "con")
	} else if caught2 != nil {
		return caught2
	}
	u := make(chan any)
	switch t.SelectTimeout(3*time.Millisecond, orrery.OnRecv[any](u, nil, nil), orrery.OnSend[any]((chan any)(nil), 1)) {
	case 0:
		t.Log("main/23.case0.0", "x")
	case 1:
	case orrery.None:
		t.Log("main/23.timeout.0", "timeout")
	}
loop:
	for range 3 {
		var x any
		var xo bool
		switch t.Select(orrery.OnRecvOrNone[int](c, &x, &xo)) {
		case 0:
			t.Log("main/24.body.0.case0.0", "{0} {1}", x, xo)
			break loop
		}
	}
	switch t.TrySelect(orrery.OnRecv[any](u, nil, nil)) {
	case 0:
	case orrery.None:
		t.Log("main/25.otherwise.0", "other")
	}
	return nil
}
