// Losers of a race, panics, Goexit, deadlocks, the end of the process.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

// Nobody stops the losers of a race: with a buffer for each they run to their ends.
func race_first_result_losers_run_on() {
	c := make(chan int, 3)
	for i := range 3 {
		go func() { say("s%d", i); c <- i; say("e%d", i) }()
	}
	say("won%d", <-c)
	yields(2)
}

// Without a buffer the losers of a race stay parked for ever.
func unbuffered_race_leaks() {
	c := make(chan int)
	for i := range 3 {
		go func() { c <- i }()
	}
	say("won%d", <-c)
	yields(3)
	say("live%d", runtime.NumGoroutine())
}

// A panic in any goroutine ends the process with status 2, after the deferred calls of that goroutine only.
func panic_kills_process() {
	defer say("never")
	go func() { defer fmt.Print("deferred "); panic("boom") }()
	yields(1)
	fmt.Print("unreached")
}

// A panic with an error prints the text of the error.
func panic_error_value() {
	go func() { panic(fmt.Errorf("wrapped: %w", context.Canceled)) }()
	yields(1)
}

// Goexit ends the goroutine and runs its deferred calls, where recover gives nil.
func goexit_runs_defers() {
	done := make(chan bool)
	go func() {
		defer close(done)
		defer func() { say("rec=%v", recover()) }()
		func() { runtime.Goexit() }()
		say("never")
	}()
	<-done
	say("main")
}

// When every goroutine is parked and nothing can wake one, the process dies with a fatal error.
func deadlock_all_asleep() {
	c := make(chan int)
	go func() { c <- 1; c <- 2 }()
	fmt.Print(<-c)
	select {}
}

// A mutex that main locks twice is such a deadlock.
func deadlock_self_mutex() {
	var mu sync.Mutex
	mu.Lock()
	mu.Lock()
}

// After a Goexit of main the others run on, and the end of the last of them is a deadlock with its own words.
func deadlock_after_main_goexit() {
	go func() { fmt.Print("g") }()
	runtime.Goexit()
}

// While a timer is pending there is no deadlock.
func no_deadlock_with_pending_timer() {
	c := make(chan int)
	time.AfterFunc(3*time.Millisecond, func() { c <- 1 })
	say("got%d", <-c)
}

// Nothing recovers from a fatal error.
func fatal_not_recoverable() {
	var mu sync.Mutex
	try(mu.Unlock)
}

// The end of main ends the process, without the deferred calls of other goroutines.
func main_return_kills_goroutines() {
	go func() { defer fmt.Print("never"); say("started"); select {} }()
	yields(1)
}

// os.Exit ends the process with its status and runs no deferred call.
func os_exit_skips_defers() {
	defer fmt.Print("never")
	fmt.Print("x")
	os.Exit(3)
}
