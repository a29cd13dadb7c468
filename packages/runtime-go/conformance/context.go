// Package context, and idioms of cancelling.
package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// A cancel closes the parent's channel and then the child's, so the child's waiter is runnext and runs first.
func ctx_cancel_parent_then_child() {
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
}

// A timeout has its own error and the cause that was given, which children made later inherit.
func ctx_timeout_err_and_cause() {
	e := errors.New("why")
	c, cancel := context.WithTimeoutCause(context.Background(), time.Millisecond, e)
	defer cancel()
	<-c.Done()
	say("%v|%v|%v", c.Err(), context.Cause(c), errors.Is(c.Err(), context.DeadlineExceeded))
	d, stop := context.WithCancelCause(c)
	say("%v", context.Cause(d))
	stop(nil)
}

// A child whose deadline is later has the parent's deadline, and ends with it.
func ctx_child_deadline_later_than_parent() {
	p, c1 := context.WithTimeout(context.Background(), time.Millisecond)
	defer c1()
	k, c2 := context.WithTimeout(p, time.Hour)
	defer c2()
	a, _ := p.Deadline()
	b, _ := k.Deadline()
	<-k.Done()
	say("%v %v", a.Equal(b), k.Err())
}

// AfterFunc runs in a goroutine of its own after the cancel; its stop tells whether it prevented that.
func ctx_afterfunc() {
	c, cancel := context.WithCancel(context.Background())
	s1 := context.AfterFunc(c, func() { say("af1") })
	s2 := context.AfterFunc(c, func() { say("af2") })
	say("%v", s2())
	cancel()
	say("main")
	yields(1)
	say("%v", s1())
}

// Children are kept in a map: of two siblings the second, readied last, runs first 7 times in 8.
func ctx_siblings_random() {
	inOrder := 0
	for range 800 {
		p, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		var o []int
		for i := range 2 {
			c, _ := context.WithCancel(p)
			wg.Add(1)
			go func() { <-c.Done(); o = append(o, i); wg.Done() }()
		}
		yields(1)
		cancel()
		wg.Wait()
		if o[0] == 0 {
			inOrder++
		}
	}
	say("%v", inOrder > 60 && inOrder < 140)
}

// A cancel interrupts nobody: the goroutine ends when it looks.
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
}

// With a WaitGroup, a Once and a cancel, as in errgroup, the first error is kept and cancels the others.
func first_error_wins() {
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
}
