// The conformance programs of the Go model: what its tests are copies of. Each says its output on a real Go with
// GOMAXPROCS=1 (names ending in _p2: 2): `go run . spawn_order`. All of them gave these outputs on go1.23.5 and go1.26.8.
package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var out []string

func say(f string, a ...any) { out = append(out, fmt.Sprintf(f, a...)) }
func yields(n int) {
	for range n {
		runtime.Gosched()
	}
}
func burn(d time.Duration) {
	for t := time.Now(); time.Since(t) < d; {
	}
}            // CPU, never parks
func flush() { fmt.Println(strings.Join(out, " ")) }
func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			say("<%v>", r)
		}
	}()
	f()
}
func main() { yields(3); progs[os.Args[1]](); flush() }

var _ = []any{context.Background, errors.New, atomic.AddInt32, syscall.Read}

func spawn_order() { // newproc -> runnext; each spawn kicks the previous one to the runq tail
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Add(1)
		go func() { say("%d", i); wg.Done() }()
	}
	wg.Wait()
} // Output: 5 0 1 2 3 4
func spawn_nested() {
	var wg sync.WaitGroup
	wg.Add(5)
	g := func(n string) { say(n); wg.Done() }
	go func() { say("A"); go g("A1"); go g("A2"); g("a") }()
	go func() { say("B"); go g("B1"); wg.Done() }()
	wg.Wait()
} // Output: B B1 A a A2 A1
func spawn_does_not_switch() {
	done := make(chan bool)
	go func() { say("child"); done <- true }()
	say("parent")
	<-done
	say("joined")
} // Output: parent child joined
func gosched_goes_global() { // both yields land in sched.runq; local queue drains first
	var wg sync.WaitGroup
	for _, n := range []string{"a", "b"} {
		wg.Add(1)
		go func() { say(n + "1"); runtime.Gosched(); say(n + "2"); wg.Done() }()
	}
	wg.Wait()
} // Output: b1 a1 b2 a2
func gosched_runs_all_local_first() {
	for i := range 4 {
		go func() { say("%d", i) }()
	}
	say("m1")
	runtime.Gosched()
	say("m2")
} // Output: m1 3 0 1 2 m2
func exit_then_runnext() { // close(done) readies main into runnext: a and b never run
	done := make(chan bool)
	go func() { say("a") }()
	go func() { say("b") }()
	go func() { say("z"); close(done) }()
	<-done
} // Output: z
func runq_overflow() { // 257th local G moves 128 oldest + itself to sched.runq
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
} // Output: first=299 early=true lastThree=[126 127 256]
func global_every_61() { // X lives in sched.runq; every local G here costs one schedtick
	var n, last int
	var d []int
	stop := false
	done := make(chan bool)
	var body func()
	body = func() {
		n++
		if !stop {
			go body()
			go func() {}()
		}
	} // the dummy kicks body out of runnext
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
} // Output: [60 60 60 60 60]
func runnext_chain_ignores_61() { // a runnext chain never ticks: X in sched.runq waits for all 5000 links (a tick-per-run model lets it in after 60)
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
	runtime.Gosched()
	go chain()
	<-done
	say("%d", seen)
} // Output: 5000

