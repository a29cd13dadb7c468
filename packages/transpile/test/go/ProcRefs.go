// References to procedures: called, spawned, kept in lists, maps and cells, sent.
package ProcRefs

import (
	"runtime"
	"time"

	"batch/orrery"
)

type Step func(*orrery.Task, int) int

type Job = *orrery.Named[func(*orrery.Task, int)]

type Again func(*orrery.Task, int) int

type Fold func(*orrery.Task) int

type Work = *orrery.Named[func(*orrery.Task, int) (int, error)]

var kept Step
var next Again

func reset() {
	kept = nil
	next = nil
}

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Cells: reset}

func addTo(t *orrery.Task, k int, n int) int {
	return orrery.Add(k, n)
}

func twice(t *orrery.Task, n int) int {
	return orrery.Mul(n, 2)
}

func say(t *orrery.Task, word string, k int, n int) {
	t.Log("say/0", "{0} {1} {2}", word, k, n)
	runtime.Gosched()
	t.Log("say/2", "{0} ends", word)
}

func hush(t *orrery.Task, n int) {
	t.Log("hush/0", "hush {0}", n)
}

func down(t *orrery.Task, n int) int {
	t.Enter()
	defer t.Leave()
	if n <= 0 {
		return 0
	}
	next2 := next
	rest := next2(t, orrery.Sub(n, 1))
	return orrery.Add(rest, 1)
}

func sum(t *orrery.Task, items []int) int {
	total := 0
	for _, item := range items {
		total = orrery.Add(total, item)
	}
	return total
}

func slow(t *orrery.Task, k int, n int) (int, error) {
	time.Sleep(time.Millisecond)
	return orrery.Mul(k, n), nil
}

func fast(t *orrery.Task, n int) (int, error) {
	if n > 8 {
		return 0, orrery.Fail("User:tooMuch")
	}
	return n, nil
}

func apply(t *orrery.Task, step Step, n int) int {
	once := step(t, n)
	again := step(t, once)
	return again
}

func program(t *orrery.Task) error {
	k := 1
	k2 := k
	plus := func(t *orrery.Task, n int) int { return addTo(t, k2, n) }
	k = 10
	first := plus(t, 5)
	second := apply(t, plus, 5)
	k3 := k
	third := apply(t, func(t *orrery.Task, n int) int { return addTo(t, k3, n) }, 5)
	t.Log("main/6", "{0} {1} {2}", first, second, third)
	steps := []Step{plus, twice, func(t *orrery.Task, n int) int { return addTo(t, 3, n) }}
	for _, step := range steps {
		got := step(t, 7)
		t.Log("main/8.body.1", "got {0}", got)
	}
	byName := map[string]Step{"twice": twice}
	found := orrery.Get(byName, "twice", nil)
	doubled := found(t, 21)
	t.Log("main/12", "{0}", doubled)
	c := make(chan Step, 1)
	c <- func(t *orrery.Task, n int) int { return addTo(t, 100, n) }
	sent := <-c
	hundred := sent(t, 1)
	before := kept
	t.Log("main/18", "{0} {1}", hundred, before == nil)
	caught := func() (err error) {
		defer orrery.Recover(&err)
		before(t, 1)
		return nil
	}()
	if orrery.Is(caught, "NoneDeref") {
		t.Log("main/19.catch0.0", "none")
	} else if caught != nil {
		return caught
	}
	kept = plus
	after := kept
	six := after(t, 5)
	t.Log("main/23", "{0} {1}", six, after == nil)
	k4 := k
	ref := orrery.Name("say", func(t *orrery.Task, n int) { say(t, "a", k4, n) })
	a := t.Go(ref.Proc, func(t *orrery.Task) { ref.Func(t, 1) })
	ref2 := orrery.Name("hush", hush)
	var n int = orrery.Add(k, 1)
	quiet := t.Go(ref2.Proc, func(t *orrery.Task) { ref2.Func(t, n) })
	k = 11
	k5 := k
	t.Go("say", func(t *orrery.Task) { say(t, "o", k5, 0) })
	if err := t.Join(a); err != nil {
		return err
	}
	if err := t.Join(quiet); err != nil {
		return err
	}
	next = down
	depth := down(t, 20)
	t.Log("main/32", "down {0}", depth)
	items := []int{1, 2, 3}
	total := func(t *orrery.Task) int { return sum(t, items) }(t)
	t.Log("main/34", "{0}", total)
	works := []Work{orrery.Name("slow", func(t *orrery.Task, n int) (int, error) { return slow(t, 2, n) }), orrery.Name("fast", fast)}
	tasks := []*orrery.Task{}
	for i := 0; i < len(works); i++ {
		work := works[i]
		now, err := work.Func(t, 4)
		if err != nil {
			return err
		}
		t.Log("main/37.body.1", "now {0}", now)
		task := t.GoValue(work.Proc, func(t *orrery.Task) (any, error) { return work.Func(t, 5) })
		tasks = append(tasks, task)
	}
	all, err := orrery.JoinAll[int](t, tasks)
	if err != nil {
		return err
	}
	t.Log("main/39", "{0}", all)
	caught2 := func() (err error) {
		defer orrery.Recover(&err)
		if _, err := orrery.Name("fast", fast).Func(t, 9); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught2, "User:tooMuch") {
		t.Log("main/40.catch0.0", "too much")
	} else if caught2 != nil {
		return caught2
	}
	return nil
}
