// Preemption, system calls, polling, locked threads, several Ps.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// On one P sysmon preempts a busy goroutine after 10 ms, and a short sleep beside it ends that late.
func cpu_hog_is_preempted() {
	stop := false
	var x int
	go func() {
		for !stop {
			x++
		}
	}()
	t := time.Now()
	time.Sleep(time.Millisecond)
	d := time.Since(t)
	stop = true
	say("%v", d >= 9*time.Millisecond)
}

// A preempted goroutine queues behind the one that is in the global queue already.
func hog_goes_to_global_tail() {
	stop := false
	n := 0
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		for !stop {
			n++
		}
		say("hog-end")
	}()
	yields(1) // the hog runs and is preempted; main is in the global queue before it
	say("main")
	go func() { say("late"); stop = true; wg.Done() }()
	wg.Wait()
}

// sysmon takes the P of a goroutine that stays in a system call, and another thread goes on with it.
func blocking_syscall_frees_p() {
	var p [2]int
	syscall.Pipe(p[:])
	done := make(chan bool)
	go func() { b := make([]byte, 1); syscall.Read(p[0], b); say("read-%s", b); close(done) }()
	yields(1)
	say("main-runs")
	syscall.Write(p[1], []byte("x"))
	<-done
}

// A goroutine that returns from a system call and finds no P goes to the global queue.
func syscall_return_without_p_goes_global() {
	var p [2]int
	syscall.Pipe(p[:])
	var wg sync.WaitGroup
	wg.Add(3)
	go func() { syscall.Read(p[0], make([]byte, 1)); say("S"); wg.Done() }()
	yields(1)
	syscall.Write(p[1], []byte("x")) // S's thread wakes
	for _, n := range []string{"A", "B"} {
		go func() { say(n); wg.Done() }()
	}
	burn(4 * time.Millisecond)
	wg.Wait()
}

// A goroutine keeps its P through short system calls.
func short_syscall_does_not_switch() {
	go func() { say("other") }()
	for range 100 {
		syscall.Getppid()
	}
	say("main")
	yields(1)
}

// A read that waits on the poller ends with an error at its deadline.
func read_deadline() {
	t := time.Now()
	r, _, _ := os.Pipe()
	r.SetReadDeadline(t.Add(2 * time.Millisecond))
	_, err := r.Read(make([]byte, 1))
	say("%v %v", errors.Is(err, os.ErrDeadlineExceeded), time.Since(t) >= 2*time.Millisecond)
}

// A reader of a pollable pipe parks, and holds no thread; a write wakes it through the poller.
func pipe_read_parks_on_netpoll() {
	r, w, _ := os.Pipe()
	done := make(chan bool)
	go func() { b := make([]byte, 1); r.Read(b); say("read-%s", b); close(done) }()
	yields(1)
	say("main-runs")
	w.Write([]byte("x"))
	say("written")
	<-done
}

// A locked goroutine runs on its own thread, at its normal place in the queues.
func lock_os_thread_keeps_order() {
	var wg sync.WaitGroup
	wg.Add(3)
	go func() { runtime.LockOSThread(); say("L1"); runtime.Gosched(); say("L2"); wg.Done() }()
	for _, n := range []string{"a", "b"} {
		go func() { say(n + "1"); runtime.Gosched(); say(n + "2"); wg.Done() }()
	}
	wg.Wait()
}

// An idle P waits for the earliest timer of any P and takes it from a busy one.
func timer_served_by_other_p_p2() {
	var stop atomic.Bool
	go func() {
		for !stop.Load() {
		}
	}()
	t := time.Now()
	time.Sleep(time.Millisecond)
	d := time.Since(t)
	stop.Store(true)
	say("%v", d < 9*time.Millisecond)
}

// A thief takes the older half of a ring, rounded up, and runs the last of it first; runnext it takes last of all.
func steal_half_run_last_p2() {
	var up, start, left atomic.Int32
	var o [9]int32
	var k atomic.Int32
	go func() {
		up.Store(1)
		for start.Load() == 0 {
		}
	}()
	for up.Load() == 0 {
	}
	left.Store(8)
	for i := range 8 {
		go func() { o[k.Add(1)-1] = int32(i); left.Add(-1) }()
	}
	start.Store(1)
	for left.Load() > 0 {
	}
	say("%v", o[:8])
}

// A goroutine that exits while it is locked takes its thread along, but for the process's first one, which sleeps for ever.
func locked_exit_ends_thread() {
	tid := make(chan int)
	for range 3 {
		go func() { runtime.LockOSThread(); tid <- syscall.Gettid() }()
		id := <-tid
		time.Sleep(5 * time.Millisecond)
		_, err := os.Stat(fmt.Sprintf("/proc/self/task/%d", id))
		say("first=%v gone=%v", id == os.Getpid(), errors.Is(err, os.ErrNotExist))
	}
}

// Calls of LockOSThread nest: the goroutine stays on its thread until the last UnlockOSThread.
func lock_os_thread_nests() {
	var p [2]int
	syscall.Pipe(p[:])
	runtime.LockOSThread()
	runtime.LockOSThread()
	runtime.UnlockOSThread()
	tid := syscall.Gettid()
	go func() { syscall.Read(p[0], make([]byte, 1)) }()
	same := true
	for range 20 {
		time.Sleep(time.Millisecond)
		same = same && syscall.Gettid() == tid
	}
	say("%v", same)
}

// Stopping the world and starting it again leaves the queue of the P that does it as it is.
func stw_keeps_local_order() {
	for i := range 4 {
		go func() { say("%d", i) }()
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	say("main")
	yields(1)
}

// GOMAXPROCS gives the former number; below 1 it changes nothing. With one P less, who ran there goes on later.
func gomaxprocs_shrinks_p2() {
	var up, stop, end atomic.Bool
	go func() {
		up.Store(true)
		for !stop.Load() {
		}
		end.Store(true)
	}()
	for !up.Load() {
	}
	say("%d %d", runtime.GOMAXPROCS(1), runtime.GOMAXPROCS(0))
	stop.Store(true)
	say("%v", end.Load())
	yields(1)
	say("%v", end.Load())
}
