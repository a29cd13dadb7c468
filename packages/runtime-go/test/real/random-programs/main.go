// Runs one random program, given as text, on the real scheduler: `random-programs 's1,s1,l,W;l,g,l'`. Procedures are
// separated by `;`, their operations by `,`; ../../random-programs.ts has the same interpreter for the model. Output is
// written by raw system calls, which the scheduler does not see.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

var procs [][]string
var chans [4]chan int
var mus [2]sync.Mutex
var rw sync.RWMutex
var cmu sync.Mutex
var cond = sync.NewCond(&cmu)
var wg sync.WaitGroup

func say(f string) {
	b := []byte(f + " ")
	syscall.RawSyscall(syscall.SYS_WRITE, 1, uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
}
func try(n string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			say(n + "!" + fmt.Sprint(r))
		}
	}()
	f()
}
func run(p int, name string) {
	for i, op := range procs[p] {
		n := name + fmt.Sprint(i)
		k := 0
		if len(op) > 1 {
			k = int(op[1] - '0')
		}
		switch op[0] {
		case 's':
			wg.Add(1)
			go func() { run(k, n+"."); wg.Done() }()
		case '>':
			try(n, func() { chans[k] <- i; say(n) })
		case '<':
			v, ok := <-chans[k]
			say(fmt.Sprint(n, "=", v, ok))
		case 'x':
			try(n, func() { close(chans[k]) })
		case 'L':
			mus[k].Lock()
			say(n)
		case 'U':
			mus[k].Unlock()
		case 'g':
			runtime.Gosched()
		case 'l':
			say(n)
		case 'W':
			wg.Wait()
			say(n)
		case '?':
			select {
			case v, ok := <-chans[k]:
				say(fmt.Sprint(n, "=", v, ok))
			default:
				say(n + "d")
			}
		case '@':
			select {
			case v, ok := <-chans[k]:
				say(fmt.Sprint(n, "=", v, ok))
			case v, ok := <-chans[(k+1)%4]:
				say(fmt.Sprint(n, "=", v, ok))
			}
		case '^':
			try(n, func() {
				select {
				case chans[k] <- i:
					say(n)
				default:
					say(n + "d")
				}
			})
		case 'R':
			rw.RLock()
			say(n)
		case 'r':
			rw.RUnlock()
		case 'V':
			rw.Lock()
			say(n)
		case 'v':
			rw.Unlock()
		case 'w':
			cmu.Lock()
			cond.Wait()
			say(n)
			cmu.Unlock()
		case 'S':
			cond.Signal()
		case 'B':
			cond.Broadcast()
		case 'z':
			time.Sleep(time.Duration(k) * 6 * time.Millisecond)
			say(n)
		}
	}
}
func main() {
	for range 3 {
		runtime.Gosched()
	}
	for _, p := range strings.Split(os.Args[1], ";") {
		procs = append(procs, strings.Split(p, ","))
	}
	for i := range chans {
		chans[i] = make(chan int, i)
	}
	run(0, "m")
}