func send_does_not_switch() { // receiver already parked: value copied to it, it becomes runnext, sender keeps running
	c := make(chan int)
	done := make(chan bool)
	go func() { say("got%d", <-c); close(done) }()
	yields(1)
	c <- 7
	say("sent")
	<-done
} // Output: sent got7
func recv_from_parked_sender() { // mirrored: receiver keeps running, sender becomes runnext
	c := make(chan int)
	done := make(chan bool)
	go func() { c <- 7; say("sent"); close(done) }()
	yields(1)
	say("got%d", <-c)
	<-done
} // Output: got7 sent
func ready_three() { // three readies in a row: last one first, the others FIFO
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
} // Output: 2 0 1
func recvq_fifo() { // waiters parked in order 2,0,1
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
} // Output: r1=30 r2=10 r0=20
func buffered_sender_rotation() { // recv from full buffer takes head, parked sender's value goes to the tail
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
} // Output: a c b sent-b sent-c
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
} // Output: s0 s1 r0 r1 r2 s2 s3 s4 r3 r4
func close_wakes_lifo() { // closechan collects waiters on a LIFO gList
	c := make(chan int)
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Add(1)
		go func() { _, ok := <-c; say("%d:%v", i, ok); wg.Done() }()
	}
	yields(1)
	close(c)
	wg.Wait()
} // Output: 4:false 3:false 2:false 1:false 0:false
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
} // Output: 1 2 0 false
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
} // Output: <send on closed channel> 2 <send on closed channel> 1 <send on closed channel> 0 <send on closed channel> <close of closed channel> <close of nil channel>
func pingpong_starves_third() { // the pair shares one time slice through runnext until sysmon preempts (10 ms)
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
} // Output: true
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
} // Output: c-sent c-full nil-full got1 empty 0,false
func select_uniform() { // cheaprandn shuffle of pollorder: uniform among ready cases
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
} // Output: true
func select_one_ready_case() { // either value, nothing else
	a, b := make(chan string, 1), make(chan string, 1)
	a <- "a"
	b <- "b"
	select {
	case v := <-a:
		say(v)
	case v := <-b:
		say(v)
	}
} // Output (any of): a --- b
func select_claimed_once() { // first wake-up CASes selectDone; later senders skip the stale sudog
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
} // Output: b-skipped a
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
} // Output: plain2 sel1
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
} // Output: 5 default default
func coroutine_bypasses_scheduler() { // iter.Pull switches directly; runq is not consulted
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
} // Output: 0 1 2 other

