// Waits that are cancelled or closed, and a writer that waits for its reader.
package Closing

import (
	"time"

	"batch/orrery"
)

// Program is what a batch runs.
var Program = orrery.Program{Main: program}

func reader(t *orrery.Task, conn *orrery.Conn) error {
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if _, err := conn.Read(t, 10); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught, "Rejected") {
		t.Log("reader/0.catch0.0", "rejected")
	} else if orrery.Is(caught, "Cancelled") {
		t.Log("reader/0.catch1.0", "cancelled")
		return t.Cancelled()
	} else if caught != nil {
		return caught
	}
	return nil
}

func accepts(t *orrery.Task, listener *orrery.Listener) error {
	caught := func() (err error) {
		defer orrery.Recover(&err)
		if _, err := listener.Accept(t); err != nil {
			return err
		}
		return nil
	}()
	if orrery.Is(caught, "Rejected") {
		t.Log("accepts/0.catch0.0", "no more")
	} else if caught != nil {
		return caught
	}
	return nil
}

func writer(t *orrery.Task, conn *orrery.Conn, bytes int) error {
	if err := conn.Write(t, bytes); err != nil {
		return err
	}
	t.Log("writer/1", "written")
	conn.Close()
	return nil
}

func program(t *orrery.Task) error {
	listener := orrery.Listen(4)
	ours, err := listener.Dial(t)
	if err != nil {
		return err
	}
	theirs, err := listener.Accept(t)
	if err != nil {
		return err
	}
	first := t.GoErr("reader", func(t *orrery.Task) error { return reader(t, ours) })
	if err := t.Sleep(10 * time.Millisecond); err != nil {
		return err
	}
	first.Cancel()
	if _, err := t.SettleAll([]*orrery.Task{first}); err != nil {
		return err
	}
	end, err := theirs.Read(t, 10)
	if err != nil {
		return err
	}
	t.Log("main/8", "{0} at the other end", end)
	theirs.Close()
	client, err := listener.Dial(t)
	if err != nil {
		return err
	}
	server, err := listener.Accept(t)
	if err != nil {
		return err
	}
	second := t.GoErr("reader", func(t *orrery.Task) error { return reader(t, client) })
	if err := t.Sleep(10 * time.Millisecond); err != nil {
		return err
	}
	client.Close()
	if err := t.Join(second); err != nil {
		return err
	}
	server.Close()
	source, err := listener.Dial(t)
	if err != nil {
		return err
	}
	sink, err := listener.Accept(t)
	if err != nil {
		return err
	}
	task := t.GoErr("writer", func(t *orrery.Task) error { return writer(t, source, 20_000_000) })
	if err := t.Sleep(50 * time.Millisecond); err != nil {
		return err
	}
	t.Log("main/21", "reading")
	total := 0
	open := true
	turns := 0
	for open {
		if turns++; turns > 100_000 {
			return orrery.Fail("AssertFailed", "loop at main/24 went beyond its bound")
		}
		n, err := sink.Read(t, 1_000_000)
		if err != nil {
			return err
		}
		total = orrery.Add(total, n)
		if n == 0 {
			open = false
		}
	}
	if err := t.Join(task); err != nil {
		return err
	}
	t.Log("main/26", "{0} read", total)
	sink.Close()
	last := t.GoErr("accepts", func(t *orrery.Task) error { return accepts(t, listener) })
	if err := t.Sleep(10 * time.Millisecond); err != nil {
		return err
	}
	listener.Close()
	if err := t.Join(last); err != nil {
		return err
	}
	return nil
}
