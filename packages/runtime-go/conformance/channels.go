// Channels and select.
package main

import (
	"iter"
	"runtime"
	"sync"
)

// A parked receiver gets the value and becomes runnext; the sender goes on.
func send_does_not_switch() {
	c := make(chan int)
	done := make(chan bool)
	go func() { say("got%d", <-c); close(done) }()
	yields(1)
	c <- 7
	say("sent")
	<-done
}

// A parked sender gives its value and becomes runnext; the receiver goes on.
func recv_from_parked_sender() {
	c := make(chan int)
	done := make(chan bool)
	go func() { c <- 7; say("sent"); close(done) }()
	yields(1)
	say("got%d", <-c)
	<-done
}

// Of goroutines that are readied in a row the last runs first, the others in order.
func ready_three() {
	var wg sync.WaitGroup
	cs := [3]chan int{}
	for i := range 3 {
		cs[i] = make(chan int)
		wg.Add(1)
		go func() { <-cs[i]; say("%d", i); wg.Done() }()
	}
	yields(1)
	for i := range 3 {
		cs[i] <- 0
	}
	wg.Wait()
}

// Values go to the receivers in the order in which these parked.
func recvq_fifo() {
	c := make(chan int)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() { v := <-c; say("r%d=%d", i, v); wg.Done() }()
	}
	yields(1)
	for _, v := range []int{10, 20, 30} {
		c <- v
	}
	wg.Wait()
}

// A receive from a full buffer takes its head, and a parked sender's value goes to its tail.
func buffered_sender_rotation() {
	c := make(chan string, 1)
	var wg sync.WaitGroup
	c <- "a"
	for _, v := range []string{"b", "c"} {
		wg.Add(1)
		go func() { c <- v; say("sent-" + v); wg.Done() }()
	}
	yields(1)
	for range 3 {
		say(<-c)
	}
	wg.Wait()
}

// A send parks only when the buffer is full.
func buffered_send_only_parks_when_full() {
	c := make(chan int, 2)
	done := make(chan bool)
	go func() {
		for v := range c {
			say("r%d", v)
		}
		close(done)
	}()
	for i := range 5 {
		c <- i
		say("s%d", i)
	}
	close(c)
	<-done
}

// A close readies waiters last parked first; the first parked, readied last, becomes runnext.
func close_wakes_lifo() {
	c := make(chan int)
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Add(1)
		go func() { _, ok := <-c; say("%d:%v", i, ok); wg.Done() }()
	}
	yields(1)
	close(c)
	wg.Wait()
}

// A closed channel gives what its buffer holds, then zero values.
func close_drains_then_zero() {
	c := make(chan int, 3)
	c <- 1
	c <- 2
	close(c)
	for v := range c {
		say("%d", v)
	}
	v, ok := <-c
	say("%d %v", v, ok)
}

// A close makes parked senders panic; later sends and closes panic too.
func close_panics_parked_senders() {
	c := make(chan int)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() { defer wg.Done(); try(func() { c <- i }); say("%d", i) }()
	}
	yields(1)
	close(c)
	wg.Wait()
	try(func() { c <- 9 })
	try(func() { close(c) })
	try(func() { var n chan int; close(n) })
}

// Two goroutines that wake each other through runnext share one time slice, and starve a third until sysmon preempts.
func pingpong_starves_third() {
	c := make(chan int)
	n, at := 0, 0
	stop := false
	done := make(chan bool)
	go func() { at = n; stop = true }()
	go func() {
		for range c {
		}
		close(done)
	}()
	for !stop {
		c <- 0
		n++
	}
	close(c)
	<-done
	say("%v", at > 1000)
}

// A select with default takes what is ready and never waits, on a nil channel neither.
func nonblocking_ops() {
	c := make(chan int, 1)
	var nilc chan int
	op := func(n string, d chan int) {
		select {
		case d <- 1:
			say(n + "-sent")
		default:
			say(n + "-full")
		}
	}
	op("c", c)
	op("c", c)
	op("nil", nilc)
	select {
	case v := <-c:
		say("got%d", v)
	default:
		say("empty")
	}
	select {
	case v := <-c:
		say("got%d", v)
	default:
		say("empty")
	}
	close(c)
	select {
	case v, ok := <-c:
		say("%d,%v", v, ok)
	default:
		say("empty")
	}
}

