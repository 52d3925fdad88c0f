package shopify

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

const tooCostly = "MAX_COST_EXCEEDED"

// do sends a document. out gets the answer's data. A write may be repeated
// after proof that it was not executed.
func (s *Shop) do(ctx context.Context, d document, vars map[string]any, out any) error {
	release, err := s.slots.Take(ctx)
	if err != nil {
		return err
	}
	defer release()
	var answer rest.Response
	call := rest.Call{Method: http.MethodPost, Path: "/admin/api/" + Version + "/graphql.json", Access: rest.Read, Repeat: true,
		Body: map[string]any{"query": d.text, "variables": vars}, Budget: d.name, Out: out, Reply: &answer}
	if d.writes {
		call.Access = rest.Write
	}
	err = s.api.Do(ctx, call)
	if err == nil {
		s.readHeader(answer)
	}
	if e, ok := err.(*mip.Error); ok {
		named := *e
		named.Op = "shopify: " + d.name
		return &named
	}
	return err
}

// sizes are how many orders a query asks for, and how many things in each.
type sizes struct{ first, inner int }

// sized is do for a document whose lists take $first or $inner: halved until
// the shop no longer finds it too costly, and remembered.
func (s *Shop) sized(ctx context.Context, d document, vars map[string]any, out any) error {
	for {
		n := s.sizes.Load()
		if strings.Contains(d.text, "$first:") {
			vars["first"] = n.first
		}
		vars["inner"] = n.inner
		err := s.do(ctx, d, vars, out)
		if codeOf(err) != tooCostly || n.first == 1 && n.inner == 1 {
			return err
		}
		less := sizes{first: max(n.first/2, 1), inner: n.inner}
		if n.first == 1 || vars["first"] == nil {
			less = sizes{first: n.first, inner: max(n.inner/2, 1)}
		}
		s.sizes.CompareAndSwap(n, &less)
	}
}

// wireError is one of the errors beside the data.
type wireError struct {
	Extensions struct{ Code string }
}

// classify reads what is no GraphQL answer: refusals of the shop's own come with
// status 200, see decode.
func (s *Shop) classify(call rest.Call, r rest.Response) error {
	switch {
	case r.Status == http.StatusPaymentRequired:
		return coded(mip.ErrUnauthorized, "frozen", r) // the shop's own bill is open
	case r.Status == http.StatusUnauthorized || r.Status == http.StatusForbidden || r.Status == http.StatusTooManyRequests:
		return nil // as the status says
	case r.Status == http.StatusRequestTimeout || r.Status >= 500:
		return nil
	case r.Status >= 400 && (!call.Writes() || r.Status == http.StatusNotFound || r.Status == http.StatusLocked):
		return coded(mip.ErrUnavailable, "", r) // no such shop, locked, or a stranger's words
	case r.Status >= 400:
		return coded(mip.ErrUnknown, "", r) // a stranger does not know what the shop did
	}
	return nil
}

// decode reads an answer with a good status. Anything in errors makes the answer
// a failure, also beside data: part of an order is no order.
func (s *Shop) decode(call rest.Call, r rest.Response) error {
	var told json.RawMessage
	var extensions struct{ Cost wireCost }
	err := r.Decode(rest.Members{"data": call.Out, "errors": &told, "extensions": &extensions})
	if errors.Is(err, rest.ErrNotJSON) {
		return err
	}
	wait := s.bucket.learn(call.Budget, extensions.Cost)
	var errs []wireError
	if len(told) == 0 || json.Unmarshal(told, &errs) == nil && len(errs) == 0 {
		return err
	}
	var worst error
	for _, e := range append(errs, wireError{})[:max(len(errs), 1)] {
		code := e.Extensions.Code
		switch code {
		case "THROTTLED":
			worst = &mip.Error{Kind: mip.ErrThrottled, Code: code, RetryAfter: max(wait, time.Second)}
		case tooCostly:
			return coded(mip.ErrInvalid, code, r)
		case "ACCESS_DENIED", "SHOP_INACTIVE":
			return coded(mip.ErrUnauthorized, code, r)
		case "INTERNAL_SERVER_ERROR", "TIMEOUT":
			kind := mip.ErrUnavailable
			if call.Writes() {
				kind = mip.ErrUnknown
			}
			return coded(kind, code, r)
		default:
			return coded(notUnderstood(call), code, r)
		}
	}
	return worst
}

// notUnderstood: a read is [mip.ErrContract], a write may have been executed.
func notUnderstood(call rest.Call) error {
	if call.Writes() {
		return mip.ErrUnknown
	}
	return mip.ErrContract
}

func coded(kind error, code string, r rest.Response) error {
	return &mip.Error{Kind: kind, Code: word(code), Err: fmt.Errorf("status %d", r.Status)}
}

// word passes a code and nothing that could be more than one.
func word(code string) string {
	if len(code) > 64 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.") != "" {
		return ""
	}
	return code
}

func codeOf(err error) string {
	if e, ok := errors.AsType[*mip.Error](err); ok {
		return e.Code
	}
	return ""
}

// userError is a refusal inside the data: it was understood and not done.
type userError struct {
	Code  string
	Field []string
}

// payload is what every mutation answers: its refusals, or what was written.
type payload struct {
	Errors       []userError `json:"userErrors"`
	CancelErrors []userError `json:"orderCancelUserErrors"`

	Fulfillment, Job *struct{ ID string }
	Metafields       []struct{ ID string }
}

// write sends a mutation. [mip.ErrRefused] is the shop's no; an answer that
// shows neither a refusal nor what was written settles nothing.
func (s *Shop) write(ctx context.Context, d document, vars map[string]any) error {
	var out map[string]payload
	if err := s.do(ctx, d, vars, &out); err != nil {
		return err
	}
	unknown := &mip.Error{Op: "shopify: " + d.name, Kind: mip.ErrUnknown, Err: errors.New("the answer does not show what was written")}
	for _, p := range out {
		refusals := append(p.Errors, p.CancelErrors...)
		switch {
		case len(refusals) > 0 && refusals[0].Code == "INTERNAL_ERROR":
			return unknown
		case len(refusals) > 0:
			code := cmp.Or(refusals[0].Code, strings.Join(refusals[0].Field, "."))
			return &mip.Error{Op: "shopify: " + d.name, Kind: mip.ErrRefused, Code: word(code), Err: errors.New("the shop refuses it")}
		case p.Fulfillment != nil || p.Job != nil || len(p.Metafields) > 0:
			return nil
		}
	}
	return unknown
}

// readHeader notices an API version that has run out, and the shop's clock.
func (s *Shop) readHeader(r rest.Response) {
	if v := r.Header.Get("X-Shopify-API-Version"); v != "" && v != Version && !s.outdated.Swap(true) {
		s.log.Warn("shopify answers with another API version than asked", "asked", Version, "answered", word(strings.ReplaceAll(v, "-", "_")))
	}
	s.clock.Read(r.Header)
}
