// Package sync.
package main

import (
	"runtime"
	"sync"
	"time"
)

// A running goroutine locks again before the one that its Unlock woke, which then waits before all others.
func mutex_barging() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	mu.Lock()
	for _, n := range []string{"V", "W"} {
		wg.Add(1)
		go func() { mu.Lock(); say(n); mu.Unlock(); wg.Done() }()
	}
	yields(1) // parked in order W V
	mu.Unlock()
	mu.Lock()
	say("main-again")
	yields(1)
	say("still-main")
	mu.Unlock()
	wg.Wait()
}

// Waiters of a mutex get it in the order in which they parked.
func mutex_fifo() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	mu.Lock()
	for i := range 4 {
		wg.Add(1)
		go func() { mu.Lock(); say("%d", i); mu.Unlock(); wg.Done() }()
	}
	yields(1)
	mu.Unlock()
	say("main")
	wg.Wait()
}

// After a waiter has lost once and waited for more than 1 ms, Unlock hands it the mutex and the processor.
func mutex_starvation_handoff() {
	var mu sync.Mutex
	done := make(chan bool)
	mu.Lock()
	go func() { mu.Lock(); say("W"); mu.Unlock(); close(done) }()
	yields(1)
	burn(2 * time.Millisecond)
	mu.Unlock()
	mu.Lock()
	yields(1) // W wakes, loses and turns the mutex to starvation mode
	say("try=%v", mu.TryLock())
	mu.Unlock()
	say("main")
	<-done
}

// Starvation mode lasts until the last waiter has the mutex: the one before hands it over, too.
func mutex_starvation_until_last() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Add(2)
	mu.Lock()
	for i := range 2 {
		go func() {
			mu.Lock()
			say("w%d", i)
			mu.Unlock()
			say("u%d", i)
			wg.Done()
		}()
	}
	yields(1)
	burn(2 * time.Millisecond)
	mu.Unlock()
	mu.Lock()
	yields(1) // the first wakes, loses and turns the mutex to starvation mode
	mu.Unlock()
	say("main")
	wg.Wait()
}

// While a woken waiter has not run yet, another Unlock wakes nobody.
func mutex_woken_blocks_second_wake() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Add(2)
	mu.Lock()
	for i := range 2 {
		go func() {
			mu.Lock()
			say("w%d", i)
			runtime.Gosched()
			say("u%d", i)
			mu.Unlock()
			wg.Done()
		}()
	}
	yields(1)
	mu.Unlock()
	mu.Lock()
	mu.Unlock()
	wg.Wait() // parked in order 1 0
}

// A goroutine that comes to wait takes the wake-up token of one that has not run yet.
func mutex_wakeup_token_theft() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Add(2)
	mu.Lock()
	go func() { mu.Lock(); say("W"); mu.Unlock(); wg.Done() }()
	yields(1)
	mu.Unlock()
	mu.Lock()
	go func() { mu.Lock(); say("Y"); mu.Unlock(); wg.Done() }() // kicks W out of runnext
	yields(1)
	mu.Unlock()
	wg.Wait()
}

// A waiting writer blocks readers that come after it.
func rwmutex_writer_blocks_new_readers() {
	var rw sync.RWMutex
	var wg sync.WaitGroup
	wg.Add(2)
	rw.RLock()
	go func() { rw.Lock(); say("W"); rw.Unlock(); wg.Done() }()
	yields(1)
	go func() { rw.RLock(); say("R2"); rw.RUnlock(); wg.Done() }()
	yields(1)
	say("try=%v", rw.TryRLock())
	rw.RUnlock()
	wg.Wait()
}

// Readers that queued during a write go before the next writer, though it came first.
func rwmutex_unlock_releases_readers_first() {
	var rw sync.RWMutex
	var wg sync.WaitGroup
	wg.Add(4)
	rw.Lock()
	go func() { rw.Lock(); say("W2"); rw.Unlock(); wg.Done() }()
	yields(1)
	for i := range 3 {
		go func() { rw.RLock(); say("r%d", i); rw.RUnlock(); wg.Done() }()
	}
	yields(1)
	rw.Unlock()
	wg.Wait() // readers parked in order 2 0 1
}

// Signal wakes the waiter with the oldest ticket.
func cond_signal_fifo() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() { mu.Lock(); c.Wait(); say("%d", i); mu.Unlock(); wg.Done() }()
	}
	yields(1)
	for range 3 {
		c.Signal()
		yields(1)
	}
	wg.Wait()
}

// Broadcast readies the waiters in ticket order, so the last becomes runnext and runs first.
func cond_broadcast_last_first() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Add(1)
		go func() { mu.Lock(); c.Wait(); say("%d", i); mu.Unlock(); wg.Done() }()
	}
	yields(1)
	c.Broadcast()
	wg.Wait() // tickets 3 0 1 2
}