// A select chooses uniformly among ready cases.
func select_uniform() {
	a, b := make(chan int, 3000), make(chan int, 3000)
	na := 0
	for range 3000 {
		a <- 1
		b <- 1
	}
	for range 3000 {
		select {
		case <-a:
			na++
		case <-b:
		}
	}
	say("%v", na > 1300 && na < 1700)
}

// A select takes either of two ready cases.
func select_one_ready_case() {
	a, b := make(chan string, 1), make(chan string, 1)
	a <- "a"
	b <- "b"
	select {
	case v := <-a:
		say(v)
	case v := <-b:
		say(v)
	}
}

// The first to wake a parked select claims it; a later sender passes it over.
func select_claimed_once() {
	a, b := make(chan int), make(chan int)
	done := make(chan bool)
	go func() {
		select {
		case <-a:
			say("a")
		case <-b:
			say("b")
		}
		close(done)
	}()
	yields(1)
	a <- 1
	select {
	case b <- 1:
		say("b-sent")
	default:
		say("b-skipped")
	}
	<-done
}

// A parked select has its place in the queue of each channel, like a plain receiver.
func select_waiter_keeps_fifo_place() {
	a, b := make(chan int), make(chan int)
	var wg sync.WaitGroup
	wg.Add(2)
	go func() { v := <-a; say("plain%d", v); wg.Done() }()
	go func() {
		select {
		case v := <-a:
			say("sel%d", v)
		case <-b:
		}
		wg.Done()
	}()
	yields(1)
	a <- 1
	a <- 2
	wg.Wait()
}

// A case of a nil channel is never ready.
func select_nil_cases_drop_out() {
	var n chan int
	c := make(chan int, 1)
	c <- 5
	for range 3 {
		select {
		case <-n:
			say("nil")
		case v := <-c:
			say("%d", v)
		case n <- 1:
			say("nil")
		default:
			say("default")
		}
	}
}

// iter.Pull switches to its sequence and back without a look at the run queues.
func coroutine_bypasses_scheduler() {
	go func() { say("other") }()
	seq := func(yield func(int) bool) {
		for i := range 3 {
			if !yield(i) {
				return
			}
		}
	}
	next, stop := iter.Pull(seq)
	for v, ok := next(); ok; v, ok = next() {
		say("%d", v)
	}
	stop()
	yields(1)
}

// Both ends of a coroutine share a time slice, and NumGoroutine counts it.
func coroutine_shares_time_slice() {
	done, got := false, 0
	go func() { runtime.Gosched(); done = true }()
	next, stop := iter.Pull(func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	})
	say("live%d", runtime.NumGoroutine())
	for range 1000 {
		got, _ = next()
	}
	say("%d %v", got, done)
	stop()
	say("live%d", runtime.NumGoroutine())
	yields(2)
	say("%v", done)
}

// A panic of the sequence goes on in whoever called next; after it there are no more values.
func coroutine_panic_reaches_next() {
	next, stop := iter.Pull(func(yield func(int) bool) {
		defer say("deferred")
		yield(1)
		panic("inside")
	})
	v, ok := next()
	say("%d %v", v, ok)
	try(func() { next() })
	v, ok = next()
	say("%d %v", v, ok)
	stop()
}

// stop makes the sequence's yield return false: it ends before stop returns; one that never began does not begin.
func coroutine_stop_ends_sequence() {
	seq := func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
		say("cleaned")
	}
	next, stop := iter.Pull(seq)
	v, _ := next()
	say("%d", v)
	stop()
	say("stopped")
	_, ok := next()
	say("%v", ok)
	_, stop = iter.Pull(seq)
	stop()
	say("end")
}

// A Goexit of the sequence ends the goroutine that called next.
func coroutine_goexit_reaches_next() {
	done := make(chan bool)
	go func() {
		defer close(done)
		next, _ := iter.Pull(func(yield func(int) bool) { runtime.Goexit() })
		next()
		say("never")
	}()
	<-done
	say("live%d", runtime.NumGoroutine())
}
