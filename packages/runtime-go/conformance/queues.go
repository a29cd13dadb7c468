// Run queues, spawn, yield.
package main

import (
	"runtime"
	"sync"
)

// A new goroutine becomes runnext, and kicks the one before it to the tail of the ring.
func spawn_order() {
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Add(1)
		go func() { say("%d", i); wg.Done() }()
	}
	wg.Wait()
}

// A child in runnext runs before its parent's older siblings; one kicked out of it queues behind them.
func spawn_nested() {
	var wg sync.WaitGroup
	wg.Add(5)
	g := func(n string) { say(n); wg.Done() }
	go func() { say("A"); go g("A1"); go g("A2"); g("a") }()
	go func() { say("B"); go g("B1"); wg.Done() }()
	wg.Wait()
}

// The parent goes on after a go statement.
func spawn_does_not_switch() {
	done := make(chan bool)
	go func() { say("child"); done <- true }()
	say("parent")
	<-done
	say("joined")
}

// Gosched puts a goroutine into the global queue: even what joins the ring later runs before it.
func gosched_goes_global() {
	var wg sync.WaitGroup
	for _, n := range []string{"a", "b"} {
		wg.Add(3)
		go func() {
			say("%s1", n)
			for _, c := range []string{"x", "y"} {
				go func() { say(n + c); wg.Done() }()
			}
			runtime.Gosched()
			say("%s2", n)
			wg.Done()
		}()
	}
	wg.Wait()
}

// One Gosched lets every local goroutine run.
func gosched_runs_all_local_first() {
	for i := range 4 {
		go func() { say("%d", i) }()
	}
	say("m1")
	runtime.Gosched()
	say("m2")
}

// A close puts the waiting main into runnext, and what was queued before it never runs.
func exit_then_runnext() {
	done := make(chan bool)
	go func() { say("a") }()
	go func() { say("b") }()
	go func() { say("z"); close(done) }()
	<-done
}

// When the ring of 256 is full its 128 oldest and the newcomer move to the global queue.
func runq_overflow() {
	var wg sync.WaitGroup
	var o []int
	for i := range 300 {
		wg.Add(1)
		go func() { o = append(o, i); wg.Done() }()
	}
	wg.Wait()
	glob := func(i int) bool { return i < 128 || i == 256 }
	pl, pg, lastLocal, early := -1, -1, 0, 0
	for k, i := range o[1:] {
		if glob(i) {
			if i < pg {
				say("BAD")
			}
			pg = i
		} else {
			if i < pl {
				say("BAD")
			}
			pl, lastLocal = i, k+1
		}
	}
	for _, i := range o[:lastLocal] {
		if glob(i) {
			early++
		}
	}
	say("first=%d early=%v lastThree=%v", o[0], early == 2 || early == 3, o[297:])
}

// On every 61st tick the global queue comes before the local one.
func global_every_61() {
	var n, last int
	var d []int
	stop := false
	done := make(chan bool)
	var body func()
	body = func() {
		n++
		if !stop {
			go body()
			go func() {}() // kicks body out of runnext
		}
	}
	go func() {
		for range 6 {
			runtime.Gosched()
			d = append(d, n-last)
			last = n
		}
		stop = true
		close(done)
	}()
	go body()
	<-done
	say("%v", d[1:])
}

// A goroutine from runnext does not tick: the global queue waits for all of a chain of them.
func runnext_chain_ignores_61() {
	n, seen := 0, 0
	done := make(chan bool)
	var chain func()
	chain = func() {
		n++
		if n < 5000 {
			go chain()
		}
	}
	go func() { runtime.Gosched(); seen = n; close(done) }()
	go chain()
	go func() {}() // kicks chain out of runnext, behind the one that yields
	<-done
	say("%d", seen)
}
