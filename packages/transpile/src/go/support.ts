/**
 * The support package of every Go program: what Orrery's language has and Go has not. Kept as text so that it can be written
 * beside generated source anywhere, a browser included.
 */
export const supportPath = "orrery/orrery.go";

export const support = String.raw`// Package orrery has what Orrery's programs need and Go has not: tasks with a path and an outcome, scopes and
// cancellation with the language's rules, draws, calibrated processor time, and the books of a run. A program's log is a
// list in memory whose order is the order of the calls; it is printed when the run is over. Nothing here does I/O during a
// run that the program did not ask for, and nothing but the program's own waits can park a task.
package orrery

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"math"
	"math/bits"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Numbers of nanoseconds.
const (
	Microsecond = 1_000
	Millisecond = 1_000_000
	Second      = 1_000_000_000
)

// ---- errors

// A Fault is an error of the program. What a program throws is returned; what Go itself answers with a panic (a send on a
// closed channel, an index outside a list) stays a panic until somebody wants it as an error.
type Fault struct{ Kind, Message string }

func (f *Fault) Error() string { return f.Message }

// Fail makes the error of a kind.
func Fail(kind string, message ...string) error {
	if len(message) == 0 {
		return &Fault{kind, kind}
	}
	return &Fault{kind, message[0]}
}

// Is tells whether the error is of one of the kinds.
func Is(err error, kinds ...string) bool {
	return err != nil && slices.Contains(kinds, kindOf(err))
}

func kindOf(err error) string {
	var fault *Fault
	if errors.As(err, &fault) {
		return fault.Kind
	}
	return err.Error()
}

// Recover, deferred, turns a panic of the program into the function's error.
func Recover(err *error) {
	if p := recover(); p != nil {
		*err = faultOf(p)
	}
}

// runtimeFaults are kinds of error by what Go says in its panics.
var runtimeFaults = []struct{ text, kind string }{
	{"send on closed channel", "ChannelClosed"},
	{"close of closed channel", "CloseOfClosed"},
	{"close of nil channel", "CloseOfNone"},
	{"divide by zero", "Overflow"},
	{"nil pointer", "NoneDeref"},
	{"out of range", "NoneDeref"},
	{"interface conversion", "NoneDeref"},
}

func faultOf(p any) error {
	if err, ok := p.(error); ok {
		var fault *Fault
		if errors.As(err, &fault) {
			return fault
		}
		for _, each := range runtimeFaults {
			if strings.Contains(err.Error(), each.text) {
				return &Fault{each.kind, err.Error()}
			}
		}
	}
	panic(p)
}

// protect calls body; a panic of the program is its error.
func protect(body func() error) (err error) {
	defer Recover(&err)
	return body()
}

// ---- tasks

type state int

const (
	live state = iota
	completed
	failed
	cancelled
)

// A Task is a goroutine that runs a procedure, and what became of it.
type Task struct {
	run      *run
	parent   *Task
	proc     string
	index    int
	detached bool
	scope    *scope
	scopes   []*scope // open ones, innermost last
	hash     uint64
	done     chan struct{}
	value    any
	err      error
	ends     func() // what its end starts, if anything
	ended    int64  // its place among the tasks that have ended, from 1
	depth    int
	shields  int
	draws    map[string]uint64

	mu        sync.Mutex // guards what other tasks touch
	spawned   map[string]int
	state     state
	requested bool          // to stop, and it has not noticed yet
	cancel    chan struct{} // closed by such a request; made when the task first waits
	interrupt func()        // ends a wait for the network
	waiting   *waiter       // that it could leave for such a request
	regions   []*region     // open ones, innermost last
	latches   []*latch
}

// Go starts a task in the innermost scope that is open.
func (t *Task) Go(proc string, body func(*Task)) *Task { return t.GoValue(proc, plain(body)) }

// GoErr is Go for a procedure that can fail.
func (t *Task) GoErr(proc string, body func(*Task) error) *Task {
	return t.GoValue(proc, fallible(body))
}

// GoValue is Go for a procedure with a result.
func (t *Task) GoValue(proc string, body func(*Task) (any, error)) *Task {
	child := t.child(proc)
	if n := len(t.scopes); n > 0 {
		t.scopes[n-1].add(child)
	}
	child.start(body)
	return child
}

// Detach starts a task that no scope waits for.
func (t *Task) Detach(proc string, body func(*Task)) { t.detach(proc, plain(body)) }

// DetachErr is Detach for a procedure that can fail.
func (t *Task) DetachErr(proc string, body func(*Task) error) { t.detach(proc, fallible(body)) }

func (t *Task) detach(proc string, body func(*Task) (any, error)) {
	child := t.child(proc)
	child.detached = true
	child.start(body)
}

// Callback starts a task that nobody waits for: Go has no queue of callbacks but that of its goroutines.
func (t *Task) Callback(proc string, body func(*Task)) { t.child(proc).start(plain(body)) }

// CallbackErr is Callback for a procedure that can fail.
func (t *Task) CallbackErr(proc string, body func(*Task) error) { t.child(proc).start(fallible(body)) }

func plain(body func(*Task)) func(*Task) (any, error) {
	return func(t *Task) (any, error) {
		body(t)
		return nil, nil
	}
}

func fallible(body func(*Task) error) func(*Task) (any, error) {
	return func(t *Task) (any, error) { return nil, body(t) }
}

// child is a task that has not begun; its place is taken.
func (t *Task) child(proc string) *Task {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.spawned == nil {
		t.spawned = map[string]int{}
	}
	index := t.spawned[proc]
	t.spawned[proc]++
	return &Task{run: t.run, parent: t, proc: proc, index: index, done: make(chan struct{})}
}

func (t *Task) start(body func(*Task) (any, error)) {
	t.run.spawned.Add(1)
	t.run.live.Add(1)
	go t.main(body)
}

func (t *Task) main(body func(*Task) (any, error)) {
	defer t.end()
	t.err = protect(func() (err error) {
		t.value, err = body(t)
		return err
	})
}

// end keeps the books, then wakes whoever waits for the task.
func (t *Task) end() {
	t.run.taskEnds(t)
	close(t.done)
	t.mu.Lock()
	latches := t.latches
	t.mu.Unlock()
	for _, each := range latches {
		each.ended(t)
	}
	if t.ends != nil {
		t.ends()
	}
}

// Index of the task among those of the same procedure that the same parent has started.
func (t *Task) Index() int { return t.index }

// String is the task's path: main/worker[2].
func (t *Task) String() string {
	if t.parent == nil {
		return t.proc
	}
	return fmt.Sprintf("%v/%s[%d]", t.parent, t.proc, t.index)
}

const maxCallDepth = 10_000

// Enter begins a call of a procedure that calls itself.
func (t *Task) Enter() {
	if t.depth++; t.depth > maxCallDepth {
		t.depth--
		panic(Fail("DepthExceeded", "more than 10000 nested calls"))
	}
}

// Leave ends it.
func (t *Task) Leave() { t.depth-- }

// Defer, deferred, runs a block that may fail; then its error is the function's.
func (t *Task) Defer(err *error, block func() error) {
	if p := recover(); p != nil {
		*err = faultOf(p)
	}
	if failure := protect(block); failure != nil {
		*err = failure
	}
}

// Deferred blocks run at the end of a procedure, the last first: defer deferred.Run(&err).
type Deferred struct{ blocks []func() error }

func (d *Deferred) Add(block func() error) { d.blocks = append(d.blocks, block) }

func (d *Deferred) Run(err *error) {
	if p := recover(); p != nil {
		*err = faultOf(p)
	}
	for n := len(d.blocks); n > 0; n = len(d.blocks) {
		block := d.blocks[n-1]
		d.blocks = d.blocks[:n-1]
		if failure := protect(block); failure != nil {
			*err = failure
		}
	}
}

// ---- cancellation: a request that the task notices when it next waits

// Cancel asks the task to stop.
func (t *Task) Cancel() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.state != live {
		return
	}
	for _, each := range t.regions {
		each.overtaken = true
	}
	t.ask()
}

// ask makes the request, under the task's lock.
func (t *Task) ask() {
	if t.requested {
		return
	}
	t.requested = true
	if t.waiting != nil {
		t.waiting.decide(asked)
	}
	if t.cancel != nil {
		close(t.cancel)
	}
	if t.interrupt != nil {
		t.interrupt()
	}
}

// Cancelled is the error of a task that was asked to stop; it answers the request.
func (t *Task) Cancelled() error {
	t.mu.Lock()
	t.requested, t.cancel = false, nil
	t.mu.Unlock()
	return Fail("Cancelled")
}

// IsCancelled tells whether the task has been asked to stop and has not heard of it yet.
func (t *Task) IsCancelled() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.requested
}

// Check is what every wait begins with.
func (t *Task) Check() error {
	if t.IsCancelled() && t.shields == 0 {
		return t.Cancelled()
	}
	return nil
}

// Shield runs a block to which no request gets through.
func (t *Task) Shield(block func()) {
	t.shields++
	defer func() { t.shields-- }()
	block()
}

// ShieldErr is Shield for a block that can fail.
func (t *Task) ShieldErr(block func() error) error {
	t.shields++
	defer func() { t.shields-- }()
	return block()
}

// A region is a block that is cancelled by itself. The innermost one that wanted a cancellation is the one that hears of
// it, unless a block around it or somebody else has wanted the task to stop in addition.
type region struct {
	owner                    *Task
	raises                   error
	fired, closed, overtaken bool
}

func (t *Task) enter(raises error) *region {
	r := &region{owner: t, raises: raises}
	t.mu.Lock()
	t.regions = append(t.regions, r)
	t.mu.Unlock()
	return r
}

// expire cancels the block.
func (r *region) expire() {
	t := r.owner
	t.mu.Lock()
	defer t.mu.Unlock()
	if r.closed || r.fired || r.overtaken {
		return
	}
	r.fired = true
	for _, inner := range t.regions[slices.Index(t.regions, r)+1:] {
		inner.overtaken = true
	}
	t.ask()
}

// leave is how the block ends, given how it was left. A cancellation that it did not meet is over with it.
func (r *region) leave(err error) error {
	t := r.owner
	t.mu.Lock()
	defer t.mu.Unlock()
	r.closed = true
	t.regions = t.regions[:len(t.regions)-1]
	if !r.fired || r.overtaken {
		return err
	}
	t.requested, t.cancel = false, nil
	if Is(err, "Cancelled") {
		return r.raises
	}
	return err
}

// Deadline runs a block that is cancelled when it takes longer, as by context.WithTimeout.
func (t *Task) Deadline(d time.Duration, block func() error) error {
	r := t.enter(Fail("Timeout", "deadline"))
	if d <= 0 {
		r.expire()
		return r.leave(protect(block))
	}
	t.run.expect(d)
	timer := time.AfterFunc(d, r.expire)
	err := protect(block)
	timer.Stop()
	return r.leave(err)
}

// A Token cancels the blocks that run under it, and those that begin later.
type Token struct {
	mu        sync.Mutex
	cancelled bool
	regions   []*region
	done      chan struct{}
}

func (k *Token) Cancel() {
	k.mu.Lock()
	first := !k.cancelled
	k.cancelled = true
	regions, done := k.regions, k.done
	k.regions = nil
	k.mu.Unlock()
	for _, each := range regions {
		each.expire()
	}
	if first && done != nil {
		close(done)
	}
}

// Done is closed when the token is cancelled.
func (k *Token) Done() <-chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.done == nil {
		k.done = make(chan struct{})
		if k.cancelled {
			close(k.done)
		}
	}
	return k.done
}

// Under runs a block that is cancelled when the token is.
func (t *Task) Under(k *Token, block func() error) error {
	r := t.enter(Fail("Cancelled"))
	k.mu.Lock()
	expired := k.cancelled
	if !expired {
		k.regions = append(k.regions, r)
	}
	k.mu.Unlock()
	if expired {
		r.expire()
	}
	err := protect(block)
	k.mu.Lock()
	k.regions = slices.DeleteFunc(k.regions, func(each *region) bool { return each == r })
	k.mu.Unlock()
	return r.leave(err)
}

// stop is closed when the task is asked to stop; nil behind a shield.
func (t *Task) stop() <-chan struct{} {
	if t.shields > 0 {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cancel == nil {
		t.cancel = make(chan struct{})
		if t.requested {
			close(t.cancel)
		}
	}
	return t.cancel
}

// wait waits for the channel to be closed.
func (t *Task) wait(ch <-chan struct{}) error {
	select {
	case <-ch:
		return nil
	case <-t.stop():
		return t.Cancelled()
	}
}

// raise returns the error; one of cancellation answers a request that is pending.
func (t *Task) raise(err error) error {
	if Is(err, "Cancelled") {
		return t.Cancelled()
	}
	return err
}

// Sleep is time.Sleep that can be cancelled.
func (t *Task) Sleep(d time.Duration) error {
	if err := t.Check(); err != nil || d <= 0 {
		return err
	}
	select {
	case <-t.After(d):
		return nil
	case <-t.stop():
		return t.Cancelled()
	}
}

// After is time.After; the run waits at least so long before it takes its tasks for stuck.
func (t *Task) After(d time.Duration) <-chan time.Time {
	t.run.expect(d)
	return time.After(d)
}

// ---- waiting for tasks

func (t *Task) hasEnded() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state != live
}

// result of a task that has ended.
func (t *Task) result() (any, error) {
	if t.state == completed {
		return t.value, nil
	}
	return nil, Fail("TaskFailed", fmt.Sprintf("%v: %v", t, t.err))
}

// typed is the value as a T; none is the zero value.
func typed[T any](value any, err error) (T, error) {
	result, _ := value.(T)
	return result, err
}

// Wait waits for a task that returns no error.
func (t *Task) Wait() { Value[any](t) }

// Value waits for a task that returns a result and no error.
func Value[T any](task *Task) T {
	<-task.done
	return Must(typed[T](task.result()))
}

// Join waits for the task: its result, or TaskFailed.
func Join[T any](t, task *Task) (T, error) {
	if err := t.joined(task); err != nil {
		return typed[T](nil, err)
	}
	return typed[T](task.result())
}

// Join waits for a task without a result.
func (t *Task) Join(task *Task) error {
	_, err := Join[any](t, task)
	return err
}

func (t *Task) joined(task *Task) error {
	if err := t.Check(); err != nil {
		return err
	}
	if task.hasEnded() {
		return nil
	}
	return t.wait(task.done)
}

// JoinAny waits for the first task to end: its result, or TaskFailed.
func JoinAny[T any](t *Task, tasks []*Task) (T, error) {
	return typed[T](t.first(tasks, func(*Task) bool { return true }))
}

// JoinFirstSuccess waits for the first task to complete; TaskFailed once all have failed.
func JoinFirstSuccess[T any](t *Task, tasks []*Task) (T, error) {
	return typed[T](t.first(tasks, func(task *Task) bool { return task.state == completed }))
}

func (t *Task) first(tasks []*Task, decides func(*Task) bool) (any, error) {
	first, err := t.decisive(tasks, decides)
	if err != nil {
		return nil, err
	}
	if first == nil {
		return nil, Fail("TaskFailed", "every task failed")
	}
	return first.result()
}

// JoinAll waits for all results, in order; TaskFailed as soon as one fails.
func JoinAll[T any](t *Task, tasks []*Task) ([]T, error) {
	broken, err := t.decisive(tasks, func(task *Task) bool { return task.state != completed })
	if err != nil {
		return nil, err
	}
	if broken != nil {
		_, err := broken.result()
		return nil, err
	}
	results := make([]T, len(tasks))
	for i, task := range tasks {
		results[i], _ = task.value.(T)
	}
	return results, nil
}

// A Result is what became of a task.
type Result struct {
	OK    bool
	Value any
	Error string
}

// String is how logs show it.
func (r Result) String() string {
	if r.OK {
		return "ok(" + show(r.Value) + ")"
	}
	return "failed(" + r.Error + ")"
}

// SettleAll waits for all tasks; what became of each.
func (t *Task) SettleAll(tasks []*Task) ([]Result, error) {
	if _, err := t.decisive(tasks, func(*Task) bool { return false }); err != nil {
		return nil, err
	}
	results := make([]Result, len(tasks))
	for i, task := range tasks {
		results[i] = Result{OK: task.state == completed, Value: task.value}
		if task.err != nil {
			results[i].Error = kindOf(task.err)
		}
	}
	return results, nil
}

// Must is the result of a wait for tasks that return no error; if one fails all the same, that is a panic as its own was.
func Must[T any](result T, err error) T {
	if err != nil {
		panic(err)
	}
	return result
}

// Listed is the result as a list that can be shared.
func Listed[T any](items []T, err error) (*List[T], error) { return &List[T]{items}, err }

// decisive waits until one of the tasks decides or all have ended otherwise, which gives nil.
func (t *Task) decisive(tasks []*Task, decides func(*Task) bool) (*Task, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	l := &latch{decides: decides, open: make(chan struct{})}
	first, isOpen := l.watch(tasks)
	if isOpen {
		return first, nil
	}
	if err := t.wait(l.open); err != nil {
		return nil, err
	}
	return l.decided, nil
}

// A latch is opened by the task that ends and decides it.
type latch struct {
	mu      sync.Mutex
	pending int
	opened  bool
	decides func(*Task) bool
	decided *Task
	open    chan struct{}
}

// watch is told of each task that ends; true if it is open already, with the first that decided it.
func (l *latch) watch(tasks []*Task) (first *Task, isOpen bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	seen := map[*Task]bool{}
	for _, task := range tasks {
		if seen[task] {
			continue
		}
		seen[task] = true
		task.mu.Lock()
		if task.state == live {
			l.pending++
			task.latches = append(task.latches, l)
		} else if l.decides(task) && (first == nil || task.ended < first.ended) {
			first = task
		}
		task.mu.Unlock()
	}
	l.opened = first != nil || l.pending == 0
	return first, l.opened
}

func (l *latch) ended(task *Task) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending--
	if l.opened {
		return
	}
	if l.decides(task) {
		l.decided = task
	} else if l.pending > 0 {
		return
	}
	l.opened = true
	close(l.open)
}

// ---- scopes: blocks that end after the tasks that were started in them

type scope struct {
	owner                             *Task
	race, cancelSiblings, leaveLosers bool

	mu           sync.Mutex
	children     []*Task
	live         int
	firstFailure *Task
	winner       *Task
	closing      bool
	over         chan struct{} // closed by the child whose end the owner waits for
}

// Scope waits for all tasks of a block in which nothing can fail.
func (t *Task) Scope(block func()) {
	err := t.ScopeErr(func() error {
		block()
		return nil
	})
	if err != nil {
		panic(err)
	}
}

// ScopeErr waits for all tasks of the block; TaskFailed if one failed.
func (t *Task) ScopeErr(block func() error) error {
	return t.within(&scope{owner: t}, block)
}

// FailFast is ScopeErr whose first failure cancels the other tasks and the block.
func (t *Task) FailFast(block func() error) error {
	return t.within(&scope{owner: t, cancelSiblings: true}, block)
}

// Race cancels the other tasks when the first has completed, and waits for them; the winner's result.
func Race[T any](t *Task, block func() error) (T, error) {
	return race[T](&scope{owner: t, race: true}, block)
}

// RaceAndLeave is Race that does not wait for the losers.
func RaceAndLeave[T any](t *Task, block func() error) (T, error) {
	return race[T](&scope{owner: t, race: true, leaveLosers: true}, block)
}

func race[T any](s *scope, block func() error) (T, error) {
	err := s.owner.within(s, block)
	if err != nil || s.winner == nil {
		return typed[T](nil, err)
	}
	return typed[T](s.winner.value, nil)
}

func (t *Task) within(s *scope, block func() error) error {
	t.scopes = append(t.scopes, s)
	failure := protect(block)
	t.scopes = t.scopes[:len(t.scopes)-1]
	s.mu.Lock()
	s.closing = true
	own := s.firstFailure != nil
	s.mu.Unlock()
	if failure != nil {
		s.cancelChildren(t)
	} else if own && t.IsCancelled() {
		t.Cancelled() // the request was the scope's own
	}
	for !s.wait() {
		failure = t.Cancelled()
		s.cancelChildren(t)
	}
	if s.race {
		if failure == nil && s.winner == nil && len(s.children) > 0 {
			return Fail("TaskFailed", "no task of the race completed")
		}
	} else if s.firstFailure != nil && (failure == nil || Is(failure, "Cancelled")) {
		return Fail("TaskFailed", fmt.Sprintf("%v: %v", s.firstFailure, s.firstFailure.err))
	}
	return failure
}

// wait is false if the owner was cancelled meanwhile.
func (s *scope) wait() bool {
	s.mu.Lock()
	if s.isOver() {
		s.mu.Unlock()
		return true
	}
	s.over = make(chan struct{})
	over := s.over
	s.mu.Unlock()
	if s.owner.IsCancelled() {
		<-over // only a new request ends the wait
		return true
	}
	select {
	case <-over:
		return true
	case <-s.owner.stop():
		return false
	}
}

func (s *scope) isOver() bool { return s.live == 0 || s.leaveLosers && s.winner != nil }

// add makes a new task a child; where the others have been cancelled already, so is this one from the start.
func (s *scope) add(child *Task) {
	s.mu.Lock()
	defer s.mu.Unlock()
	child.scope = s
	s.children = append(s.children, child)
	s.live++
	child.requested = s.race && s.winner != nil || s.cancelSiblings && s.firstFailure != nil
}

func (s *scope) cancelChildren(by *Task) {
	s.mu.Lock()
	children := slices.Clone(s.children)
	s.mu.Unlock()
	for _, child := range children {
		if child != by {
			child.Cancel()
		}
	}
}

func (s *scope) childEnds(child *Task) {
	s.mu.Lock()
	s.live--
	wins := child.state == completed && s.race && s.winner == nil
	fails := child.state == failed && s.firstFailure == nil
	if wins {
		s.winner = child
	}
	if fails {
		s.firstFailure = child
	}
	closing := s.closing
	s.mu.Unlock()
	if wins || fails && s.cancelSiblings {
		s.cancelChildren(child)
	}
	if fails && s.cancelSiblings && !closing {
		s.owner.Cancel()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over != nil && s.isOver() {
		close(s.over)
		s.over = nil
	}
}

// ---- channels whose waits can be cancelled, and selects that try their cases in order

// Send is ch <- value that can be cancelled.
func Send[T any](t *Task, ch chan<- T, value T) (err error) {
	if err := t.Check(); err != nil {
		return err
	}
	defer Recover(&err)
	select {
	case ch <- value:
		return nil
	case <-t.stop():
		return t.Cancelled()
	}
}

// Recv is <-ch that can be cancelled.
func Recv[T any](t *Task, ch <-chan T) (T, error) {
	value, _, err := RecvOk(t, ch)
	return value, err
}

// RecvOk is value, ok := <-ch that can be cancelled.
func RecvOk[T any](t *Task, ch <-chan T) (value T, ok bool, err error) {
	if err := t.Check(); err != nil {
		return value, false, err
	}
	select {
	case value, ok = <-ch:
		return value, ok, nil
	case <-t.stop():
		return value, false, t.Cancelled()
	}
}

// TrySend is true if the value went to a receiver or into the buffer.
func TrySend[T any](ch chan<- T, value T) bool {
	select {
	case ch <- value:
		return true
	default:
		return false
	}
}

// TryRecv gives a value that was there.
func TryRecv[T any](ch <-chan T) (value T, ok bool) {
	select {
	case value, ok = <-ch:
	default:
	}
	return value, ok
}

// OrNone is nil for a value that a closed channel made up.
func OrNone[T any](value T, ok bool) any {
	if !ok {
		return nil
	}
	return value
}

// Capacity of a new channel.
func Capacity(n int) int {
	if n < 0 {
		panic(Fail("AssertFailed", fmt.Sprintf("a channel of capacity %d", n)))
	}
	return n
}

// Present is the handle; none is an error of the program.
func Present[T comparable](handle T) T {
	var none T
	if handle == none {
		panic(Fail("NoneDeref", "none where a handle is needed"))
	}
	return handle
}

// A Case of a select.
type Case struct {
	try   func() bool
	block reflect.SelectCase
	store func(value reflect.Value, ok bool)
}

// OnRecv is case *value, *ok = <-ch; either may be nil.
func OnRecv[T any](ch <-chan T, value *T, ok *bool) Case {
	store := func(got T, gotOk bool) {
		if value != nil {
			*value = got
		}
		if ok != nil {
			*ok = gotOk
		}
	}
	return Case{
		try: func() bool {
			select {
			case got, gotOk := <-ch:
				store(got, gotOk)
				return true
			default:
				return false
			}
		},
		block: reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ch)},
		store: func(got reflect.Value, gotOk bool) {
			result, _ := got.Interface().(T)
			store(result, gotOk)
		},
	}
}

// OnRecvOrNone is OnRecv that gives nil when the channel is closed.
func OnRecvOrNone[T any](ch <-chan T, value *any, ok *bool) Case {
	var got T
	var gotOk bool
	c := OnRecv(ch, &got, &gotOk)
	try, store := c.try, c.store
	put := func() {
		*value = OrNone(got, gotOk)
		if ok != nil {
			*ok = gotOk
		}
	}
	c.try = func() bool {
		taken := try()
		if taken {
			put()
		}
		return taken
	}
	c.store = func(value reflect.Value, ok bool) {
		store(value, ok)
		put()
	}
	return c
}

// OnSend is case ch <- value.
func OnSend[T any](ch chan<- T, value T) Case {
	return Case{
		try:   func() bool { return TrySend(ch, value) },
		block: reflect.SelectCase{Dir: reflect.SelectSend, Chan: reflect.ValueOf(ch), Send: reflect.ValueOf(&value).Elem()},
		store: func(reflect.Value, bool) {},
	}
}

// No case: the timeout of a select, or its default.
const None = -1

// Select takes a case in the order of the program's policy: a select with a default for each in turn, then one of all.
func (t *Task) Select(cases ...Case) int {
	taken := t.inOrder(cases)
	if taken == None {
		taken = block(cases, reflect.SelectCase{}, reflect.SelectCase{})
	}
	return taken
}

// SelectTimeout is Select that gives up.
func (t *Task) SelectTimeout(d time.Duration, cases ...Case) int {
	taken := t.inOrder(cases)
	if taken == None {
		taken = block(cases, receives(t.After(d)), reflect.SelectCase{})
	}
	return taken
}

// TrySelect takes a case that is ready.
func (t *Task) TrySelect(cases ...Case) int {
	taken := t.inOrder(cases)
	if taken == None {
		taken = block(cases, reflect.SelectCase{Dir: reflect.SelectDefault}, reflect.SelectCase{})
	}
	return taken
}

// SelectOrCancel is Select that can be cancelled.
func (t *Task) SelectOrCancel(cases ...Case) (int, error) {
	return t.selectOrCancel(reflect.SelectCase{}, cases)
}

// SelectTimeoutOrCancel is SelectTimeout that can be cancelled.
func (t *Task) SelectTimeoutOrCancel(d time.Duration, cases ...Case) (int, error) {
	return t.selectOrCancel(receives(t.After(d)), cases)
}

// TrySelectOrCancel is TrySelect that can be cancelled.
func (t *Task) TrySelectOrCancel(cases ...Case) (int, error) {
	return t.selectOrCancel(reflect.SelectCase{Dir: reflect.SelectDefault}, cases)
}

func (t *Task) selectOrCancel(otherwise reflect.SelectCase, cases []Case) (taken int, err error) {
	if err := t.Check(); err != nil {
		return None, err
	}
	if taken := t.inOrder(cases); taken != None {
		return taken, nil
	}
	stop := receives(t.stop())
	if otherwise.Dir == reflect.SelectDefault {
		stop = reflect.SelectCase{}
	}
	taken = block(cases, otherwise, stop)
	if taken == stopped {
		return None, t.Cancelled()
	}
	return taken, nil
}

func receives[T any](ch <-chan T) reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ch)}
}

// inOrder takes the first case that is ready, in an order of the program's own; nothing if it leaves the choice to Go.
func (t *Task) inOrder(cases []Case) int {
	first := 0
	switch t.run.program.Select {
	case Random:
		return None
	case Rotating:
		first = int(t.run.selects.Add(1)-1) % len(cases)
	}
	for i := range cases {
		if at := (first + i) % len(cases); cases[at].try() {
			return at
		}
	}
	return None
}

const stopped = -2

// block selects among all cases, a timeout or default, and a request to stop, as far as there are such.
func block(cases []Case, otherwise, stop reflect.SelectCase) int {
	var all []reflect.SelectCase
	for _, each := range cases {
		all = append(all, each.block)
	}
	codes := []int{}
	for code, each := range map[int]reflect.SelectCase{None: otherwise, stopped: stop} {
		if each.Dir != 0 {
			all = append(all, each)
			codes = append(codes, code)
		}
	}
	taken, value, ok := reflect.Select(all)
	if taken >= len(cases) {
		return codes[taken-len(cases)]
	}
	if all[taken].Dir == reflect.SelectRecv {
		cases[taken].store(value, ok)
	}
	return taken
}

// ---- locks

// A Mutex is a sync.Mutex that answers a wrong Unlock with an error of the program.
type Mutex struct {
	mu   sync.Mutex
	held atomic.Bool
}

func (m *Mutex) Lock() {
	m.mu.Lock()
	m.held.Store(true)
}

func (m *Mutex) TryLock() bool {
	if !m.mu.TryLock() {
		return false
	}
	m.held.Store(true)
	return true
}

func (m *Mutex) Unlock() {
	if !m.held.CompareAndSwap(true, false) {
		panic(Fail("UnlockOfUnlocked", "unlock of an unlocked mutex"))
	}
	m.mu.Unlock()
}

func (m *Mutex) relock()      { m.Lock() }
func (m *Mutex) isHeld() bool { return m.held.Load() }

// A waiter of a queue. Whoever decides how its wait ends does so at once, whenever the task comes to run.
type waiter struct {
	n     int
	ready chan struct{}
	how   atomic.Int32
}

func newWaiter(n int) *waiter { return &waiter{n: n, ready: make(chan struct{})} }

// How a wait ends: by what it waited for, by the time, by a request to stop.
const (
	undecided = iota
	came
	late
	asked
)

func (w *waiter) decide(how int32) bool { return w.how.CompareAndSwap(undecided, how) }

// wait ends at a time too, if there is one, and for a task that is given at a request to stop.
func (w *waiter) wait(limit <-chan time.Time, t *Task) int {
	var stop <-chan struct{}
	if t != nil {
		stop = t.waitsAt(w)
		defer t.waitsAt(nil)
	}
	select {
	case <-w.ready:
	case <-limit:
		w.decide(late)
	case <-stop:
	}
	return int(w.how.Load())
}

// waitsAt is stop, and lets a request decide about the waiter.
func (t *Task) waitsAt(w *waiter) <-chan struct{} {
	stop := t.stop()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiting = nil
	if stop != nil && w != nil {
		t.waiting = w
		if t.requested {
			w.decide(asked)
		}
	}
	return stop
}

// prune takes out those whose wait has been decided; how many they were.
func prune(queue *[]*waiter) int {
	before := len(*queue)
	*queue = slices.DeleteFunc(*queue, func(w *waiter) bool { return w.how.Load() != undecided })
	return before - len(*queue)
}

// wakeFirst wakes who waits longest; false if nobody does.
func wakeFirst(queue *[]*waiter) bool {
	for len(*queue) > 0 {
		w := (*queue)[0]
		*queue = (*queue)[1:]
		if w.decide(came) {
			close(w.ready)
			return true
		}
	}
	return false
}

// until is where a wait of at most d ends; never where d is forever.
func (t *Task) until(d time.Duration) <-chan time.Time {
	if d == forever {
		return nil
	}
	return t.After(d)
}

const forever = time.Duration(math.MaxInt64)

// when is nil for a wait that a request to stop does not end.
func (t *Task) when(cancels bool) *Task {
	if cancels {
		return t
	}
	return nil
}

// outcome tells whether what was waited for has come, or gives the error of a request to stop.
func (t *Task) outcome(how int) (bool, error) {
	if how == asked {
		return false, t.Cancelled()
	}
	return how == came, nil
}

// A TimedMutex is a sync.Mutex with a channel for each waiter, so that a wait can end early. It follows the original: whoever
// comes may take a free lock, one waiter at a time is woken to try again, and one that has waited for a millisecond is
// handed the lock.
type TimedMutex struct{ queueMutex }

func (m *TimedMutex) Lock() { m.relock() }

// LockFor waits at most so long.
func (m *TimedMutex) LockFor(t *Task, d time.Duration) bool { return m.lock(t, d, false) == came }

// A CancelMutex is a TimedMutex whose waits can be cancelled.
type CancelMutex struct{ queueMutex }

func (m *CancelMutex) Lock(t *Task) error {
	_, err := m.LockFor(t, forever)
	return err
}

// LockFor waits at most so long.
func (m *CancelMutex) LockFor(t *Task, d time.Duration) (bool, error) {
	if err := t.Check(); err != nil {
		return false, err
	}
	return t.outcome(m.lock(t, d, true))
}

type queueMutex struct {
	mu       sync.Mutex
	locked   bool
	woken    bool
	starving bool
	held     bool
	queue    []*waiter
}

const starvationThreshold = time.Millisecond

func (m *queueMutex) relock() { m.lock(nil, forever, false) }

func (m *queueMutex) isHeld() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.held
}

func (m *queueMutex) TryLock() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.locked || m.starving {
		return false
	}
	m.locked, m.held = true, true
	return true
}

func (m *queueMutex) lock(t *Task, d time.Duration, cancels bool) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	var began time.Time
	var limit <-chan time.Time
	starves, awoke := false, false
	for {
		if !m.locked && !m.starving {
			m.locked, m.held = true, true
			if awoke {
				m.woken = false
			}
			return came
		}
		if starves && m.locked {
			m.starving = true
		}
		if awoke {
			m.woken = false
		}
		w := newWaiter(1)
		if began.IsZero() {
			began = time.Now()
			m.queue = append(m.queue, w)
			limit = t.until(d)
		} else {
			m.queue = slices.Insert(m.queue, 0, w)
		}
		m.mu.Unlock()
		how := w.wait(limit, t.when(cancels))
		m.mu.Lock()
		prune(&m.queue)
		if how != came {
			if len(m.queue) == 0 {
				m.starving = false
			}
			return how
		}
		starves = starves || time.Since(began) > starvationThreshold
		if m.starving {
			m.locked, m.held = true, true
			if !starves || len(m.queue) == 0 {
				m.starving = false
			}
			return came
		}
		awoke = true
	}
}

func (m *queueMutex) Unlock() {
	m.mu.Lock()
	if !m.held {
		m.mu.Unlock()
		panic(Fail("UnlockOfUnlocked", "unlock of an unlocked mutex"))
	}
	m.locked, m.held = false, false
	if prune(&m.queue) > 0 && len(m.queue) == 0 {
		m.starving = false
	}
	handOver := m.starving
	if len(m.queue) > 0 && (handOver || !m.woken) {
		m.woken = !handOver
		wakeFirst(&m.queue)
	}
	m.mu.Unlock()
	if handOver {
		runtime.Gosched()
	}
}

// A PermitMutex is a mutex whose fairness the program chose: one permit of a semaphore.
type PermitMutex struct{ permitMutex }

func NewPermitMutex(s *Semaphore) *PermitMutex { return &PermitMutex{permitMutex{permits: s}} }

func (m *PermitMutex) Lock() { m.relock() }

// LockFor waits at most so long.
func (m *PermitMutex) LockFor(t *Task, d time.Duration) bool { return m.lock(t, d, false) == came }

// A CancelPermitMutex is a PermitMutex whose waits can be cancelled.
type CancelPermitMutex struct{ permitMutex }

func NewCancelPermitMutex(s *Semaphore) *CancelPermitMutex {
	return &CancelPermitMutex{permitMutex{permits: s}}
}

func (m *CancelPermitMutex) Lock(t *Task) error {
	_, err := m.LockFor(t, forever)
	return err
}

// LockFor waits at most so long.
func (m *CancelPermitMutex) LockFor(t *Task, d time.Duration) (bool, error) {
	if err := t.Check(); err != nil {
		return false, err
	}
	return t.outcome(m.lock(t, d, true))
}

type permitMutex struct {
	permits *Semaphore
	held    atomic.Bool
}

func (m *permitMutex) relock()      { m.lock(nil, forever, false) }
func (m *permitMutex) isHeld() bool { return m.held.Load() }

func (m *permitMutex) lock(t *Task, d time.Duration, cancels bool) int {
	how := m.permits.acquire(t, 1, d, cancels)
	if how == came {
		m.held.Store(true)
	}
	return how
}

func (m *permitMutex) TryLock() bool {
	if !m.permits.tryAcquire(1) {
		return false
	}
	m.held.Store(true)
	return true
}

func (m *permitMutex) Unlock() {
	if !m.held.CompareAndSwap(true, false) {
		panic(Fail("UnlockOfUnlocked", "unlock of an unlocked mutex"))
	}
	m.permits.Release(1)
}

// A Semaphore is strictly first come, first served, as golang.org/x/sync/semaphore is; or its permits go to whoever comes to
// take them, and who waits longest is woken, one at a time, to try again.
type Semaphore struct {
	mu      sync.Mutex
	free    int
	queue   []*waiter
	barging bool
}

func NewBargingSemaphore(permits int) *Semaphore { return &Semaphore{free: permits, barging: true} }

func NewSemaphore(permits int) *Semaphore { return &Semaphore{free: permits} }

// Acquire waits for n permits.
func (s *Semaphore) Acquire(n int) {
	if s.barging {
		s.barge(nil, n, forever, false)
	} else if w := s.enqueue(n); w != nil {
		<-w.ready
	}
}

// AcquireFor waits at most so long.
func (s *Semaphore) AcquireFor(t *Task, n int, d time.Duration) bool {
	return s.acquire(t, n, d, false) == came
}

// AcquireOrCancel is Acquire that can be cancelled.
func (s *Semaphore) AcquireOrCancel(t *Task, n int) error {
	_, err := s.AcquireForOrCancel(t, n, forever)
	return err
}

// AcquireForOrCancel is AcquireFor that can be cancelled.
func (s *Semaphore) AcquireForOrCancel(t *Task, n int, d time.Duration) (bool, error) {
	if err := t.Check(); err != nil {
		return false, err
	}
	return t.outcome(s.acquire(t, n, d, true))
}

func (s *Semaphore) barge(t *Task, n int, d time.Duration, cancels bool) int {
	began := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free >= n {
		s.free -= n
		return came
	}
	w := newWaiter(n)
	s.queue = append(s.queue, w)
	for {
		left := d
		if d != forever {
			left = max(0, d-time.Since(began))
		}
		s.mu.Unlock()
		how := w.wait(t.until(left), t.when(cancels))
		s.mu.Lock()
		at := slices.Index(s.queue, w)
		if how == came && s.free < n {
			w = newWaiter(n)
			s.queue[at] = w
			continue
		}
		if how == came {
			s.free -= n
		}
		s.queue = slices.Delete(s.queue, at, at+1)
		s.wakeFirst()
		return how
	}
}

// wakeFirst lets who waits longest try, if nobody has been woken before.
func (s *Semaphore) wakeFirst() {
	if s.free > 0 && len(s.queue) > 0 && s.queue[0].decide(came) {
		close(s.queue[0].ready)
	}
}

func (s *Semaphore) acquire(t *Task, n int, d time.Duration, cancels bool) int {
	if s.barging {
		return s.barge(t, n, d, cancels)
	}
	w := s.enqueue(n)
	if w == nil {
		return came
	}
	how := w.wait(t.until(d), t.when(cancels))
	if how != came {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.notify() // those behind it may fit now
	}
	return how
}

func (s *Semaphore) tryAcquire(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.barging {
		prune(&s.queue)
	}
	if s.free < n || !s.barging && len(s.queue) > 0 {
		return false
	}
	s.free -= n
	return true
}

func (s *Semaphore) enqueue(n int) *waiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free >= n && len(s.queue) == 0 {
		s.free -= n
		return nil
	}
	w := newWaiter(n)
	s.queue = append(s.queue, w)
	return w
}

func (s *Semaphore) Release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free += n
	if s.barging {
		s.wakeFirst()
	} else {
		s.notify()
	}
}

func (s *Semaphore) notify() {
	for {
		prune(&s.queue)
		if len(s.queue) == 0 || s.queue[0].n > s.free {
			return
		}
		if first := s.queue[0]; first.decide(came) {
			s.free -= first.n
			close(first.ready)
		}
	}
}

// A Group is a sync.WaitGroup that answers a negative count with an error of the program.
type Group struct {
	wg    sync.WaitGroup
	count atomic.Int64
}

func (g *Group) Add(n int) {
	if g.count.Add(int64(n)) < 0 {
		g.count.Add(int64(-n))
		panic(Fail("NegativeGroup", "negative count of a group"))
	}
	g.wg.Add(n)
}

func (g *Group) Done() { g.Add(-1) }

// Wait waits for zero. That another round has begun meanwhile is no error here.
func (g *Group) Wait() {
	defer func() {
		if p := recover(); p != nil && !strings.Contains(fmt.Sprint(p), "WaitGroup is reused") {
			panic(p)
		}
	}()
	g.wg.Wait()
}

// A CancelGroup is a Group whose Wait can be cancelled; zero wakes everybody, first come first.
type CancelGroup struct {
	mu    sync.Mutex
	count int
	queue []*waiter
}

func (g *CancelGroup) Add(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.count+n < 0 {
		panic(Fail("NegativeGroup", "negative count of a group"))
	}
	g.count += n
	if g.count > 0 {
		return
	}
	for wakeFirst(&g.queue) {
	}
}

func (g *CancelGroup) Done() { g.Add(-1) }

func (g *CancelGroup) Wait(t *Task) error {
	if err := t.Check(); err != nil {
		return err
	}
	g.mu.Lock()
	if g.count == 0 {
		g.mu.Unlock()
		return nil
	}
	w := newWaiter(1)
	g.queue = append(g.queue, w)
	g.mu.Unlock()
	if w.wait(nil, t) == asked {
		return t.Cancelled() // its place in the queue is nobody's
	}
	return nil
}

// ---- conditions

// An RWMutex is a sync.RWMutex that answers a wrong unlock with an error of the program.
type RWMutex struct {
	rw     sync.RWMutex
	inside atomic.Int64 // readers
	held   atomic.Bool  // by a writer
}

func (m *RWMutex) RLock() {
	m.rw.RLock()
	m.inside.Add(1)
}

func (m *RWMutex) RUnlock() {
	if m.inside.Add(-1) < 0 {
		m.inside.Add(1)
		panic(Fail("UnlockOfUnlocked", "runlock of an unlocked rwlock"))
	}
	m.rw.RUnlock()
}

func (m *RWMutex) Lock() {
	m.rw.Lock()
	m.held.Store(true)
}

func (m *RWMutex) Unlock() {
	if !m.held.CompareAndSwap(true, false) {
		panic(Fail("UnlockOfUnlocked", "wunlock of an unlocked rwlock"))
	}
	m.rw.Unlock()
}

// A CancelRWMutex is a sync.RWMutex whose waits can be cancelled; it follows the original.
type CancelRWMutex struct {
	w                     CancelMutex // held by writers, also by one that waits for readers
	mu                    sync.Mutex  // guards what follows
	readers               int         // inside or waiting
	departing             int         // readers that a writer waits for
	writing               bool        // a writer is inside or waits for readers
	inside                int         // readers
	held                  bool        // by a writer
	readersSem, writerSem tokens
}

// tokens are the runtime's semaphore: a token can be taken by whoever comes before the one that was woken for it.
type tokens struct {
	n     int
	queue []*waiter
}

func (s *tokens) release() {
	s.n++
	wakeFirst(&s.queue)
}

// take waits for a token, with the lock released meanwhile.
func (s *tokens) take(t *Task, mu *sync.Mutex) int {
	for s.n == 0 {
		w := newWaiter(1)
		s.queue = append(s.queue, w)
		mu.Unlock()
		how := w.wait(nil, t)
		mu.Lock()
		if how == asked {
			return asked
		}
	}
	s.n--
	return came
}

func (m *CancelRWMutex) RLock(t *Task) error {
	if err := t.Check(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.readers++
	if m.writing && m.readersSem.take(t, &m.mu) == asked {
		m.readers -= prune(&m.readersSem.queue)
		return t.Cancelled()
	}
	m.inside++
	return nil
}

func (m *CancelRWMutex) RUnlock() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.inside == 0 {
		panic(Fail("UnlockOfUnlocked", "runlock of an unlocked rwlock"))
	}
	m.inside--
	m.readers--
	if !m.writing {
		return
	}
	if m.departing--; m.departing == 0 {
		m.writerSem.release()
	}
}

func (m *CancelRWMutex) Lock(t *Task) error {
	if err := m.w.Lock(t); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.departing = m.readers
	m.writing = true
	if m.departing > 0 && m.writerSem.take(t, &m.mu) == asked {
		inside := m.departing
		m.departing, m.writerSem = 0, tokens{}
		m.admit(inside)
		return t.Cancelled()
	}
	m.held = true
	return nil
}

func (m *CancelRWMutex) Unlock() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.held {
		panic(Fail("UnlockOfUnlocked", "wunlock of an unlocked rwlock"))
	}
	m.held = false
	m.admit(0)
}

// admit lets the waiting readers in, then the next writer; so many have never left.
func (m *CancelRWMutex) admit(inside int) {
	m.writing = false
	m.readers -= prune(&m.readersSem.queue)
	for range m.readers - inside {
		m.readersSem.release()
	}
	m.w.Unlock()
}

// A locker is what a condition releases while somebody waits.
type locker interface {
	relock()
	Unlock()
	isHeld() bool
}

// A Cond is a sync.Cond that answers a Wait without its mutex with an error of the program.
type Cond struct {
	cond sync.Cond
	m    locker
}

func NewCond[M interface {
	locker
	sync.Locker
}](m M) *Cond {
	return &Cond{cond: sync.Cond{L: m}, m: m}
}

func (c *Cond) Wait() {
	mustHold(c.m)
	c.cond.Wait()
}

func (c *Cond) Signal()    { c.cond.Signal() }
func (c *Cond) Broadcast() { c.cond.Broadcast() }

func mustHold(m locker) {
	if !m.isHeld() {
		panic(Fail("UnlockOfUnlocked", "wait on a condition without its mutex"))
	}
}

// A TimedCond is a sync.Cond with a channel for each waiter, so that a wait can end early.
type TimedCond struct {
	waiters waiters
	m       locker
}

func NewTimedCond(m locker) *TimedCond { return &TimedCond{m: m} }

func (c *TimedCond) Wait() { c.wait(nil, forever, false) }

// WaitFor is true if it was signalled in time.
func (c *TimedCond) WaitFor(t *Task, d time.Duration) bool { return c.wait(t, d, false) == came }

// WaitOrCancel is Wait that can be cancelled.
func (c *TimedCond) WaitOrCancel(t *Task) error {
	_, err := c.WaitForOrCancel(t, forever)
	return err
}

// WaitForOrCancel is WaitFor that can be cancelled.
func (c *TimedCond) WaitForOrCancel(t *Task, d time.Duration) (bool, error) {
	if err := t.Check(); err != nil {
		return false, err
	}
	return t.outcome(c.wait(t, d, true))
}

func (c *TimedCond) wait(t *Task, d time.Duration, cancels bool) int {
	mustHold(c.m)
	return c.waiters.leave(c.m, t.until(d), t.when(cancels))
}

func (c *TimedCond) Signal()    { c.waiters.signal() }
func (c *TimedCond) Broadcast() { c.waiters.broadcast() }

// waiters for a signal, the longest first.
type waiters struct {
	mu    sync.Mutex
	queue []*waiter
}

func (q *waiters) signal() {
	q.mu.Lock()
	defer q.mu.Unlock()
	wakeFirst(&q.queue)
}

func (q *waiters) broadcast() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for wakeFirst(&q.queue) {
	}
}

// leave unlocks, waits, and locks again however the wait ended.
func (q *waiters) leave(m interface {
	relock()
	Unlock()
}, limit <-chan time.Time, t *Task) int {
	w := newWaiter(1)
	q.mu.Lock()
	q.queue = append(q.queue, w)
	q.mu.Unlock()
	m.Unlock()
	how := w.wait(limit, t)
	if how != came {
		q.mu.Lock()
		prune(&q.queue)
		q.mu.Unlock()
	}
	m.relock()
	return how
}

// A Monitor is a mutex that its owner can enter again, with a condition.
type Monitor struct {
	mu      sync.Mutex
	owner   atomic.Pointer[Task]
	depth   int
	waiters waiters
}

// Within runs a block inside the monitor.
func (m *Monitor) Within(t *Task, block func()) {
	m.enter(t)
	defer m.exit()
	block()
}

// WithinErr is Within for a block that can fail.
func (m *Monitor) WithinErr(t *Task, block func() error) error {
	m.enter(t)
	defer m.exit()
	return block()
}

func (m *Monitor) enter(t *Task) {
	if m.owner.Load() != t {
		m.mu.Lock()
		m.owner.Store(t)
	}
	m.depth++
}

func (m *Monitor) exit() {
	if m.depth--; m.depth == 0 {
		m.owner.Store(nil)
		m.mu.Unlock()
	}
}

func (m *Monitor) Wait(t *Task) { m.wait(t, forever, false) }

// WaitFor is true if it was notified in time.
func (m *Monitor) WaitFor(t *Task, d time.Duration) bool { return m.wait(t, d, false) == came }

// WaitOrCancel is Wait that can be cancelled.
func (m *Monitor) WaitOrCancel(t *Task) error {
	_, err := m.WaitForOrCancel(t, forever)
	return err
}

// WaitForOrCancel is WaitFor that can be cancelled.
func (m *Monitor) WaitForOrCancel(t *Task, d time.Duration) (bool, error) {
	if err := t.Check(); err != nil {
		return false, err
	}
	return t.outcome(m.wait(t, d, true))
}

func (m *Monitor) wait(t *Task, d time.Duration, cancels bool) int {
	m.mustOwn(t)
	return m.waiters.leave(&monitorLock{m, t, m.depth}, t.until(d), t.when(cancels))
}

// Notify wakes who waits longest.
func (m *Monitor) Notify(t *Task) {
	m.mustOwn(t)
	m.waiters.signal()
}

func (m *Monitor) NotifyAll(t *Task) {
	m.mustOwn(t)
	m.waiters.broadcast()
}

func (m *Monitor) mustOwn(t *Task) {
	if m.owner.Load() != t {
		panic(Fail("UnlockOfUnlocked", fmt.Sprintf("%v does not own the monitor", t)))
	}
}

// A monitorLock is a monitor as its owner leaves it and comes back.
type monitorLock struct {
	m     *Monitor
	owner *Task
	depth int
}

func (l *monitorLock) Unlock() {
	l.m.depth = 1
	l.m.exit()
}

func (l *monitorLock) relock() {
	l.m.enter(l.owner)
	l.m.depth = l.depth
}

// ---- what happens once, or when all have come

// A Once is a sync.Once.
type Once struct{ once sync.Once }

func (o *Once) Do(f func()) { o.once.Do(f) }

// DoErr is Do for what can fail, which counts as done.
func (o *Once) DoErr(f func() error) (err error) {
	o.once.Do(func() { err = f() })
	return err
}

// An Event is a channel that is closed.
type Event struct {
	isSet atomic.Bool
	set   chan struct{}
}

func NewEvent() *Event { return &Event{set: make(chan struct{})} }

func (e *Event) Set() {
	if e.isSet.CompareAndSwap(false, true) {
		close(e.set)
	}
}

// Done is closed when the event is set.
func (e *Event) Done() <-chan struct{} { return e.set }

func (e *Event) Wait() { <-e.set }

// WaitOrCancel is Wait that can be cancelled.
func (e *Event) WaitOrCancel(t *Task) error {
	if err := t.Check(); err != nil {
		return err
	}
	return t.wait(e.set)
}

// A Barrier lets its waiters go when so many have come: the last closes the channel of the round.
type Barrier struct {
	mu            sync.Mutex
	parties, came int
	gate          chan struct{}
}

func NewBarrier(parties int) *Barrier {
	return &Barrier{parties: parties, gate: make(chan struct{})}
}

// arrive is what to wait for; nil for the last.
func (b *Barrier) arrive() chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.came++; b.came < b.parties {
		return b.gate
	}
	gate := b.gate
	b.came, b.gate = 0, make(chan struct{})
	close(gate)
	return nil
}

func (b *Barrier) Wait() {
	if gate := b.arrive(); gate != nil {
		<-gate
	}
}

// WaitOrCancel is Wait that can be cancelled; then the task has not come.
func (b *Barrier) WaitOrCancel(t *Task) error {
	if err := t.Check(); err != nil {
		return err
	}
	gate := b.arrive()
	if gate == nil {
		return nil
	}
	err := t.wait(gate)
	if err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.gate == gate {
			b.came--
		}
	}
	return err
}

// ---- timers: a time.AfterFunc each time, whose goroutine sends how often the timer has fired, or is the call

// A Timer sends or calls.
type Timer struct {
	mu     sync.Mutex
	run    *run
	timer  *time.Timer
	arming int // which time.AfterFunc has a say
	when   int // it is due, in ns of the run

	send    func(int)
	drain   func()
	fired   int
	period  time.Duration // of a ticker
	catchUp CatchUp
	ticks   bool

	call *Task // begins when it is due
	body func(*Task) (any, error)
}

// A CatchUp is what a ticker does that is late.
type CatchUp int

const (
	Drop  CatchUp = iota // leaves out what it missed and keeps to its grid, as a time.Ticker
	Burst                // makes up for each tick
	Drift                // counts from when it fired
)

// Alarm is a channel that gets one value.
func Alarm[T any](t *Task, d time.Duration) chan T {
	_, ch := NewTimer[T](t, d)
	return ch
}

// NewTimer sends once.
func NewTimer[T any](t *Task, d time.Duration) (*Timer, chan T) {
	return newTimer[T](t, d, 0, Drop)
}

// NewTicker sends again and again.
func NewTicker[T any](t *Task, d time.Duration, catchUp CatchUp) (*Timer, chan T) {
	return newTimer[T](t, d, max(1, d), catchUp)
}

func newTimer[T any](t *Task, d, period time.Duration, catchUp CatchUp) (*Timer, chan T) {
	ch := make(chan T, 1)
	x := &Timer{run: t.run, period: period, catchUp: catchUp}
	x.send = func(n int) { TrySend(ch, any(n).(T)) }
	x.drain = func() { TryRecv(ch) }
	x.start(d)
	return x, ch
}

// AfterFunc starts a task after so long.
func (t *Task) AfterFunc(d time.Duration, proc string, body func(*Task)) *Timer {
	return t.afterFunc(d, proc, plain(body))
}

// AfterFuncErr is AfterFunc for a procedure that can fail.
func (t *Task) AfterFuncErr(d time.Duration, proc string, body func(*Task) error) *Timer {
	return t.afterFunc(d, proc, fallible(body))
}

func (t *Task) afterFunc(d time.Duration, proc string, body func(*Task) (any, error)) *Timer {
	x := &Timer{run: t.run, call: t.child(proc), body: body}
	t.run.live.Add(1) // as if it had begun: the run waits for it
	x.start(d)
	return x
}

func (x *Timer) start(d time.Duration) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.ticks = x.period > 0
	x.arm(int(x.run.now()) + int(d))
}

func (x *Timer) arm(when int) {
	x.arming++
	x.when = when
	arming, d := x.arming, time.Duration(when)-time.Duration(x.run.now())
	x.run.expect(d)
	if x.call == nil {
		x.timer = time.AfterFunc(d, func() { x.fire(arming) })
		return
	}
	call := x.call
	x.timer = time.AfterFunc(d, func() {
		x.run.spawned.Add(1)
		call.main(x.body)
	})
}

func (x *Timer) fire(arming int) {
	x.mu.Lock()
	if arming != x.arming || x.run.over.Load() {
		x.mu.Unlock()
		return
	}
	x.fired++
	n := x.fired
	if x.ticks {
		x.arm(x.next(int(x.run.now())))
	}
	x.mu.Unlock()
	x.send(n)
}

// next is when a ticker that fires now is due again.
func (x *Timer) next(now int) int {
	period := int(x.period)
	switch x.catchUp {
	case Burst:
		return x.when + period
	case Drift:
		return now + period
	}
	return x.when + period*(1+max(0, now-x.when)/period)
}

// Stop is true if the timer had not fired; a ticker that runs has not.
func (x *Timer) Stop() bool {
	pending := x.halt()
	if pending && x.call != nil {
		x.run.live.Add(-1)
	}
	return pending
}

func (x *Timer) halt() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	pending := x.timer.Stop()
	if x.period > 0 {
		pending, x.ticks = x.ticks, false
		x.arming++
	}
	return pending
}

// Reset starts the timer anew, with an empty channel; true if it had not fired. A call that has begun is followed by another.
func (x *Timer) Reset(d time.Duration) bool {
	pending := x.halt()
	if x.call == nil {
		x.drain()
	} else if !pending {
		x.call = x.call.parent.child(x.call.proc)
		x.run.live.Add(1)
	}
	if x.period > 0 {
		x.period = max(1, d)
	}
	x.start(d)
	return pending
}

// ---- memory

// An Atomic is an int that tasks change without a lock.
type Atomic struct{ v atomic.Int64 }

func NewAtomic(value int) *Atomic {
	a := &Atomic{}
	a.v.Store(int64(value))
	return a
}

func (a *Atomic) Load() int       { return int(a.v.Load()) }
func (a *Atomic) Store(value int) { a.v.Store(int64(value)) }

// Add gives the sum.
func (a *Atomic) Add(n int) int {
	for {
		before := a.v.Load()
		sum := int64(Add(int(before), n))
		if a.v.CompareAndSwap(before, sum) {
			return int(sum)
		}
	}
}

func (a *Atomic) CompareAndSwap(expect, value int) bool {
	return a.v.CompareAndSwap(int64(expect), int64(value))
}

// ---- promises

// A Promise is a value beside a channel that is closed when it is there. Only the first settlement counts.
type Promise[T any] struct {
	settled atomic.Bool
	done    chan struct{}
	value   T
	err     error

	mu       sync.Mutex
	isOver   bool
	handlers []func()
}

func NewPromise[T any]() *Promise[T] { return &Promise[T]{done: make(chan struct{})} }

func (p *Promise[T]) Resolve(value T) { p.settle(value, nil) }

func (p *Promise[T]) Reject(kind string) { p.settle(*new(T), Fail(kind)) }

func (p *Promise[T]) settle(value T, err error) {
	if !p.settled.CompareAndSwap(false, true) {
		return
	}
	p.value, p.err = value, err
	close(p.done)
	p.mu.Lock()
	p.isOver = true
	handlers := p.handlers
	p.handlers = nil
	p.mu.Unlock()
	for _, each := range handlers {
		each()
	}
}

// whenSettled calls the handler when the promise is settled, in whoever settles it.
func (p *Promise[T]) whenSettled(handler func()) {
	p.mu.Lock()
	if !p.isOver {
		p.handlers = append(p.handlers, handler)
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	handler()
}

// OnResolve starts a handler once the promise is resolved, as context.AfterFunc does once its context is done; a promise of
// what the handler gives.
func OnResolve[T, R any](t *Task, p *Promise[T], proc string, handler func(*Task, T) (R, error)) *Promise[R] {
	return onResolve(t, p, proc, handler, func(derived *Promise[R], result R) { derived.settle(result, nil) })
}

// OnResolveAgain is OnResolve for a handler that gives a promise, which the new one follows.
func OnResolveAgain[T, R any](t *Task, p *Promise[T], proc string, handler func(*Task, T) (*Promise[R], error)) *Promise[R] {
	return onResolve(t, p, proc, handler, func(derived *Promise[R], inner *Promise[R]) {
		if inner == nil {
			derived.settle(*new(R), nil)
			return
		}
		inner.whenSettled(func() { derived.settle(inner.value, inner.err) })
	})
}

func onResolve[T, H, R any](
	t *Task, p *Promise[T], proc string, handler func(*Task, T) (H, error), give func(*Promise[R], H),
) *Promise[R] {
	derived := NewPromise[R]()
	child := t.child(proc)
	p.whenSettled(func() {
		if p.err != nil {
			derived.settle(*new(R), p.err)
			return
		}
		var result H
		child.ends = func() {
			if child.err != nil {
				derived.settle(*new(R), child.err)
			} else {
				give(derived, result)
			}
		}
		child.start(func(t *Task) (_ any, err error) {
			result, err = handler(t, p.value)
			return result, err
		})
	})
	return derived
}

// Done is closed when the promise is settled.
func (p *Promise[T]) Done() <-chan struct{} { return p.done }

// Value is that of a promise that has been resolved.
func (p *Promise[T]) Value() T { return Must(p.value, p.err) }

// Outcome is the value or the error of a promise that has been settled.
func (p *Promise[T]) Outcome(t *Task) (T, error) { return p.value, t.raise(p.err) }

// Await waits for the value of a promise that nobody rejects.
func (p *Promise[T]) Await() T {
	<-p.done
	return p.Value()
}

// AwaitErr waits for the value or the error.
func (p *Promise[T]) AwaitErr(t *Task) (T, error) {
	if err := t.Check(); err != nil {
		return typed[T](nil, err)
	}
	if err := t.wait(p.done); err != nil {
		return typed[T](nil, err)
	}
	return p.Outcome(t)
}

// ---- processor time, system calls

var (
	sink      atomic.Uint64
	calibrate = sync.OnceValue(iterationsPerNs)
)

func burn(iterations int) {
	x := sink.Load() | 1
	for range iterations {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	sink.Store(x)
}

// iterationsPerNs is the median of several rounds.
func iterationsPerNs() float64 {
	const rounds, iterations = 21, 100_000
	burn(iterations)
	var speeds []float64
	for range rounds {
		start := time.Now()
		burn(iterations)
		speeds = append(speeds, iterations/float64(time.Since(start)))
	}
	slices.Sort(speeds)
	return speeds[rounds/2]
}

// CPU keeps the processor busy for so long on an idle machine: a count of iterations, never a look at the clock.
func (t *Task) CPU(d time.Duration) { burn(int(math.Round(float64(max(0, d)) * calibrate()))) }

// Block is a system call that sleeps.
func (t *Task) Block(d time.Duration) {
	if d <= 0 {
		return
	}
	left := syscall.NsecToTimespec(int64(d))
	for syscall.Nanosleep(&left, &left) == syscall.EINTR {
	}
}

// Offload is a plain call: goroutines need no pool to compute.
func (t *Task) Offload(d time.Duration) { t.CPU(d) }

// OffloadTo is a call of which so many happen at a time.
func (t *Task) OffloadTo(workers int, d time.Duration) {
	slots := t.run.slots(workers)
	slots <- struct{}{}
	t.CPU(d)
	<-slots
}

// OffloadOrCancel is OffloadTo whose wait for a slot can be cancelled.
func (t *Task) OffloadOrCancel(workers int, d time.Duration) error {
	slots := t.run.slots(workers)
	select {
	case slots <- struct{}{}:
	default:
		select {
		case slots <- struct{}{}:
		case <-t.stop():
			return t.Cancelled()
		}
	}
	t.CPU(d)
	<-slots
	return nil
}

// ---- files and services

var directory = os.Getenv("ORRERY_DIR")

// ReadFile reads a file of that size.
func (t *Task) ReadFile(size int) {
	if _, err := t.run.file(size).ReadAt(make([]byte, size), 0); err != nil && err != io.EOF {
		panic(err)
	}
}

// ReadSlowFile reads a file from a disk that takes longer than usual.
func (t *Task) ReadSlowFile(size int, stall time.Duration) {
	t.Block(stall)
	t.ReadFile(size)
}

// StatFile looks a path up.
func (t *Task) StatFile() {
	if _, err := os.Stat(filepath.Join(directory, ".")); err != nil {
		panic(err)
	}
}

// file is open before it is read; a program's files are written before its run as far as their sizes are known.
func (r *run) file(size int) *os.File {
	if open, ok := r.files.Load(size); ok {
		return open.(*os.File)
	}
	name := filepath.Join(directory, fmt.Sprintf("file-%d", size))
	if info, err := os.Stat(name); err != nil || info.Size() != int64(size) {
		if err := os.WriteFile(name, make([]byte, size), 0o644); err != nil {
			panic(err)
		}
	}
	file, err := os.Open(name)
	if err != nil {
		panic(err)
	}
	open, _ := r.files.LoadOrStore(size, file)
	return open.(*os.File)
}

// A Service is behind a socket. Servers and QueueLimit are -1 if unlimited.
type Service struct {
	Name                string
	Servers, QueueLimit int
	Latency             Distribution
	FailPerMillion      int
}

// connections that are open and idle; a request has one to itself.
type connections struct {
	mu   sync.Mutex
	idle []net.Conn
}

const openedBefore = 8

func (c *connections) take() (net.Conn, error) {
	c.mu.Lock()
	if n := len(c.idle); n > 0 {
		conn := c.idle[n-1]
		c.idle = c.idle[:n-1]
		c.mu.Unlock()
		return conn, nil
	}
	c.mu.Unlock()
	return net.Dial("tcp", os.Getenv("ORRERY_SERVICES"))
}

func (c *connections) give(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = append(c.idle, conn)
}

// Call makes one request; Rejected if the service refuses or fails.
func (s *Service) Call(t *Task) error {
	if err := t.Check(); err != nil {
		return err
	}
	ns := t.Draw("service."+s.Name+".latency", s.Latency)
	fails := 0
	if s.FailPerMillion > 0 && t.below("service."+s.Name+".fails", 1_000_000) < s.FailPerMillion {
		fails = 1
	}
	conn, err := t.run.connections.take()
	if err != nil {
		return err
	}
	t.run.outside.Add(1)
	defer t.run.outside.Add(-1)
	t.mu.Lock()
	if t.shields == 0 {
		t.interrupt = func() { conn.SetReadDeadline(time.Unix(1, 0)) }
	}
	t.mu.Unlock()
	reply := make([]byte, 3)
	_, err = fmt.Fprintf(conn, "%s %d %d %d %d\n", s.Name, s.Servers, s.QueueLimit, ns, fails)
	if err == nil {
		_, err = io.ReadFull(conn, reply)
	}
	t.mu.Lock()
	t.interrupt = nil
	t.mu.Unlock()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		conn.Close()
		return t.Cancelled()
	}
	if err != nil {
		return err
	}
	t.run.connections.give(conn)
	if string(reply) != "ok\n" {
		return Fail("Rejected", "service "+s.Name+" refused or failed")
	}
	return nil
}

// ---- connections

// A Listener takes connections on the loopback.
type Listener struct{ listener *net.TCPListener }

// Listen makes a listener that queues backlog + 1 connections which nobody has accepted; net.Listen leaves that to the system.
func Listen(backlog int) *Listener {
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err == nil {
		var raw syscall.RawConn
		if raw, err = l.SyscallConn(); err == nil {
			raw.Control(func(fd uintptr) { err = syscall.Listen(int(fd), backlog) })
		}
	}
	if err != nil {
		panic(err)
	}
	return &Listener{l}
}

// A Conn is one end of a connection. Its bytes are counted only.
type Conn struct {
	conn   net.Conn
	buffer []byte
}

// Accept waits for the next connection.
func (l *Listener) Accept(t *Task) (*Conn, error) {
	var conn net.Conn
	err := t.network(l.listener, func() (err error) {
		conn, err = l.listener.Accept()
		return err
	})
	return &Conn{conn: conn}, err
}

// Dial connects to the listener.
func (l *Listener) Dial(t *Task) (*Conn, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	t.run.outside.Add(1) // a full backlog lets it wait for a second with nobody at work
	defer t.run.outside.Add(-1)
	conn, err := net.Dial("tcp", l.listener.Addr().String())
	if err != nil {
		return nil, Fail("Rejected", err.Error())
	}
	return &Conn{conn: conn}, nil
}

// Close stops listening; who waits for a connection gets Rejected.
func (l *Listener) Close() { l.listener.Close() }

// Read reads at most so many bytes, and tells how many: 0 at the end.
func (c *Conn) Read(t *Task, bytes int) (int, error) {
	read := 0
	err := t.network(c.conn, func() (err error) {
		read, err = c.conn.Read(c.room(bytes))
		if err == io.EOF {
			err = nil
		}
		return err
	})
	return read, err
}

// Write returns when all the bytes are taken.
func (c *Conn) Write(t *Task, bytes int) error {
	return t.network(c.conn, func() error {
		_, err := c.conn.Write(make([]byte, bytes))
		return err
	})
}

// Close ends the connection; who waits on this end gets Rejected.
func (c *Conn) Close() { c.conn.Close() }

func (c *Conn) room(bytes int) []byte {
	if len(c.buffer) < bytes {
		c.buffer = make([]byte, bytes)
	}
	return c.buffer[:bytes]
}

// network waits at a socket, which is closed when the task is asked to stop meanwhile.
func (t *Task) network(socket interface {
	Close() error
	SetDeadline(time.Time) error
}, wait func() error) error {
	if err := t.Check(); err != nil {
		return err
	}
	t.mu.Lock()
	if t.shields == 0 {
		t.interrupt = func() { socket.SetDeadline(time.Unix(1, 0)) }
	}
	t.mu.Unlock()
	err := wait()
	t.mu.Lock()
	t.interrupt = nil
	t.mu.Unlock()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		socket.Close()
		return t.Cancelled()
	}
	if err != nil {
		return Fail("Rejected", err.Error())
	}
	return nil
}

// ---- numbers, lists, values that may be none

const maxInt = 1<<53 - 1

func exact(n int) int {
	if n > maxInt || n < -maxInt {
		panic(Fail("Overflow", "integer beyond 2^53-1"))
	}
	return n
}

// Add is a + b, within 2^53-1.
func Add(a, b int) int { return exact(a + b) }

// Sub is a - b, within 2^53-1.
func Sub(a, b int) int { return exact(a - b) }

// Mul is a * b, within 2^53-1.
func Mul(a, b int) int {
	if a != 0 && b != 0 && (a*b/b != a || a == math.MinInt) {
		panic(Fail("Overflow", "integer beyond 2^53-1"))
	}
	return exact(a * b)
}

// Div is a / b, truncated.
func Div(a, b int) int { return a / b }

// Mod is a % b.
func Mod(a, b int) int { return a % b }

// Int is the number that the value must be.
func Int(value any) int { return As[int](value) }

// As is the value as a T, which it must be; none is fine where T has one.
func As[T any](value any) T {
	result, ok := value.(T)
	if !ok && (value != nil || isNumber[T]()) {
		panic(Fail("NoneDeref", fmt.Sprintf("%v where another value is needed", show(value))))
	}
	return result
}

func isNumber[T any]() bool {
	switch any(*new(T)).(type) {
	case int, string, bool, Result:
		return true
	}
	return false
}

// True is for a condition that may be none, which is false.
func True(value any) bool { return value == true }

// At is the item at an index, or otherwise outside the list.
func At[T any](items []T, index int, otherwise T) T {
	if index >= 0 && index < len(items) {
		return items[index]
	}
	return otherwise
}

// AtOrNone is the item at an index, nil outside the list.
func AtOrNone[T any](items []T, index int) any {
	if index >= 0 && index < len(items) {
		return items[index]
	}
	return nil
}

// AtOr is the item at an index, or a value of another type outside the list.
func AtOr[T any](items []T, index int, otherwise any) any {
	if index >= 0 && index < len(items) {
		return items[index]
	}
	return otherwise
}

// Named is a function and the name of its procedure, by which tasks are known.
type Named[F any] struct {
	Proc string
	Func F
}

// Name gives a function its procedure's name.
func Name[F any](proc string, f F) *Named[F] { return &Named[F]{proc, f} }

// With is a copy of a record, changed.
func With[T any](record *T, change func(copied *T)) *T {
	copied := *record
	change(&copied)
	return &copied
}

// Fields is how a record looks in the log: names and values in turn.
func Fields(fields ...any) string {
	texts := make([]string, len(fields)/2)
	for i := range texts {
		texts[i] = fmt.Sprint(fields[2*i]) + ": " + show(fields[2*i+1])
	}
	return "{" + strings.Join(texts, " ") + "}"
}

// Has tells whether a map has the key.
func Has[K comparable, V any](m map[K]V, key K) bool {
	_, ok := m[key]
	return ok
}

// Get is what a map has under the key, otherwise where it has nothing.
func Get[K comparable, V any](m map[K]V, key K, otherwise V) V {
	if value, ok := m[key]; ok {
		return value
	}
	return otherwise
}

// GetOrNone is what a map has under the key, nil where it has nothing.
func GetOrNone[K comparable, V any](m map[K]V, key K) any { return GetOr(m, key, nil) }

// GetOr is what a map has under the key, a value of another type where it has nothing.
func GetOr[K comparable, V any](m map[K]V, key K, otherwise any) any {
	if value, ok := m[key]; ok {
		return value
	}
	return otherwise
}

// Sorted goes through what a map holds when the loop begins, in the order of its keys.
func Sorted[K cmp.Ordered, V any](m map[K]V) iter.Seq2[K, V] {
	held := maps.Clone(m)
	return func(yield func(K, V) bool) {
		for _, key := range slices.Sorted(maps.Keys(held)) {
			if !yield(key, held[key]) {
				return
			}
		}
	}
}

// SameList tells whether two lists are one.
func SameList[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// Tasks of a list that may hold anything.
func Tasks(items []any) []*Task {
	tasks := make([]*Task, len(items))
	for i, item := range items {
		tasks[i] = As[*Task](item)
	}
	return tasks
}

// A List is shared by whoever holds it, and can grow.
type List[T any] struct{ Items []T }

func ListOf[T any](items ...T) *List[T] { return &List[T]{items} }

// ---- observations: never a scheduling point

type note struct {
	before        *note
	kind          byte // 'l'og, 's'ample, 'c'ount, 'g'auge
	statement     string
	task          *Task
	text          string
	value, timeNs int
}

// note prepends to the run's list without a lock: the order of the list is the order of the calls.
func (t *Task) note(n *note) {
	if t.run.over.Load() {
		return
	}
	n.task = t
	for {
		n.before = t.run.notes.Load()
		n.timeNs = t.Now()
		if t.run.notes.CompareAndSwap(n.before, n) {
			return
		}
	}
}

// Log notes a line; {0} stands for the first argument.
func (t *Task) Log(statement, text string, args ...any) {
	if len(args) > 0 {
		text = interpolate(text, args)
	}
	t.note(&note{kind: 'l', statement: statement, text: text})
}

func interpolate(text string, args []any) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, "{")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		digits, rest, closed := strings.Cut(after, "}")
		index, err := strconv.Atoi(digits)
		if closed && err == nil && index >= 0 && index < len(args) {
			out.WriteString(show(args[index]))
			text = rest
		} else {
			out.WriteString("{")
			text = after
		}
	}
}

func show(value any) string {
	switch v := value.(type) {
	case nil:
		return "none"
	case *Task:
		if v == nil {
			return "none"
		}
		return v.String()
	case fmt.Stringer:
		if of := reflect.ValueOf(value); of.Kind() == reflect.Pointer && of.IsNil() {
			return "none"
		}
		return v.String()
	}
	items := reflect.ValueOf(value)
	if items.Kind() == reflect.Pointer && !items.IsNil() && items.Elem().Kind() == reflect.Struct {
		if list := items.Elem().FieldByName("Items"); list.IsValid() {
			items = list
		}
	}
	switch items.Kind() {
	case reflect.Slice:
		texts := make([]string, items.Len())
		for i := range texts {
			texts[i] = show(items.Index(i).Interface())
		}
		return "[" + strings.Join(texts, " ") + "]"
	case reflect.Map:
		texts := make([]string, items.Len())
		keys := items.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int {
			if a.Kind() == reflect.String {
				return cmp.Compare(a.String(), b.String())
			}
			return cmp.Compare(a.Int(), b.Int())
		})
		for i, key := range keys {
			texts[i] = fmt.Sprint(key) + ": " + show(items.MapIndex(key).Interface())
		}
		return "{" + strings.Join(texts, " ") + "}"
	case reflect.Chan, reflect.Pointer:
		if items.IsNil() {
			return "none"
		}
	}
	return fmt.Sprint(value)
}

// Mark samples the time.
func (t *Task) Mark(name string) { t.Measure(name, t.Now()) }

// MarkSince samples the time since then.
func (t *Task) MarkSince(name string, then int) { t.Measure(name, t.Now()-then) }

// Measure samples a value.
func (t *Task) Measure(name string, value int) { t.note(&note{kind: 's', text: name, value: value}) }

// Count adds to a counter.
func (t *Task) Count(name string, by int) { t.note(&note{kind: 'c', text: name, value: by}) }

// Gauge sets a counter.
func (t *Task) Gauge(name string, value int) { t.note(&note{kind: 'g', text: name, value: value}) }

// Expect notes a condition that does not hold; the program goes on.
func (t *Task) Expect(condition bool, message string) {
	if !condition {
		t.run.unmet.Store(message, t.String())
	}
}

// Now is the number of nanoseconds since main began.
func (t *Task) Now() int { return int(time.Since(t.run.began)) }

// ---- draws: value n of a stream in a task is a function of (seed, stream, task, n) alone

// A Distribution gives value n of a stream.
type Distribution func(stream, n uint64) int

// Draw is the task's next value of a stream.
func (t *Task) Draw(stream string, from Distribution) int {
	return from(mix(t.key()^nameHash(stream)), t.drawsBefore(stream))
}

// Choose is a choice in 0..n-1.
func (t *Task) Choose(n int) int {
	if n < 1 {
		panic(Fail("AssertFailed", fmt.Sprintf("choose among %d", n)))
	}
	return t.below("choose", n)
}

func (t *Task) below(stream string, limit int) int {
	return t.Draw(stream, func(stream, n uint64) int { return below(limit, stream, n) })
}

func (t *Task) drawsBefore(stream string) uint64 {
	if t.draws == nil {
		t.draws = map[string]uint64{}
	}
	n := t.draws[stream]
	t.draws[stream] = n + 1
	return n
}

// key is the hash of the task's path.
func (t *Task) key() uint64 {
	if t.parent == nil {
		return mix(t.run.seed)
	}
	if t.hash == 0 {
		t.hash = word(t.parent.key()^nameHash(t.proc), uint64(t.index))
	}
	return t.hash
}

const ln2 = 2_977_044_472 // round(ln(2) * 2^32)

// mix is the finalizer of SplitMix64.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// word is output n of SplitMix64 seeded with hash.
func word(hash, n uint64) uint64 { return mix(hash + (n+1)*0x9e3779b97f4a7c15) }

// nameHash is FNV-1a.
func nameHash(text string) uint64 {
	hash := uint64(0xcbf29ce484222325)
	for _, each := range []byte(text) {
		hash = (hash ^ uint64(each)) * 0x100000001b3
	}
	return hash
}

func below(limit int, stream, n uint64) int {
	high, _ := bits.Mul64(word(stream, n), uint64(limit))
	return int(high)
}

func Constant(value int) Distribution {
	return func(_, _ uint64) int { return value }
}

func Uniform(low, high int) Distribution {
	return func(stream, n uint64) int { return low + below(high-low+1, stream, n) }
}

func Exponential(mean int) Distribution {
	return func(stream, n uint64) int { return times(mean, times(ln2, minusLog2(word(stream, n)))) }
}

func Erlang(k, mean int) Distribution {
	return func(stream, n uint64) int {
		seed, sum := word(stream, n), 0
		for i := range k {
			sum += minusLog2(word(seed, uint64(i)))
		}
		return times(mean, times(ln2, sum/k))
	}
}

func Lognormal(median, sigmaPerMille int) Distribution {
	return func(stream, n uint64) int {
		exponent := float64(normal(word(stream, n))) * float64(sigmaPerMille)
		return timesPowerOfTwo(median, int(math.Trunc(exponent/1000)))
	}
}

func Pareto(scale, shapePerMille int) Distribution {
	return func(stream, n uint64) int {
		exponent := float64(minusLog2(word(stream, n))) * 1000
		return timesPowerOfTwo(scale, int(math.Floor(exponent/float64(shapePerMille))))
	}
}

func TwoPoint(fast, slow, slowPerMillion int) Distribution {
	return func(stream, n uint64) int {
		if below(1_000_000, stream, n) < slowPerMillion {
			return slow
		}
		return fast
	}
}

func Table(values ...int) Distribution {
	return func(stream, n uint64) int { return values[below(len(values), stream, n)] }
}

// times is round(whole * fixed / 2^32), at most 2^53-1.
func times(whole, fixed int) int {
	high, low := bits.Mul64(uint64(whole), uint64(fixed))
	if high >= 1<<21 {
		return maxInt
	}
	return min(maxInt, int(high<<32|low>>32)+int(low>>31&1))
}

// timesPowerOfTwo is round(whole * 2^(exponent / 2^32)), at most 2^53-1.
func timesPowerOfTwo(whole, exponent int) int {
	octaves := exponent >> 32
	power := fromTable(powerTable(), exponent&0xffffffff)
	if octaves >= 53 {
		if whole == 0 {
			return 0
		}
		return maxInt
	}
	if octaves >= 0 {
		if whole > maxInt>>octaves {
			return times(maxInt, power)
		}
		return times(whole<<octaves, power)
	}
	return int(math.Floor(float64(times(whole, power))/math.Pow(2, float64(-octaves)) + 0.5))
}

// minusLog2 is -log2(value / 2^64) in units of 2^-32.
func minusLog2(value uint64) int {
	zeros := bits.LeadingZeros64(value)
	if zeros == 64 {
		return 64 << 32
	}
	return (zeros+1)<<32 - fromTable(logTable(), fractionAfter(value, zeros))
}

// fractionAfter is the 32 bits after the leading one, which so many zeros precede.
func fractionAfter(value uint64, zeros int) int { return int(value << (zeros + 1) >> 32) }

// normal is log2(e) times a standard normal variable, in units of 2^-32.
func normal(value uint64) int {
	zeros := min(bits.LeadingZeros32(uint32(value>>32)), normalOctaves-1)
	position := (0xffffffff - fractionAfter(value, zeros)) * normalSteps
	size := between(normalTable(), zeros*normalSteps+position>>32, position&0xffffffff) * 512
	if value&1 == 1 {
		return -size
	}
	return size
}

func fromTable(table []int, fraction int) int {
	position := fraction << 8
	return between(table, position>>32, position&0xffffffff)
}

func between(table []int, index, part int) int {
	low := table[index]
	high := low
	if index+1 < len(table) {
		high = table[index+1]
	}
	return low + (high-low)*(part>>8)>>24
}

// The fixed-point tables behind draws; no entry is near where rounding turns, so every machine computes the same.
const normalSteps, normalOctaves = 32, 32

var (
	logTable = sync.OnceValue(func() []int {
		return rounded(257, func(i float64) float64 { return math.Log2(1+i/256) * (1 << 32) })
	})
	powerTable = sync.OnceValue(func() []int {
		return rounded(257, func(i float64) float64 { return math.Exp2(i/256) * (1 << 32) })
	})
	normalTable = sync.OnceValue(func() []int {
		z := 0.0
		return rounded(normalSteps*normalOctaves+1, func(i float64) float64 {
			probability := math.Exp2(-math.Floor(i/normalSteps)) * (1 - math.Mod(i, normalSteps)/(2*normalSteps))
			z = quantile(probability/2, z)
			return z * (1 << 23) / math.Ln2
		})
	})
)

func rounded(length int, entry func(float64) float64) []int {
	table := make([]int, length)
	for i := range table {
		table[i] = int(math.Round(entry(float64(i))))
	}
	return table
}

// quantile is the z with that upper tail, by Newton's method from a smaller z.
func quantile(tail, start float64) float64 {
	z := start
	for range 60 {
		next := z + (upperTail(z)-tail)/density(z)
		if math.Abs(next-z) < 1e-15*(1+z) {
			return next
		}
		z = next
	}
	return z
}

func density(z float64) float64 { return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) }

func upperTail(z float64) float64 {
	if z >= 3 {
		fraction := z
		for n := 200.0; n >= 1; n-- {
			fraction = z + n/fraction
		}
		return density(z) / fraction
	}
	term, sum := z, z
	for n := 3.0; term > sum*1e-17; n += 2 {
		term *= z * z / n
		sum += term
	}
	return 0.5 - density(z)*sum
}

// ---- runs

// When a program is over.
const (
	Quiescent = iota // when no task can go on
	WithMain         // with the end of main
)

// Which of several ready cases a select takes.
const (
	Random = iota
	First
	Rotating
)

// What the failure of a detached task does.
const (
	Abort = iota
	Ignore
)

// A Program to run.
type Program struct {
	Main      func(*Task) error
	Cells     func() // sets the shared cells
	Files     []int  // sizes of the files that it reads
	Computes  bool   // it uses the processor for so long
	Calls     bool   // it calls services
	End       int
	Select    int
	OnFailure int
}

type run struct {
	program     *Program
	seed        uint64
	began       time.Time
	connections *connections
	files       sync.Map
	pools       sync.Map
	unmet       sync.Map
	notes       atomic.Pointer[note]
	selects     atomic.Int64
	spawned     atomic.Int64
	live        atomic.Int64
	ends        atomic.Int64
	outcomes    [cancelled + 1]atomic.Int64
	outside     atomic.Int64 // tasks that wait for a service or a connection
	busyUntil   atomic.Int64 // a timer may wake somebody until then
	mainEnd     atomic.Int64
	lastEnd     atomic.Int64
	over        atomic.Bool
	done        chan struct{}
	outcome     string
	detail      *string
}

func (r *run) slots(workers int) chan struct{} {
	slots, ok := r.pools.Load(workers)
	if !ok {
		slots, _ = r.pools.LoadOrStore(workers, make(chan struct{}, max(1, workers)))
	}
	return slots.(chan struct{})
}

func (r *run) now() int64 { return int64(time.Since(r.began)) }

// expect notes that a timer will fire.
func (r *run) expect(d time.Duration) {
	until := r.now() + int64(d)
	for before := r.busyUntil.Load(); before < until && !r.busyUntil.CompareAndSwap(before, until); {
		before = r.busyUntil.Load()
	}
}

func (r *run) taskEnds(t *Task) {
	outcome := completed
	if Is(t.err, "Cancelled") {
		outcome = cancelled
	} else if t.err != nil {
		outcome = failed
	}
	t.mu.Lock()
	t.state = outcome
	t.ended = r.ends.Add(1)
	t.mu.Unlock()
	r.outcomes[outcome].Add(1)
	r.lastEnd.Store(r.now())
	left := r.live.Add(-1)
	if t.scope != nil {
		t.scope.childEnds(t)
	}
	isMain := t.parent == nil
	if outcome == failed && (isMain || t.detached && r.program.OnFailure == Abort) {
		detail := fmt.Sprintf("%v: %v (exit status 2)", t, t.err)
		r.end("failed", &detail)
	}
	if isMain {
		r.mainEnd.Store(r.lastEnd.Load())
		if left == 0 || r.program.End == WithMain {
			r.end("completed", nil)
		} else {
			r.watch()
		}
	} else if left == 0 && r.mainEnd.Load() > 0 {
		r.end("completed", nil)
	}
}

func (r *run) end(outcome string, detail *string) {
	if r.over.CompareAndSwap(false, true) {
		r.outcome, r.detail = outcome, detail
		close(r.done)
	}
}

const patience = 200 * time.Millisecond

// watch ends the run when the tasks that outlive main can't go on: nothing has happened for a while, no timer or service
// is due, and every goroutine is parked. It looks on only while nobody does anything.
func (r *run) watch() {
	type moment struct {
		notes *note
		ends  int64
	}
	var last moment
	var look func()
	look = func() {
		if r.over.Load() {
			return
		}
		now := moment{r.notes.Load(), r.ends.Load()}
		rest := time.Duration(r.busyUntil.Load() - r.now())
		if now == last && rest < 0 && r.outside.Load() == 0 && allParked() {
			r.end("completed", nil)
			return
		}
		last = now
		time.AfterFunc(max(0, rest)+patience, look)
	}
	time.AfterFunc(patience, look)
}

// allParked tells whether every other goroutine waits for another one.
func allParked() bool {
	stacks := make([]byte, 1<<20)
	for {
		n := runtime.Stack(stacks, true)
		if n < len(stacks) {
			stacks = stacks[:n]
			break
		}
		stacks = make([]byte, 2*len(stacks))
	}
	for i, line := range strings.Split(string(stacks), "\ngoroutine ") {
		if i == 0 {
			continue // this one
		}
		_, state, _ := strings.Cut(line, "[")
		if !strings.HasPrefix(state, "chan ") && !strings.HasPrefix(state, "select") && !strings.HasPrefix(state, "sync.") &&
			!strings.HasPrefix(state, "semacquire") && !strings.HasPrefix(state, "IO wait") {
			return false
		}
	}
	return true
}

// execute runs a program to its end.
func execute(program *Program, seed uint64) *run {
	r := &run{program: program, seed: seed, done: make(chan struct{}), connections: &connections{}, outcome: "deadlocked"}
	r.prepare()
	main := &Task{run: r, proc: "main", done: make(chan struct{})}
	r.spawned.Add(1)
	r.live.Add(1)
	alignTicks()
	r.began = time.Now()
	go main.main(func(t *Task) (any, error) { return nil, program.Main(t) })
	<-r.done
	return r
}

// prepare does what must not happen during the run.
func (r *run) prepare() {
	if r.program.Cells != nil {
		r.program.Cells()
	}
	for _, size := range r.program.Files {
		r.file(size)
	}
	if r.program.Calls {
		for range openedBefore {
			if conn, err := net.Dial("tcp", os.Getenv("ORRERY_SERVICES")); err == nil {
				r.connections.give(conn)
			}
		}
	}
	if r.program.Computes {
		calibrate()
	}
	if os.Getenv("ORRERY_TIMED") == "" {
		// A long system call sets the runtime's monitor, which looks ever more rarely, back to how it starts.
		(&Task{}).Block(25 * time.Millisecond)
	}
	for range warmUp {
		atomic.AddUint64(&warmth, 1)
	}
}

// warmUp is for how long a processor that has slept computes before a run: it was slow to begin with.
const warmUp = 50_000

var warmth uint64

// firstTick is where the count of scheduling rounds stands, modulo 61, when the main of a plain program begins.
const firstTick = 7

// alignTicks brings the count of scheduling rounds to where it is in a plain program: in every 61st round the scheduler
// looks into the global queue first, so that the order of a run depends on it. With one processor a yielding goroutine
// runs before one that it has started only in such a round.
func alignTicks() {
	if runtime.GOMAXPROCS(0) != 1 {
		return
	}
	for range 2 * 61 {
		ran := false
		go func() { ran = true }()
		runtime.Gosched()
		if !ran {
			break
		}
	}
	for range firstTick - 1 {
		runtime.Gosched()
	}
}

// Main runs the programs of a list, each of its lines KEY SEED, and prints a line of JSON for each. Where more than time is
// asked each run has a process of its own, which the one before makes of itself: main finds the scheduler as a plain
// program's does.
func Main(programs map[string]*Program) {
	debug.SetGCPercent(-1) // a collection would take processor time of its own
	list, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	timed := os.Getenv("ORRERY_TIMED") != ""
	at := 0
	if len(os.Args) > 2 {
		if at, err = strconv.Atoi(os.Args[2]); err != nil {
			panic(err)
		}
	}
	lines := strings.Split(strings.TrimSpace(string(list)), "\n")
	for ; at < len(lines); at++ {
		key, seed, _ := strings.Cut(lines[at], " ")
		number, err := strconv.ParseUint(seed, 10, 64)
		if err != nil || programs[key] == nil {
			panic("no run " + lines[at])
		}
		collect()
		r := execute(programs[key], number)
		if timed {
			// What a report leaves in the caches is not the program's: the run that counts follows others like it.
			for began := time.Now(); time.Since(began) < warming; {
				r = execute(programs[key], number)
			}
		}
		out := bufio.NewWriter(os.Stdout)
		if err := json.NewEncoder(out).Encode(r.report(key)); err != nil {
			panic(err)
		}
		out.Flush()
		if timed || at+1 == len(lines) {
			continue
		}
		if r.outside.Load() > 0 || r.live.Load() > 0 {
			return // something is left that a service or a file may still answer
		}
		words := []string{os.Args[0], os.Args[1], strconv.Itoa(at + 1)}
		if err := syscall.Exec(os.Args[0], words, os.Environ()); err != nil {
			panic(err)
		}
	}
}

// warming is for how long a short program runs again and again before the run that is timed.
const warming = 2 * time.Millisecond

// garbage is how much a process leaves lying before it is collected, between two runs.
const garbage = 8 << 20

// collect frees what earlier runs left, so that a later one finds memory that is there already.
func collect() {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	if stats.HeapAlloc > garbage {
		runtime.GC()
	}
}

func (r *run) report(key string) any {
	var notes []*note
	for n := r.notes.Load(); n != nil; n = n.before {
		notes = append(notes, n)
	}
	slices.Reverse(notes)
	log := [][]any{}
	samples, counts := map[string][]int{}, map[string]int{}
	for _, n := range notes {
		switch n.kind {
		case 'l':
			log = append(log, []any{n.statement, n.task.String(), n.text, n.timeNs})
		case 's':
			samples[n.text] = append(samples[n.text], n.value)
		case 'c':
			counts[n.text] += n.value
		case 'g':
			counts[n.text] = n.value
		}
	}
	r.unmet.Range(func(message, task any) bool {
		fmt.Fprintf(os.Stderr, "%v: %v\n", task, message)
		return true
	})
	makespan := r.mainEnd.Load()
	if r.program.End == Quiescent {
		makespan = max(makespan, r.lastEnd.Load())
	}
	return map[string]any{
		"key": key, "seed": r.seed, "outcome": r.outcome, "detail": r.detail, "makespanNs": makespan,
		"log": log, "samples": samples, "counts": counts,
		"tasks": map[string]int64{
			"spawned": r.spawned.Load(), "completed": r.outcomes[completed].Load(),
			"failed": r.outcomes[failed].Load(), "cancelled": r.outcomes[cancelled].Load(),
		},
	}
}
`;
