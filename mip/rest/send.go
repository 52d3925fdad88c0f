package rest

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"

	"github.com/go-resty/resty/v2"

	"github.com/openmip/openmip/mip"
)

// request is a call made ready: what every try of it sends.
type request struct {
	call        Call
	url         string
	body        []byte
	contentType string

	sent     *http.Request // of the last try, as it was signed
	rejected bool          // its credential was, and another one may do
}

func (c *Client) prepare(call Call) (*request, error) {
	address, err := call.address(c.base, c.root)
	if err != nil {
		return nil, err
	}
	body, contentType, err := call.payload()
	if err != nil {
		return nil, err
	}
	return &request{call: call, url: address, body: body, contentType: contentType}, nil
}

// send makes one try. The error of a write is [mip.ErrUnavailable] only if
// the request provably never left.
func (c *Client) send(ctx context.Context, r *request) (Response, error) {
	j := journey{turn: func(ctx context.Context) error { return c.turn(ctx, r.call) }}
	ctx = context.WithValue(ctx, journeyKey{}, &j)
	if r.call.Writes() { // a read needs no proof
		ctx = httptrace.WithClientTrace(ctx, j.trace())
	}
	q := c.http.R().SetContext(ctx)
	q.Header = c.header(r)
	if r.body != nil {
		q.SetBody(r.body)
	}
	resp, err := q.Execute(r.call.method(), r.url)
	r.sent = q.RawRequest
	if err != nil {
		return Response{}, sendError(r.call, j.proves(err), err)
	}
	raw := resp.RawResponse
	defer raw.Body.Close()
	body, err := io.ReadAll(io.LimitReader(raw.Body, c.config.MaxBody+1))
	answer := Response{Status: raw.StatusCode, Header: raw.Header, Body: body}
	switch {
	case err != nil:
		return answer, sendError(r.call, false, err)
	case int64(len(body)) > c.config.MaxBody:
		return answer, &mip.Error{Kind: notUnderstood(r.call.Writes()), Err: errTooLong}
	}
	return answer, nil
}

func (c *Client) header(r *request) http.Header {
	h := http.Header{"Accept": {"application/json"}, "User-Agent": {c.config.UserAgent}}
	if r.contentType != "" {
		h.Set("Content-Type", r.contentType)
	}
	for _, from := range []http.Header{c.config.Header, r.call.Header} {
		for name, values := range from {
			h[http.CanonicalHeaderKey(name)] = values
		}
	}
	return h
}

// unsigned is a failure of [Config.Auth].
type unsigned struct{ error }

func (c *Client) sign(_ *resty.Client, r *http.Request) error {
	if c.config.Auth == nil {
		return nil
	}
	if err := c.config.Auth(r); err != nil {
		return unsigned{err}
	}
	return nil
}

func sendError(call Call, unsent bool, err error) error {
	if u, ok := errors.AsType[unsigned](err); ok {
		return beforeSending(u.error)
	}
	if n, ok := errors.AsType[noTurn](err); ok && !call.Writes() {
		return beforeSending(n.error)
	}
	// A url.Error begins with the whole address.
	for wrapped, ok := errors.AsType[*url.Error](err); ok; wrapped, ok = errors.AsType[*url.Error](err) {
		err = wrapped.Err
	}
	if call.Writes() && !unsent {
		return &mip.Error{Kind: mip.ErrUnknown, Err: err}
	}
	return &mip.Error{Kind: mip.ErrUnavailable, Err: err}
}

var errTooLong = errors.New("answer is too long")

// journey follows how far a request got. Only net/http's own transport tells;
// for any other, an error of dialling is the only proof.
type journey struct {
	left               atomic.Bool                 // net/http has asked where to
	dialled, connected atomic.Bool                 // of a write only
	turn               func(context.Context) error // takes another one
}

func (j *journey) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { j.dialled.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { j.connected.Store(true) },
	}
}

// proves reports whether the failure is proof that nothing was sent.
func (j *journey) proves(err error) bool {
	if j.connected.Load() {
		return false
	}
	if j.dialled.Load() {
		return true
	}
	op, ok := errors.AsType[*net.OpError](err)
	if ok && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	_, dns := errors.AsType[*net.DNSError](err)
	return dns
}
