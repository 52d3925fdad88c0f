package miptest

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"

	"github.com/openmip/openmip/mip"
)

// Transport returns rt as the process sees it: what goes wrong there goes
// wrong on the wire, so that real clients are tested with it. Points carry
// name, and the request's method and path.
func (p *Process) Transport(name string, rt http.RoundTripper) http.RoundTripper {
	return &faultyTransport{p, name, rt}
}

type faultyTransport struct {
	p    *Process
	name string
	rt   http.RoundTripper
}

// RoundTrip implements [http.RoundTripper]. A lost request or answer is the
// *net.OpError of a connection that was reset.
func (f *faultyTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	var last latest
	send := func(ctx context.Context) error {
		again := r.Clone(ctx)
		if r.Body != nil {
			again.Body = io.NopCloser(bytes.NewReader(body))
		}
		answer, err := f.rt.RoundTrip(again)
		last.set(answer)
		return err
	}
	err := f.p.do(r.Context(), f.name, r.Method+" "+r.URL.Path, true, send)
	answer := last.take()
	if _, broken := err.(*mip.Error); broken { //nolint:errorlint // made by the process itself
		if answer != nil {
			_ = answer.Body.Close()
		}
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	}
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// latest holds the newest answer to a request, of which a late one may come
// when nobody waits any more.
type latest struct {
	mu     sync.Mutex
	answer *http.Response
	taken  bool
}

func (l *latest) set(answer *http.Response) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken {
		l.answer = answer
		answer = nil
	}
	answer, l.answer = l.answer, answer
	if answer != nil {
		_ = answer.Body.Close()
	}
}

func (l *latest) take() *http.Response {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taken = true
	answer := l.answer
	l.answer = nil
	return answer
}
