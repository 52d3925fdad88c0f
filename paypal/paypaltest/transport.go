package paypaltest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"
)

// Client returns a client that calls the server in-process, without a
// time-out of its own. See [Server.Transport].
func (s *Server) Client() *http.Client { return &http.Client{Transport: s.Transport()} }

// Transport returns a RoundTripper that hands requests for any host to the
// server, in the caller's goroutine and without sockets. It waits only where
// a fault or [Switches.Latency] says so, and never longer than the request's
// context. A lost answer is the *net.OpError that a real connection gives.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ server *Server }

// RoundTrip implements [http.RoundTripper].
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	answer, lost := t.server.serve(r)
	if lost == Hang {
		<-r.Context().Done()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if err := lostError(lost); err != nil {
		return nil, err
	}
	header := answer.header.Clone()
	header.Set("Date", t.server.cfg.Now().UTC().Format(http.TimeFormat))
	return &http.Response{
		Status:     fmt.Sprintf("%d %s", answer.status, http.StatusText(answer.status)),
		StatusCode: answer.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader(answer.body)),
		ContentLength: int64(len(answer.body)), Request: r,
	}, nil
}

// lostError is what a connection reports when the answer is lost.
func lostError(lost Fault) error {
	switch lost {
	case Timeout:
		return &net.OpError{Op: "read", Net: "tcp", Err: os.ErrDeadlineExceeded}
	case Reset:
		return &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	case Unreachable:
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	return nil
}

// Listen serves on addr, or on a free port of 127.0.0.1 if addr is empty. It
// returns the base URL, with which links begin from then on, and a function
// that stops serving and closes the connections. The pages on which a person
// approves are real ones there.
func (s *Server) Listen(addr string) (url string, stop func() error, err error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	var lc net.ListenConfig
	l, err := lc.Listen(context.Background(), "tcp", addr)
	if err != nil {
		return "", nil, fmt.Errorf("paypaltest: listen: %w", err)
	}
	url = "http://" + l.Addr().String()
	s.mu.Lock()
	s.home = url
	s.mu.Unlock()
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l) // always an error: the one of stop
	}()
	return url, func() error {
		err := server.Close()
		<-done
		return err
	}, nil
}
