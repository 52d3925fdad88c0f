package simtest

import (
	"context"
	"net"
	"sync"

	"github.com/jackc/pgx/v5"
)

// wires are the connections of one pool, each of which can break.
type wires struct {
	mu     sync.Mutex
	left   int    // messages until one is lost; 0 = none will be
	moment int    // what of it arrives: nothing, half of it, all but its answer
	orphan uint32 // the server's process behind what broke; 0 = nothing did
}

// arm lets a message of the next call be lost. n chooses which, and how.
func (w *wires) arm(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.moment, w.left = n%3, 1+n/3%4
}

// disarm ends the call, and returns the server's process that lost its client
// in it, 0 if none did.
func (w *wires) disarm() uint32 {
	w.mu.Lock()
	defer w.mu.Unlock()
	orphan := w.orphan
	w.left, w.orphan = 0, 0
	return orphan
}

// dial connects as pgx would.
func (w *wires) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &wire{Conn: c, all: w}, nil
}

// name tells a connection who its other end is.
func (w *wires) name(_ context.Context, c *pgx.Conn) error {
	c.PgConn().Conn().(*wire).pid = c.PgConn().PID()
	return nil
}

type wire struct {
	net.Conn
	all *wires
	pid uint32
}

// Write implements net.Conn.
func (c *wire) Write(b []byte) (int, error) {
	breaks, moment := c.all.sends(c)
	if !breaks {
		return c.Conn.Write(b)
	}
	defer func() { _ = c.Close() }()
	switch moment {
	case 0:
		return 0, net.ErrClosed
	case 1:
		n, _ := c.Conn.Write(b[:len(b)/2])
		return n, net.ErrClosed
	default:
		return c.Conn.Write(b)
	}
}

// sends reports whether c breaks with the message that it sends now.
func (w *wires) sends(c *wire) (breaks bool, moment int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.left == 0 || c.pid == 0 {
		return false, 0
	}
	if w.left--; w.left > 0 {
		return false, 0
	}
	w.orphan = c.pid
	return true, w.moment
}