func sleep_orders_by_deadline() {
	var wg sync.WaitGroup
	for _, ms := range []int{24, 4, 14} {
		wg.Add(1)
		go func() { time.Sleep(time.Duration(ms) * time.Millisecond); say("%d", ms); wg.Done() }()
	}
	wg.Wait()
} // Output: 4 14 24
func expired_together_last_first() { // one timers.check fires all of them: the last becomes runnext
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Add(1)
		go func() { time.Sleep(time.Millisecond); say("%d", i); wg.Done() }()
	}
	yields(1)
	burn(3 * time.Millisecond)
	wg.Wait() // armed in order 3 0 1 2
} // Output: 2 3 0 1
func idle_sleepers_same_duration() { // idle P: epoll_wait has 1 ms granularity, so one check fires all four; last armed runs first
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Add(1)
		go func() { time.Sleep(3 * time.Millisecond); say("%d", i); wg.Done() }()
	}
	wg.Wait() // armed in order 3 0 1 2
} // Output: 2 3 0 1
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
} // Output: S A B
func sleep_zero_is_noop() {
	go func() { say("other") }()
	time.Sleep(0)
	time.Sleep(-5)
	say("main")
	time.Sleep(1)
	say("end")
} // Output: main end
func afterfunc_spawns_goroutines() {
	var wg sync.WaitGroup
	wg.Add(3)
	for i := range 3 {
		time.AfterFunc(time.Millisecond, func() { say("f%d", i); wg.Done() })
	}
	burn(3 * time.Millisecond)
	say("main")
	wg.Wait()
} // Output: main f2 f0 f1
func timer_channel_is_lazy() { // since 1.23: not in the heap until somebody blocks on it
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
} // Output: len0 cap0 fired stop=false
func stop_after_expiry_unread() { // nobody looked at it, so Stop still wins and no stale value remains
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
} // Output: stop=true clean reset=false again
func afterfunc_stop() {
	t := time.AfterFunc(time.Hour, func() { say("no") })
	say("%v %v", t.Stop(), t.Stop())
	u := time.AfterFunc(time.Millisecond, func() { say("yes") })
	time.Sleep(4 * time.Millisecond)
	say("%v", u.Stop())
} // Output: true false yes false
func ticker_drops_and_realigns() { // late consumer: one tick kept (stamped when due), then back on the grid
	s := time.Now()
	t := time.NewTicker(10 * time.Millisecond)
	burn(35 * time.Millisecond)
	a, b := (<-t.C).Sub(s), (<-t.C).Sub(s)
	b = b.Round(2 * time.Millisecond)
	say("%v %v", a.Round(2*time.Millisecond), b >= 40*time.Millisecond && b%(10*time.Millisecond) == 0)
} // Output: 10ms true
func timeout_select() {
	c := make(chan int)
	select {
	case <-c:
		say("value")
	case <-time.After(2 * time.Millisecond):
		say("timeout")
	}
} // Output: timeout
func cpu_hog_is_preempted() { // one P: sysmon preempts at >= 10 ms, main's sleep ends late
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
} // Output: true
func hog_goes_to_global_tail() { // preempted G queues behind the G already there
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
	yields(1) // hog runs first and is preempted; main was already in sched.runq
	say("main")
	go func() { say("late"); stop = true; wg.Done() }()
	wg.Wait()
} // Output: main late hog-end
func blocking_syscall_frees_p() { // raw read(2): sysmon retakes the P and hands it to another M
	var p [2]int
	syscall.Pipe(p[:])
	done := make(chan bool)
	go func() { b := make([]byte, 1); syscall.Read(p[0], b); say("read-%s", b); close(done) }()
	yields(1)
	say("main-runs")
	syscall.Write(p[1], []byte("x"))
	<-done
} // Output: main-runs read-x
func syscall_return_without_p_goes_global() {
	var p [2]int
	syscall.Pipe(p[:])
	var wg sync.WaitGroup
	wg.Add(3)
	go func() { syscall.Read(p[0], make([]byte, 1)); say("S"); wg.Done() }()
	yields(1)
	syscall.Write(p[1], []byte("x")) // S's thread wakes, finds no P: exitsyscallNoP -> sched.runq, M parks
	for _, n := range []string{"A", "B"} {
		go func() { say(n); wg.Done() }()
	}
	burn(4 * time.Millisecond)
	wg.Wait()
} // Output (any of): B A S --- S B A
func short_syscall_does_not_switch() {
	go func() { say("other") }()
	for range 100 {
		syscall.Getppid()
	}
	say("main")
	yields(1)
} // Output: main other
func read_deadline() {
	r, _, _ := os.Pipe()
	r.SetReadDeadline(time.Now().Add(2 * time.Millisecond))
	_, err := r.Read(make([]byte, 1))
	say("%v|%v", err, errors.Is(err, os.ErrDeadlineExceeded))
} // Output: read |0: i/o timeout|true
func pipe_read_parks_on_netpoll() { // os.Pipe is pollable: G parks, no thread is held
	r, w, _ := os.Pipe()
	done := make(chan bool)
	go func() { b := make([]byte, 1); r.Read(b); say("read-%s", b); close(done) }()
	yields(1)
	say("main-runs")
	w.Write([]byte("x"))
	say("written")
	<-done
} // Output: main-runs written read-x

