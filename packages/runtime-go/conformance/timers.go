// Sleeps, timers, tickers.
package main

import (
	"sync"
	"time"
)

// Sleepers wake in the order of their deadlines.
func sleep_orders_by_deadline() {
	var wg sync.WaitGroup
	for _, ms := range []int{24, 4, 14} {
		wg.Add(1)
		go func() { time.Sleep(time.Duration(ms) * time.Millisecond); say("%d", ms); wg.Done() }()
	}
	wg.Wait()
}

// One look at the timers fires all that have expired: the last of them becomes runnext.
func expired_together_last_first() {
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Add(1)
		go func() { time.Sleep(time.Millisecond); say("%d", i); wg.Done() }()
	}
	yields(1)
	burn(3 * time.Millisecond)
	wg.Wait() // armed in order 3 0 1 2
}

// Sleepers whose deadlines lie close together are fired by one look: the last of them becomes runnext.
func idle_sleepers_same_duration() {
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Add(1)
		go func() { time.Sleep(3 * time.Millisecond); say("%d", i); wg.Done() }()
	}
	wg.Wait() // armed in order 3 0 1 2
}

// An idle process waits in whole milliseconds: one look fires the sleepers whose deadlines have passed meanwhile.
func idle_sleeps_whole_milliseconds() {
	var wg sync.WaitGroup
	for _, us := range []int{200, 400, 600} {
		wg.Add(1)
		go func() { time.Sleep(time.Duration(us) * time.Microsecond); say("%d", us); wg.Done() }()
	}
	wg.Wait()
}

// Timers are looked at before the queues: a sleeper that is due runs before what is queued.
func expired_timer_beats_runq() {
	var wg sync.WaitGroup
	wg.Add(3)
	go func() { time.Sleep(time.Millisecond); say("S"); wg.Done() }()
	yields(1)
	for _, n := range []string{"A", "B"} {
		go func() { say(n); wg.Done() }()
	}
	burn(3 * time.Millisecond)
	wg.Wait() // S kicks B out of runnext: runq A B
}

// A sleep of zero or less does nothing, and one of 1 ns is over before others run.
func sleep_zero_is_noop() {
	go func() { say("other") }()
	time.Sleep(0)
	time.Sleep(-5)
	say("main")
	time.Sleep(1)
	say("end")
}

// AfterFunc runs each function in a goroutine of its own.
func afterfunc_spawns_goroutines() {
	var wg sync.WaitGroup
	wg.Add(3)
	for i := range 3 {
		time.AfterFunc(time.Millisecond, func() { say("f%d", i); wg.Done() })
	}
	burn(3 * time.Millisecond)
	say("main")
	wg.Wait()
}

// The channel of a timer seems empty and unbuffered, and gets its value when somebody looks.
func timer_channel_is_lazy() {
	t := time.NewTimer(time.Millisecond)
	burn(3 * time.Millisecond)
	say("len%d cap%d", len(t.C), cap(t.C))
	select {
	case <-t.C:
		say("fired")
	default:
		say("pending")
	}
	say("stop=%v", t.Stop())
}

// Stop wins over an expiry that nobody has seen, and leaves no stale value.
func stop_after_expiry_unread() {
	t := time.NewTimer(time.Millisecond)
	burn(3 * time.Millisecond)
	say("stop=%v", t.Stop())
	select {
	case <-t.C:
		say("stale")
	default:
		say("clean")
	}
	say("reset=%v", t.Reset(time.Millisecond))
	<-t.C
	say("again")
}

// Stop tells whether it prevented the call.
func afterfunc_stop() {
	t := time.AfterFunc(time.Hour, func() { say("no") })
	say("%v %v", t.Stop(), t.Stop())
	u := time.AfterFunc(time.Millisecond, func() { say("yes") })
	time.Sleep(4 * time.Millisecond)
	say("%v", u.Stop())
}

// A ticker keeps one tick for a late consumer, with the time when it was due, and then goes on along its grid.
func ticker_drops_and_realigns() {
	s := time.Now()
	t := time.NewTicker(10 * time.Millisecond)
	burn(35 * time.Millisecond)
	a, b := (<-t.C).Sub(s), (<-t.C).Sub(s)
	b = b.Round(2 * time.Millisecond)
	say("%v %v", a.Round(2*time.Millisecond), b >= 40*time.Millisecond && b%(10*time.Millisecond) == 0)
}

// A select with time.After ends when nothing comes.
func timeout_select() {
	c := make(chan int)
	select {
	case <-c:
		say("value")
	case <-time.After(2 * time.Millisecond):
		say("timeout")
	}
}
