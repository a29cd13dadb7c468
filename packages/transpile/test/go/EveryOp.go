// Every operation once. It means nothing.
package EveryOp

import (
	"runtime"
	"time"

	"batch/orrery"
)

// n: tasks.
const n = 4

// d: pause.
const d = 5 * orrery.Millisecond

// flag: a switch.
const flag = false

// order: who is first.
const order = "naive"

// failures: failures per million.
const failures = 0

var db = &orrery.Service{Name: "db", Servers: 4, QueueLimit: 10, Latency: orrery.Exponential(10 * orrery.Millisecond), FailPerMillion: failures}

var cache = &orrery.Service{Name: "cache", Servers: -1, QueueLimit: -1, Latency: orrery.Constant(d)}

var counter int
var timeout int
var slots []int
var chans []chan any

func reset() {
	counter = 0
	timeout = 1000000
	slots = make([]int, n)
	chans = make([]chan any, 2)
}

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Cells: reset, Files: []int{4096}, Computes: true, Calls: true, End: orrery.WithMain, Select: orrery.First, OnFailure: orrery.Ignore}

func double(t *orrery.Task, i any) int {
	return orrery.Mul(orrery.Int(i), 2)
}

func worker(t *orrery.Task, i int, out chan int) (err error) {
	defer func() {
		t.Log("worker/0.body.0", "worker {0} of {1} is done", i, t.Index())
	}()
	if err := t.Sleep(time.Duration(orrery.Mul(i, orrery.Millisecond))); err != nil {
		return err
	}
	if err := orrery.Send[int](t, out, i); err != nil {
		return err
	}
	return nil
}

func notes(t *orrery.Task, i int) {
	t.Log("notes/0", "note {0}", i)
}

