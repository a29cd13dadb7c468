// The conformance programs of the Go model, which src/conformance has as ports to its library. The first argument names
// one of them: `GOMAXPROCS=1 go run . spawn_order`. Those whose name ends in _p2 want two Ps.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// Three yields let the runtime's own goroutines of the start run first.
func main() {
	yields(3)
	programs[os.Args[1]]()
	fmt.Println(strings.Join(said, " "))
}

var said []string

// Adds to the line that is printed at the end: printing is a system call, which can cost the P.
func say(f string, a ...any) {
	said = append(said, fmt.Sprintf(f, a...))
}

func yields(n int) {
	for range n {
		runtime.Gosched()
	}
}

// Uses the CPU and never parks.
func burn(d time.Duration) {
	for t := time.Now(); time.Since(t) < d; {
	}
}

// Says what f panicked with.
func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			say("<%v>", r)
		}
	}()
	f()
}
