// What Go itself says of its goroutines, one case for each argument; ../../diagnostics.ts has the same on the model's library.
package main

import (
	"fmt"
	"iter"
	"os"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

func waiter(c chan int) { <-c }

func main() {
	var mu sync.Mutex
	var rw sync.RWMutex
	var wg sync.WaitGroup
	c := make(chan int)
	switch what := os.Args[1]; what {
	case "deadlock": // a goroutine for each reason to wait that a deadlock allows
		mu.Lock()
		rw.RLock()
		wg.Add(1)
		go waiter(c)
		runtime.Gosched()
		go func() { make(chan int) <- 1 }()
		go func() { mu.Lock() }()
		go func() { rw.Lock() }()
		runtime.Gosched()
		go func() { rw.Lock() }()
		go func() { rw.RLock() }()
		go func() { var m sync.Mutex; m.Lock(); sync.NewCond(&m).Wait() }()
		go func() { wg.Wait() }()
		go func() { select {} }()
		go func() { var c chan int; <-c }()
		go func() { var c chan int; c <- 1 }()
		go func() {
			select {
			case <-c:
			case <-make(chan int):
			}
		}()
		go func() { runtime.LockOSThread(); <-make(chan int) }()
		go func() {
			next, _ := iter.Pull(func(yield func(int) bool) { select {} })
			next()
		}()
		new(sync.WaitGroup).Go(func() { select {} })
		runtime.Gosched()
		go func() {}()
		runtime.Gosched()
		go func() { select {} }() // in the place of the one before
		<-make(chan int)
	case "goexit":
		go func() {}()
		runtime.Goexit()
	case "panic":
		go func() { panic("boom") }()
		select {}
	case "panic_in_group":
		wg.Go(func() { panic("boom") })
		wg.Wait()
	case "panic_in_timer":
		time.AfterFunc(1, func() { panic("boom") })
		select {}
	case "panic_in_sequence":
		next, _ := iter.Pull(func(yield func(int) bool) { panic("inside") })
		next()
	case "negative_add":
		wg.Add(-1)
	case "negative_done":
		wg.Done()
	case "closed":
		go func() { close(c) }()
		c <- 1
	case "unlock":
		mu.Unlock()
	case "runlock":
		rw.RUnlock()
	case "rwunlock":
		rw.Unlock()
	case "stacks", "profile": // of goroutines that wait for time, for data and for a P
		r, _, _ := os.Pipe()
		var p [2]int
		syscall.Pipe(p[:])
		go func() { time.Sleep(time.Hour) }()
		go func() { r.Read(make([]byte, 1)) }()
		go func() { syscall.Read(p[0], make([]byte, 1)) }()
		go func() { <-time.After(time.Hour) }()
		time.AfterFunc(1, func() { select {} })
		time.Sleep(30 * time.Millisecond)
		go func() {
			for {
				runtime.Gosched()
			}
		}()
		runtime.Gosched()
		go func() {}()
		if what == "profile" {
			pprof.Lookup("goroutine").WriteTo(os.Stderr, 1)
			return
		}
		b := make([]byte, 1<<16)
		os.Stderr.Write(b[:runtime.Stack(b, true)])
	case "metrics":
		var all []string
		for _, d := range metrics.All() {
			if strings.HasPrefix(d.Name, "/sched/") && !strings.HasSuffix(d.Name, ":seconds") {
				all = append(all, d.Name)
			}
		}
		slices.Sort(all)
		fmt.Fprintln(os.Stderr, strings.Join(all, "\n"))
	case "schedtrace", "scheddetail":
		go func() { runtime.LockOSThread(); select {} }()
		for range 3 {
			go func() {
				for {
					mu.Lock()
					for t := time.Now(); time.Since(t) < time.Millisecond; {
					}
					mu.Unlock()
					runtime.Gosched()
				}
			}()
		}
		time.Sleep(35 * time.Millisecond)
	}
}