func program(t *orrery.Task) error {
	var x any = 1
	x = orrery.Add(orrery.Int(x), orrery.Sub(n*2, orrery.Int(x)%3/1))
	var y any = min(max(orrery.Int(x), 0), -orrery.Int(x))
	items := []any{1, 2, 3 * orrery.Millisecond}
	items = append(items, []any{x, y})
	items[0] = orrery.At(items, 1, nil)
	_ = orrery.At(items, len(items), 0)
	if x == 1 && y != 2 || !(orrery.Int(x) < orrery.Int(y)) && orrery.Int(x) <= orrery.Int(y) || orrery.Int(x) > orrery.Int(y) || orrery.Int(x) >= orrery.Int(y) || items == nil {
		runtime.Gosched()
	} else {
		runtime.Gosched()
	}
	turns := 0
	for flag {
		if turns++; turns > 10 {
			return orrery.Fail("AssertFailed", "loop at main/8 went beyond its bound")
		}
		continue
	}
	for flag {
		break
	}
	for range 2 {
		t.StatFile()
	}
	for _, each := range items {
		t.Log("main/11.body.0", "{0}", each)
	}
	switch order {
	case "naive":
		t.Count("naive", 1)
	case "asymmetric":
		t.Count("asymmetric", 2)
	default:
		if !false {
			return orrery.Fail("AssertFailed", "no such order")
		}
	}
	doubled := double(t, x)
	caught := func() (err error) {
		defer orrery.Recover(&err)
		caught2 := func() (err error) {
			defer orrery.Recover(&err)
			return orrery.Fail("User:odd", "an odd number")
		}()
		if orrery.Is(caught2, "User:odd", "Timeout") {
			runtime.Gosched()
		} else if orrery.Is(caught2, "Cancelled") {
			return t.Cancelled()
		} else if caught2 != nil {
			return caught2
		}
		return nil
	}()
	t.Expect(true, "finally runs")
	if caught != nil {
		return caught
	}
	out := make(chan int, n)
	orrery.TrySend[int](out, 1)
	orrery.TryRecv[int](out)
	_ = len(out)
	_ = cap(out)
	if _, err := orrery.Recv[int](t, out); err != nil {
		return err
	}
	if _, _, err := orrery.RecvOk[int](t, out); err != nil {
		return err
	}
	var a any
	taken, err := t.SelectTimeoutOrCancel(d, orrery.OnRecvOrNone[int](out, &a, nil), orrery.OnRecv[any]((chan any)(nil), nil, nil), orrery.OnSend[int](out, 1))
	if err != nil {
		return err
	}
	switch taken {
	case 0:
		t.Log("main/22.case0.0", "{0}", a)
	case 1:
		runtime.Gosched()
	case 2:
	case orrery.None:
		runtime.Gosched()
	}
	taken2, err := t.TrySelectOrCancel(orrery.OnRecv[int](out, nil, nil))
	if err != nil {
		return err
	}
	switch taken2 {
	case 0:
		runtime.Gosched()
	case orrery.None:
		runtime.Gosched()
	}
	tasks := []*orrery.Task{}
	for i := range n {
		t2 := t.GoErr("worker", func(t *orrery.Task) error { return worker(t, i, out) })
		tasks = append(tasks, t2)
	}
	last := t.GoErr("worker", func(t *orrery.Task) error { return worker(t, 0, out) })
	t.DetachErr("worker", func(t *orrery.Task) error { return worker(t, 0, out) })
	for {
		r, ok, err := orrery.RecvOk[int](t, out)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		t.Measure("received", r)
	}
	close(out)
	if _, err := orrery.Join[any](t, last); err != nil {
		return err
	}
	if _, err := orrery.JoinFirstSuccess[any](t, tasks); err != nil {
		return err
	}
	if _, err := orrery.JoinAll[any](t, tasks); err != nil {
		return err
	}
	settled, err := t.SettleAll(tasks)
	if err != nil {
		return err
	}
	_ = settled[0].OK
	if err := t.ScopeErr(func() error {
		t.GoErr("worker", func(t *orrery.Task) error { return worker(t, 1, nil) })
		return nil
	}); err != nil {
		return err
	}
	if _, err := orrery.RaceAndLeave[any](t, func() error {
		t.GoErr("worker", func(t *orrery.Task) error { return worker(t, 2, nil) })
		return nil
	}); err != nil {
		return err
	}
	t.CPU(1500 * time.Microsecond)
	t.Block(2 * time.Second)
	if err := t.OffloadOrCancel(2, d); err != nil {
		return err
	}
	m := &orrery.CancelMutex{}
	m.TryLock()
	if err := m.Lock(t); err != nil {
		return err
	}
	m.Unlock()
	s := orrery.NewSemaphore(2)
	if err := s.AcquireOrCancel(t, 1); err != nil {
		return err
	}
	s.Release(1)
	g := &orrery.CancelGroup{}
	g.Add(1)
	g.Done()
	if err := g.Wait(t); err != nil {
		return err
	}
	counted := counter
	slots[0] = counted
	timeout = 2 * orrery.Millisecond
	counter2 := orrery.NewAtomic(0)
	before := counter2.Load()
	counter2.Store(before)
	counter2.Add(1)
	counter2.CompareAndSwap(1, 2)
	p := orrery.NewPromise[any]()
	p.Resolve(doubled)
	p.Reject("Rejected")
	if _, err := p.AwaitErr(t); err != nil {
		return err
	}
	q := orrery.OnResolve(t, p, "double", func(t *orrery.Task, value any) (int, error) { return double(t, value), nil })
	t.Callback("notes", func(t *orrery.Task) { notes(t, 1) })
	if _, err := q.AwaitErr(t); err != nil {
		return err
	}
	if _, err := m.LockFor(t, 5*time.Millisecond); err != nil {
		return err
	}
	m.Unlock()
	if _, err := s.AcquireForOrCancel(t, 2, 5*time.Millisecond); err != nil {
		return err
	}
	s.Release(2)
	rw := &orrery.CancelRWMutex{}
	if err := rw.RLock(t); err != nil {
		return err
	}
	rw.RUnlock()
	if err := rw.Lock(t); err != nil {
		return err
	}
	rw.Unlock()
	cond := orrery.NewTimedCond(m)
	if err := m.Lock(t); err != nil {
		return err
	}
	if err := cond.WaitOrCancel(t); err != nil {
		return err
	}
	if _, err := cond.WaitForOrCancel(t, 5*time.Millisecond); err != nil {
		return err
	}
	m.Unlock()
	cond.Signal()
	cond.Broadcast()
	monitor := &orrery.Monitor{}
	if err := monitor.WithinErr(t, func() error {
		if err := monitor.WaitOrCancel(t); err != nil {
			return err
		}
		if _, err := monitor.WaitForOrCancel(t, 5*time.Millisecond); err != nil {
			return err
		}
		monitor.Notify(t)
		monitor.NotifyAll(t)
		return nil
	}); err != nil {
		return err
	}
	once := &orrery.Once{}
	once.Do(func() { notes(t, 2) })
	e := orrery.NewEvent()
	e.Set()
	if err := e.WaitOrCancel(t); err != nil {
		return err
	}
	barrier := orrery.NewBarrier(1)
	if err := barrier.WaitOrCancel(t); err != nil {
		return err
	}
	deadline := orrery.Alarm[int](t, 5*time.Millisecond)
	if _, err := orrery.Recv[int](t, deadline); err != nil {
		return err
	}
	timer, times := orrery.NewTimer[int](t, 5*time.Millisecond)
	ticker, ticks := orrery.NewTicker[int](t, 5*time.Millisecond, orrery.Drop)
	if _, err := orrery.Recv[int](t, times); err != nil {
		return err
	}
	if _, err := orrery.Recv[int](t, ticks); err != nil {
		return err
	}
	ticker.Stop()
	timer.Reset(d)
	late := t.AfterFunc(5*time.Millisecond, "notes", func(t *orrery.Task) { notes(t, 3) })
	late.Stop()
	if err := t.Deadline(d, func() error {
		if err := t.Check(); err != nil {
			return err
		}
		return nil
	}); err != nil {
		return err
	}
	last.Cancel()
	t.IsCancelled()
	if err := t.ShieldErr(func() error {
		if err := t.Sleep(time.Millisecond); err != nil {
			return err
		}
		return nil
	}); err != nil {
		return err
	}
	token := &orrery.Token{}
	token.Cancel()
	if err := t.Under(token, func() error {
		runtime.Gosched()
		return nil
	}); err != nil {
		return err
	}
	if err := db.Call(t); err != nil {
		return err
	}
	if err := cache.Call(t); err != nil {
		return err
	}
	t.ReadSlowFile(4096, time.Millisecond)
	start := t.Now()
	t.MarkSince("latency", start)
	t.Gauge("wait", orrery.Add(3600*orrery.Second, start))
	t.Draw("s", orrery.Constant(5))
	t.Draw("s", orrery.Uniform(orrery.Millisecond, 2*orrery.Millisecond))
	t.Draw("s", orrery.Erlang(4, orrery.Millisecond))
	t.Draw("s", orrery.Lognormal(orrery.Millisecond, 500))
	t.Draw("s", orrery.Pareto(orrery.Millisecond, 2500))
	t.Draw("s", orrery.TwoPoint(orrery.Millisecond, 50*orrery.Millisecond, 10000))
	t.Draw("s", orrery.Table(1, 2, 3))
	t.Choose(3)
	return nil
}
