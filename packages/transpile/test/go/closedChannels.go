// A sample.
package closedChannels

import (
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Select: orrery.First}

func prod(t *orrery.Task, c chan int) {
	for i := range 3 {
		c <- i
	}
	close(c)
}

func replier(t *orrery.Task, rq chan chan string) {
	back := <-rq
	back <- "hi"
}

func program(t *orrery.Task) error {
	c := make(chan int)
	t.Go("prod", func(t *orrery.Task) { prod(t, c) })
	got, gotOk := <-c
	a := orrery.OrNone(got, gotOk)
	t.Log("main/3", "{0}", a)
	got2, gotOk2 := <-c
	bq := orrery.OrNone(got2, gotOk2)
	ok := gotOk2
	t.Log("main/5", "{0} {1}", bq, ok)
	_, ok2 := <-c
	t.Log("main/7", "{0}", ok2)
	_, ok3 := <-c
	t.Log("main/9", "{0}", ok3)
	got3, gotOk3 := <-c
	d := orrery.OrNone(got3, gotOk3)
	t.Log("main/11", "{0}", d)
	<-c
	caught := func() (err error) {
		defer orrery.Recover(&err)
		c <- 1
		return nil
	}()
	if orrery.Is(caught, "ChannelClosed") {
		t.Log("main/13.catch0.0", "closed")
	} else if caught != nil {
		return caught
	}
	caught2 := func() (err error) {
		defer orrery.Recover(&err)
		orrery.TrySend[int](c, 1)
		return nil
	}()
	if orrery.Is(caught2, "ChannelClosed") {
		t.Log("main/14.catch0.0", "closed2")
	} else if caught2 != nil {
		return caught2
	}
	caught3 := func() (err error) {
		defer orrery.Recover(&err)
		switch t.Select(orrery.OnSend[int](c, 1)) {
		case 0:
		}
		return nil
	}()
	if orrery.Is(caught3, "ChannelClosed") {
		t.Log("main/15.catch0.0", "closed3")
	} else if caught3 != nil {
		return caught3
	}
	rq := make(chan chan string)
	t.Go("replier", func(t *orrery.Task) { replier(t, rq) })
	back := make(chan string)
	rq <- back
	got4, gotOk4 := <-back
	hi := orrery.OrNone(got4, gotOk4)
	t.Log("main/21", "{0}", hi)
	tn, tno := orrery.TryRecv[any]((chan any)(nil))
	t.Log("main/23", "{0} {1}", tn, tno)
	caught4 := func() (err error) {
		defer orrery.Recover(&err)
		ln := len(orrery.Present((chan any)(nil)))
		t.Log("main/24.body.1", "{0}", ln)
		return nil
	}()
	if orrery.Is(caught4, "NoneDeref") {
		t.Log("main/24.catch0.0", "no len")
	} else if caught4 != nil {
		return caught4
	}
	var sx any
	var so bool
	switch t.SelectTimeout(time.Millisecond, orrery.OnRecvOrNone[int](c, &sx, &so)) {
	case 0:
		t.Log("main/25.case0.0", "{0} {1}", sx, so)
	case orrery.None:
	}
	var sx2 any
	switch t.TrySelect(orrery.OnRecvOrNone[string](back, &sx2, nil), orrery.OnSend[chan string](rq, back)) {
	case 0:
		t.Log("main/26.case0.0", "{0}", sx2)
	case 1:
	case orrery.None:
		t.Log("main/26.otherwise.0", "neither")
	}
	return nil
}