func mutex_barging() { // Unlock wakes W but the running G re-locks first; W re-queues at the front
	var mu sync.Mutex
	done := make(chan bool)
	mu.Lock()
	go func() { mu.Lock(); say("W"); mu.Unlock(); close(done) }()
	yields(1)
	mu.Unlock()
	mu.Lock()
	say("main-again")
	yields(1)
	say("still-main")
	mu.Unlock()
	<-done
} // Output: main-again still-main W
func mutex_fifo() { // parked in order 3 0 1 2
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
} // Output: main 3 0 1 2
func mutex_starvation_handoff() { // waited > 1 ms and lost once: next Unlock hands over and yields to it
	var mu sync.Mutex
	done := make(chan bool)
	mu.Lock()
	go func() { mu.Lock(); say("W"); mu.Unlock(); close(done) }()
	yields(1)
	burn(2 * time.Millisecond)
	mu.Unlock()
	mu.Lock()
	yields(1) // W wakes, loses, sets mutexStarving
	say("try=%v", mu.TryLock())
	mu.Unlock()
	say("main")
	<-done
} // Output: try=false W main
func mutex_woken_blocks_second_wake() { // mutexWoken: two Unlocks in a row wake only one waiter
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
} // Output: w1 u1 w0 u0
func mutex_wakeup_token_theft() { // sema count is 1 until W runs: Y's semacquire takes it without parking; W re-queues behind Y
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
} // Output: Y W
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
} // Output: try=false W R2
func rwmutex_unlock_releases_readers_first() { // readers that queued during the write go before the next writer
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
} // Output: r2 r0 r1 W2
func cond_signal_fifo() { // waiters take tickets in order 2 0 1
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
} // Output: 2 0 1
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
} // Output: 2 3 0 1
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
} // Output: false true
func waitgroup_waiters() { // Done releases the semaphore once per waiter, FIFO; last becomes runnext
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
} // Output: main 2 3 0 1
func waitgroup_zero_wait_does_not_yield() {
	var wg sync.WaitGroup
	go func() { say("other") }()
	wg.Wait()
	say("main")
	yields(1)
	try(func() { wg.Done() })
} // Output: main other <sync: negative WaitGroup counter>
func once_second_caller_waits() {
	var o sync.Once
	var wg sync.WaitGroup
	wg.Add(2)
	for i := range 2 {
		go func() { o.Do(func() { say("init%d", i); runtime.Gosched(); say("ready") }); say("use%d", i); wg.Done() }()
	}
	wg.Wait()
} // Output: init1 ready use1 use0
func once_panic_counts_as_done() {
	var o sync.Once
	try(func() { o.Do(func() { panic("boom") }) })
	o.Do(func() { say("never") })
	say("end")
	f := sync.OnceFunc(func() { panic("again") })
	try(f)
	try(f)
} // Output: <boom> end <again> <again>
func channel_semaphore_fifo() { // buffered-channel semaphore: waiters park in sendq; release hands over in FIFO order
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
} // Output: main 2 0 1