// A Signal that nobody waits for is lost.
func cond_signal_without_waiter_is_lost() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	ok := false
	c.Signal()
	go func() { mu.Lock(); c.Wait(); ok = true; mu.Unlock() }()
	yields(2)
	say("%v", ok)
	c.Signal()
	yields(2)
	say("%v", ok)
}

// The last Done readies the waiters in order, so the last becomes runnext and runs first.
func waitgroup_waiters() {
	var g, wg sync.WaitGroup
	g.Add(1)
	for i := range 4 {
		wg.Add(1)
		go func() { g.Wait(); say("%d", i); wg.Done() }()
	}
	yields(1)
	g.Done()
	say("main")
	wg.Wait()
}

// Wait at zero goes on at once; Done below zero panics.
func waitgroup_zero_wait_does_not_yield() {
	var wg sync.WaitGroup
	go func() { say("other") }()
	wg.Wait()
	say("main")
	yields(1)
	try(func() { wg.Done() })
}

// A second caller of Once.Do waits until the first call has ended.
func once_second_caller_waits() {
	var o sync.Once
	var wg sync.WaitGroup
	wg.Add(2)
	for i := range 2 {
		go func() { o.Do(func() { say("init%d", i); runtime.Gosched(); say("ready") }); say("use%d", i); wg.Done() }()
	}
	wg.Wait()
}

// A call that panicked counts as done for Once; a OnceFunc panics again with the same value.
func once_panic_counts_as_done() {
	var o sync.Once
	try(func() { o.Do(func() { panic("boom") }) })
	o.Do(func() { say("never") })
	say("end")
	f := sync.OnceFunc(func() { panic("again") })
	try(f)
	try(f)
}

// A buffered channel used as a semaphore serves its waiters in order.
func channel_semaphore_fifo() {
	sem := make(chan struct{}, 1)
	var wg sync.WaitGroup
	sem <- struct{}{}
	for i := range 3 {
		wg.Add(1)
		go func() { sem <- struct{}{}; say("%d", i); <-sem; wg.Done() }()
	}
	yields(1)
	<-sem
	say("main")
	wg.Wait()
}

// Whoever calls an OnceValue gets the value of the only call, or its panic; those who come during the call wait for it.
func once_value_shared() {
	n := 0
	f := sync.OnceValue(func() int { n++; runtime.Gosched(); return n * 7 })
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() { say("%d:%d", i, f()) })
	}
	wg.Wait()
	say("n%d", n)
	g := sync.OnceValue(func() int { panic("bad") })
	try(func() { g() })
	try(func() { g() })
}

// The shape of errgroup with a limit: who starts one too many waits for a place, first come first served, and TryGo refuses.
func group_limit_blocks_spawner() {
	sem := make(chan struct{}, 2)
	var wg sync.WaitGroup
	start := func(f func()) { wg.Add(1); go func() { f(); <-sem; wg.Done() }() }
	spawn := func(f func()) { sem <- struct{}{}; start(f) }
	try := func(f func()) bool {
		select {
		case sem <- struct{}{}:
		default:
			return false
		}
		start(f)
		return true
	}
	for i := range 4 {
		spawn(func() { say("b%d", i); runtime.Gosched(); say("e%d", i) })
		say("s%d", i)
	}
	say("%v", try(func() { say("no") }))
	wg.Wait()
	say("%v", try(func() { say("yes") }))
	wg.Wait()
}

// singleflight's shape: who asks while another's call runs waits for its result; they go on last first, behind the caller.
func duplicate_calls_share_result() {
	type call struct {
		wg sync.WaitGroup
		v  int
	}
	calls := map[string]*call{}
	var mu sync.Mutex
	do := func(key string, f func() int) (int, bool) {
		mu.Lock()
		if c, ok := calls[key]; ok {
			mu.Unlock()
			c.wg.Wait()
			return c.v, true
		}
		c := new(call)
		c.wg.Add(1)
		calls[key] = c
		mu.Unlock()
		c.v = f()
		mu.Lock()
		c.wg.Done()
		delete(calls, key)
		mu.Unlock()
		return c.v, false
	}
	n := 0
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			v, shared := do("k", func() int { n++; time.Sleep(time.Millisecond); return n })
			say("%d:%d,%v", i, v, shared)
		})
	}
	wg.Wait()
}

// A Pool gives a P first the value that it put first, then its newest.
func pool_gives_last_back() {
	p := sync.Pool{New: func() any { return "new" }}
	p.Put("a")
	p.Put("b")
	p.Put("c")
	say("%v %v %v %v", p.Get(), p.Get(), p.Get(), p.Get())
}

// TryLock and TryRLock of an RWMutex never wait: readers share it, a writer has it alone.
func rwmutex_try() {
	var rw sync.RWMutex
	say("%v %v %v", rw.TryRLock(), rw.TryRLock(), rw.TryLock())
	rw.RUnlock()
	rw.RUnlock()
	say("%v %v %v", rw.TryLock(), rw.TryRLock(), rw.TryLock())
}
