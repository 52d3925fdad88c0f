package paypal

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// call is one call of a [Client].
type call struct {
	rest.Call
	id       RequestID
	merchant string
	mock     string
	header   http.Header
	check    func() error // of a decoded success; nil = nothing to check
}

// read makes a call that changes nothing.
func (c *Client) read(ctx context.Context, r call, opts []Option) error {
	r.Access = rest.Read
	return c.send(ctx, r, opts)
}

// write makes a call that may move money; id must not be the zero value.
func (c *Client) write(ctx context.Context, id RequestID, r call, opts []Option) error {
	if id.IsZero() {
		return &mip.Error{Op: "paypal: " + r.Name(), Kind: mip.ErrInvalid, Err: errors.New("a request id is required")}
	}
	r.id, r.Access, r.Repeat = id, rest.Write, true
	return c.send(ctx, r, opts)
}

// send repeats a write under its request id while its outcome is unknown.
// Once it was, only success or a refusal of the very request is believed:
// anything else says nothing about the tries before.
func (c *Client) send(ctx context.Context, r call, opts []Option) error {
	if err := c.complete(&r, opts); err != nil {
		return &mip.Error{Op: "paypal: " + r.Name(), Kind: mip.ErrInvalid, Err: err}
	}
	var doubt error
	began := time.Now()
	for try := 1; ; try++ {
		err := c.once(ctx, r)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, mip.ErrUnknown):
			doubt = err
		case doubt == nil || decides(err):
			return err
		default:
			doubt = undecided(err)
		}
		if r.id.IsZero() || c.retry.Spent(try, time.Since(began)) || !c.pause(ctx, c.retry.Delay(try, r.id.String(), doubt)) {
			return doubt
		}
	}
}

// decides reports whether PayPal looked at the request itself and refused it.
func decides(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusUnprocessableEntity
}

// undecided says that an earlier try may have succeeded.
func undecided(err error) error {
	out := &mip.Error{Kind: mip.ErrUnknown, RetryAfter: mip.RetryAfter(err), Err: earlier{err}}
	if own, ok := errors.AsType[*mip.Error](err); ok {
		out.Op, out.Code = own.Op, own.Code
		if own.Err != nil {
			out.Err = earlier{own.Err}
		}
	}
	return out
}

// earlier hides the last try's kind, which is not that of the call.
type earlier struct{ last error }

func (e earlier) Error() string {
	return "an earlier try may have succeeded, the last says: " + e.last.Error()
}

func (e earlier) Is(target error) bool {
	return (target == context.Canceled || target == context.DeadlineExceeded) && errors.Is(e.last, target)
}

func (e earlier) As(target any) bool {
	said, ok := target.(**Error)
	return ok && errors.As(e.last, said)
}

func (c *Client) once(ctx context.Context, r call) error {
	reply := &rest.Response{}
	r.Reply = reply
	err := c.rest.Do(context.WithValue(ctx, replyKey{}, reply), r.Call)
	if err != nil || r.check == nil {
		return err
	}
	if err := r.check(); err != nil {
		kind := mip.ErrContract
		if r.Writes() {
			kind = mip.ErrUnknown
		}
		return &mip.Error{Op: "paypal: " + r.Name(), Kind: kind, Err: &Error{Status: reply.Status, DebugID: debugID(reply.Header.Get("PayPal-Debug-Id")), cause: err}}
	}
	return nil
}

func (c *Client) complete(r *call, opts []Option) error {
	r.header, r.merchant = http.Header{}, c.merchant
	if r.Writes() && strings.HasPrefix(r.Path, "/v2/") {
		r.header.Set("Prefer", "return=representation")
	}
	for _, o := range opts {
		o(r)
	}
	if !r.id.IsZero() {
		r.header.Set("PayPal-Request-Id", r.id.String())
	}
	if r.Method == http.MethodPost {
		r.header.Set("Content-Type", "application/json") // also without a body
	}
	if r.merchant != "" {
		r.header.Set("PayPal-Auth-Assertion", assertion(c.clientID, r.merchant))
	}
	if r.mock != "" {
		if c.live {
			return errors.New("mock responses are for the sandbox")
		}
		mocked(r.header, r.mock)
	}
	r.Header = r.header
	return nil
}

// pause waits for d and reports whether ctx and MaxWait allow it.
func (c *Client) pause(ctx context.Context, d time.Duration) bool {
	if at, ok := ctx.Deadline(); d > c.maxWait || ok && time.Until(at) < d {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