func ctx_cancel_parent_then_child() { // parent done closed first, then children: the child's waiter is readied last and runs first
	p, cancel := context.WithCancel(context.Background())
	c, _ := context.WithCancel(p)
	var wg sync.WaitGroup
	wg.Add(2)
	go func() { <-p.Done(); say("P"); wg.Done() }()
	go func() { <-c.Done(); say("C:%v", c.Err()); wg.Done() }()
	yields(1)
	cancel()
	say("cancelled")
	wg.Wait()
} // Output: cancelled C:context canceled P
func ctx_timeout_err_and_cause() {
	e := errors.New("why")
	c, cancel := context.WithTimeoutCause(context.Background(), time.Millisecond, e)
	defer cancel()
	<-c.Done()
	say("%v|%v|%v", c.Err(), context.Cause(c), errors.Is(c.Err(), context.DeadlineExceeded))
	d, stop := context.WithCancelCause(c)
	say("%v", context.Cause(d))
	stop(nil)
} // Output: context deadline exceeded|why|true why
func ctx_child_deadline_later_than_parent() {
	p, c1 := context.WithTimeout(context.Background(), time.Millisecond)
	defer c1()
	k, c2 := context.WithTimeout(p, time.Hour)
	defer c2()
	a, _ := p.Deadline()
	b, _ := k.Deadline()
	<-k.Done()
	say("%v %v", a.Equal(b), k.Err())
} // Output: true context deadline exceeded
func ctx_afterfunc() { // runs in its own goroutine; stop reports whether it prevented the run
	c, cancel := context.WithCancel(context.Background())
	s1 := context.AfterFunc(c, func() { say("af1") })
	s2 := context.AfterFunc(c, func() { say("af2") })
	say("%v", s2())
	cancel()
	say("main")
	yields(1)
	say("%v", s1())
} // Output: true main af1 false
func ctx_siblings_random() { // children live in a map: wake order is any order of readying
	p, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for i := range 2 {
		c, _ := context.WithCancel(p)
		wg.Add(1)
		go func() { <-c.Done(); say("%d", i); wg.Done() }()
	}
	yields(1)
	cancel()
	wg.Wait()
} // Output (any of): 0 1 --- 1 0
func cancel_is_cooperative() {
	c, cancel := context.WithCancel(context.Background())
	done := make(chan bool)
	go func() {
		for i := 0; c.Err() == nil; i++ {
			say("w%d", i)
			runtime.Gosched()
		}
		say("bye")
		close(done)
	}()
	yields(2)
	cancel()
	say("cancelled")
	<-done
} // Output: w0 w1 cancelled bye
func first_error_wins() { // the errgroup shape: WaitGroup + Once + cancel
	c, cancel := context.WithCancelCause(context.Background())
	var wg sync.WaitGroup
	var once sync.Once
	var err error
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if i == 0 {
				<-c.Done()
				say("t0:%v", context.Cause(c))
				return
			}
			e := fmt.Errorf("e%d", i)
			say("t%d", i)
			once.Do(func() { err = e; cancel(e) })
		}()
	}
	wg.Wait()
	say("err=%v", err)
} // Output: t2 t0:e2 t1 err=e2
func race_first_result_losers_run_on() {
	c := make(chan int, 3)
	for i := range 3 {
		go func() { say("s%d", i); c <- i; say("e%d", i) }()
	}
	say("won%d", <-c)
	yields(2)
} // Output: s2 e2 won2 s0 e0 s1 e1
func unbuffered_race_leaks() { // the losers park forever: goroutine leak
	c := make(chan int)
	for i := range 3 {
		go func() { c <- i }()
	}
	say("won%d", <-c)
	yields(3)
	say("live%d", runtime.NumGoroutine())
} // Output: won2 live3
func panic_kills_process() {
	defer say("never")
	go func() { defer fmt.Print("deferred "); panic("boom") }()
	yields(1)
	fmt.Print("unreached")
} // Output: deferred [exit 2: panic: boom]
func panic_error_value() {
	go func() { panic(fmt.Errorf("wrapped: %w", context.Canceled)) }()
	yields(1)
} // Output: [exit 2: panic: wrapped: context canceled]
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
} // Output: rec=<nil> main
func deadlock_all_asleep() {
	c := make(chan int)
	go func() { c <- 1; c <- 2 }()
	fmt.Print(<-c)
	select {}
}                          // Output: 1 [exit 2: fatal error: all goroutines are asleep - deadlock!]
func deadlock_self_mutex() { var mu sync.Mutex; mu.Lock(); mu.Lock() } // Output: [exit 2: fatal error: all goroutines are asleep - deadlock!]
func deadlock_after_main_goexit() {
	go func() { fmt.Print("g") }()
	runtime.Goexit()
} // Output: g [exit 2: fatal error: no goroutines (main called runtime.Goexit) - deadlock!]
func no_deadlock_with_pending_timer() {
	c := make(chan int)
	time.AfterFunc(3*time.Millisecond, func() { c <- 1 })
	say("got%d", <-c)
}                            // Output: got1
func fatal_not_recoverable() { defer func() { recover() }(); var mu sync.Mutex; mu.Unlock() } // Output: [exit 2: fatal error: sync: unlock of unlocked mutex]
func main_return_kills_goroutines() { // no join, deferred calls of other goroutines are not run
	go func() { defer fmt.Print("never"); say("started"); select {} }()
	yields(1)
}                           // Output: started
func os_exit_skips_defers() { defer fmt.Print("never"); fmt.Print("x"); os.Exit(3) } // Output: x [exit 3: ]
func lock_os_thread_keeps_order() { // locked G runs on its own M, but at its normal place in the queues
	var wg sync.WaitGroup
	wg.Add(3)
	go func() { runtime.LockOSThread(); say("L1"); runtime.Gosched(); say("L2"); wg.Done() }()
	for _, n := range []string{"a", "b"} {
		go func() { say(n + "1"); runtime.Gosched(); say(n + "2"); wg.Done() }()
	}
	wg.Wait()
} // Output: b1 L1 a1 b2 L2 a2
func timer_served_by_other_p_p2() { // the idle M polls until the earliest timer of any P and steals it (contrast cpu_hog_is_preempted)
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
} // Output: true
func steal_half_run_last_p2() { // thief grabs n-n/2 from the head, runs the last grabbed first; runnext only on try 4
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
} // Output (any of): [3 0 1 2 5 4 6 7] --- [7 0 1 2 3 4 5 6]
