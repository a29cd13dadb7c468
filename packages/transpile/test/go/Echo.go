// A server answers each client until it closes.
package Echo

import (
	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func serve(t *orrery.Task, listener *orrery.Listener, clients int) error {
	for range clients {
		conn, err := listener.Accept(t)
		if err != nil {
			return err
		}
		open := true
		turns := 0
		for open {
			if turns++; turns > 10 {
				return orrery.Fail("AssertFailed", "loop at serve/0.body.2 went beyond its bound")
			}
			n, err := conn.Read(t, 1000)
			if err != nil {
				return err
			}
			t.Log("serve/0.body.2.body.1", "got {0}", n)
			if n == 0 {
				open = false
			} else {
				if err := conn.Write(t, orrery.Add(n, 1)); err != nil {
					return err
				}
			}
		}
		conn.Close()
	}
	return nil
}

func program(t *orrery.Task) error {
	listener := orrery.Listen(4)
	server := t.GoErr("serve", func(t *orrery.Task) error { return serve(t, listener, 2) })
	for client := range 2 {
		conn, err := listener.Dial(t)
		if err != nil {
			return err
		}
		for i := range 2 {
			if err := conn.Write(t, client+i+5); err != nil {
				return err
			}
			back, err := conn.Read(t, 1000)
			if err != nil {
				return err
			}
			t.Log("main/2.body.1.body.2", "{0} back", back)
		}
		conn.Close()
	}
	if err := t.Join(server); err != nil {
		return err
	}
	listener.Close()
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if _, err := listener.Dial(t); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught, "Rejected") {
		t.Log("main/5.catch0.0", "refused")
	} else if caught != nil {
		return caught
	}
	return nil
}
