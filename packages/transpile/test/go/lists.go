// A sample.
package lists

import (
	"batch/orrery"
)

var hs []*orrery.Mutex
var names []string

func reset() {
	hs = make([]*orrery.Mutex, 2)
	names = make([]string, 2)
	for i := range names {
		names[i] = "a"
	}
}

// Program is what a batch runs.
var Program = orrery.Program{Main: program, Cells: reset, Select: orrery.First}

func grow(t *orrery.Task, l *orrery.List[int]) {
	l.Items = append(l.Items, 3)
	l.Items[0] = 9
}

func give(t *orrery.Task) *orrery.List[int] {
	a := orrery.ListOf[int](1, 2)
	return a
}

func program(t *orrery.Task) error {
	l := orrery.ListOf[int](1, 2)
	grow(t, l)
	t.Log("main/2", "{0} {1}", l, len(l.Items))
	t2 := t.Go("grow", func(t *orrery.Task) { grow(t, l) })
	t2.Wait()
	t.Log("main/5", "{0}", l)
	for i := 0; i < len(l.Items); i++ {
		x := l.Items[i]
		if len(l.Items) < 7 {
			l.Items = append(l.Items, orrery.Add(x, 1))
		}
		t.Log("main/6.body.1", "x {0}", x)
	}
	g := give(t)
	t.Log("main/8", "{0}", orrery.At(g.Items, 1, 0))
	n := orrery.AtOrNone(g.Items, 8)
	t.Log("main/10", "{0} {1}", n, n == nil)
	m := &orrery.Mutex{}
	hs[1] = m
	mm := hs[1]
	mm.Lock()
	m0 := hs[0]
	t.Log("main/16", "{0}", m0 == nil)
	caught := func() (err error) {
		defer orrery.Recover(&err)
		m0.Lock()
		return nil
	}()
	if orrery.Is(caught, "NoneDeref") {
		t.Log("main/17.catch0.0", "no lock")
	} else if caught != nil {
		return caught
	}
	s := names[1]
	t.Log("main/19", "{0} {1}", s, s == "a")
	t1 := t.GoValue("give", func(t *orrery.Task) (any, error) { return give(t), nil })
	t22 := t.GoValue("give", func(t *orrery.Task) (any, error) { return give(t), nil })
	all := orrery.Must(orrery.Listed(orrery.JoinAll[*orrery.List[int]](t, orrery.ListOf[*orrery.Task](t1, t22).Items)))
	t.Log("main/23", "{0}", all)
	q := min(-7/2, -7%3)
	t.Log("main/25", "{0} {1}", q, 3-(2-1))
	zero := 0
	caught2 := func() (err error) {
		defer orrery.Recover(&err)
		t.Log("main/27.body.0", "{0}", orrery.Div(1, zero))
		return nil
	}()
	if orrery.Is(caught2, "Overflow") {
		t.Log("main/27.catch0.0", "div")
	} else if caught2 != nil {
		return caught2
	}
	mixed := orrery.ListOf[any](1, "x", nil, true)
	t.Log("main/29", "{0}", mixed)
	for _, each := range mixed.Items {
		switch each {
		case 1:
			t.Log("main/30.body.0.case0.0", "one")
		case "x":
			t.Log("main/30.body.0.case1.0", "ex")
		case nil:
			t.Log("main/30.body.0.case2.0", "none")
		default:
			t.Log("main/30.body.0.otherwise.0", "else")
		}
	}
	return nil
}
