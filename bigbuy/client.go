package bigbuy

import (
	"context"
	"net/http"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Client has BigBuy's endpoints, one method each. It is safe for concurrent
// use. Errors are [*mip.Error] of one kind; what BigBuy said is an [*Error]
// in their chain. Reads are repeated a few times, writes never.
//
// Ids are taken as texts, as one answer gives them, whatever type the other
// endpoint uses.
type Client struct {
	rest *rest.Client
}

// NewClient returns a client; it makes no call. A config that cannot work is
// [mip.ErrInvalid].
func NewClient(c Config) (*Client, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	return newClient(c)
}

func newClient(c Config) (*Client, error) {
	r, err := rest.New(rest.Config{
		Name: "bigbuy", BaseURL: c.BaseURL, Auth: rest.Bearer(c.Key),
		Classify: classify, Limiter: c.Limiter, Retry: c.Retry, MaxWait: c.MaxWait, Timeout: c.Timeout,
		MaxBody:   64 << 20, // lowest-shipping-costs-by-country: 26 MB
		Transport: c.Transport, Logger: c.Logger, Seen: c.Seen,
	})
	if err != nil {
		return nil, err
	}
	return &Client{rest: r}, nil
}

// classify finds the error in an answer, also in a 200.
func classify(call rest.Call, r rest.Response) error {
	e := readError(r, call.Writes(), call.MayBeEmpty)
	if e == nil {
		return nil
	}
	return &mip.Error{Kind: e.kind, Code: e.Code, Err: e}
}

func (c *Client) get(ctx context.Context, path string, vars rest.Vars, out any) error {
	return c.rest.Do(ctx, rest.Call{Path: path, Vars: vars, Out: out})
}

// ask is a POST that changes nothing.
func (c *Client) ask(ctx context.Context, path string, body, out any) error {
	return c.rest.Do(ctx, rest.Call{Method: http.MethodPost, Path: path, Body: body, Out: out, Access: rest.Read})
}
