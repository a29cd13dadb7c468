// Timers that send and call, tickers that are late.
package Timers

import (
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func say(t *orrery.Task, n int) {
	t.Log("say/0", "say {0}", n)
	time.Sleep(4 * time.Millisecond)
	t.Log("say/2", "said {0}", n)
}

func between(t *orrery.Task) {
	time.Sleep(100 * time.Millisecond)
	t.Log("between/1", "between")
}

func late(t *orrery.Task, c chan int) {
	t.Block(300 * time.Millisecond)
	t.Scope(func() {
		t.Go("between", between)
		for range 3 {
			v := <-c
			t.Log("late/1.body.1.body.1", "tick {0}", v)
		}
	})
}

func program(t *orrery.Task) error {
	soon := orrery.Alarm[int](t, 12*time.Millisecond)
	t2, c := orrery.NewTimer[int](t, 20*time.Millisecond)
	stopped := t2.Stop()
	idle := t2.Stop()
	t.Log("main/4", "{0} {1}", stopped, idle)
	t2.Reset(8 * time.Millisecond)
	first := <-c
	second := <-soon
	t.Log("main/8", "{0} {1}", first, second)
	t2.Reset(4 * time.Millisecond)
	time.Sleep(16 * time.Millisecond)
	fired := t2.Reset(24 * time.Millisecond)
	_, old := orrery.TryRecv[int](c)
	select {
	case w := <-c:
		t.Log("main/13.case0.0", "{0} {1} {2}", fired, old, w)
	case <-t.After(80 * time.Millisecond):
		t.Log("main/13.timeout.0", "never")
	}
	call := t.AfterFunc(16*time.Millisecond, "say", func(t *orrery.Task) { say(t, 1) })
	t.AfterFunc(8*time.Millisecond, "say", func(t *orrery.Task) { say(t, 2) })
	call.Stop()
	call.Reset(32 * time.Millisecond)
	time.Sleep(48 * time.Millisecond)
	call.Reset(8 * time.Millisecond)
	time.Sleep(24 * time.Millisecond)
	drops, dropped := orrery.NewTicker[int](t, 120*time.Millisecond, orrery.Drop)
	late(t, dropped)
	drops.Stop()
	drifts, drifted := orrery.NewTicker[int](t, 120*time.Millisecond, orrery.Drift)
	late(t, drifted)
	drifts.Stop()
	own, owned := orrery.NewTicker[int](t, 120*time.Millisecond, orrery.Drop)
	late(t, owned)
	running := own.Stop()
	again := own.Stop()
	t.Log("main/31", "{0} {1}", running, again)
	t.AfterFunc(20*time.Millisecond, "say", func(t *orrery.Task) { say(t, 3) })
	t.Log("main/33", "main ends")
	return nil
}
