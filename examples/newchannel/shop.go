// Package newchannel is a whole sales channel, to copy from. Its platform is
// invented: orders listed by (time of change, id), parcels kept under our ids.
package newchannel

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Config is one account. Name, URL and Key are required.
type Config struct {
	Name      string            // account name, 1–16 of a–z 0–9, never changed
	URL       string            // "https://shop.example/api"
	Key       rest.Secret       // never printed
	Transport http.RoundTripper // nil = the default one
	Logger    *slog.Logger      // nil = silent
}

// Shop is the channel, safe for concurrent use.
type Shop struct {
	name string
	api  *rest.Client
}

var (
	_ mip.Channel = (*Shop)(nil)
	_ mip.Getter  = (*Shop)(nil)
)

// New returns a channel; it calls nobody. A config that cannot work is [mip.ErrInvalid].
func New(c Config) (*Shop, error) {
	if err := mip.ValidChannelName(c.Name); err != nil || !c.Key.Set() {
		return nil, cmp.Or(err, fail("config without key", mip.ErrInvalid))
	}
	api, err := rest.New(rest.Config{Name: "newchannel", BaseURL: c.URL,
		Auth: rest.Bearer(c.Key), Transport: c.Transport, Logger: c.Logger})
	if err != nil {
		return nil, err
	}
	return &Shop{c.Name, api}, nil
}

// Name implements [mip.Channel].
func (s *Shop) Name() string { return s.name }

type mark struct{ since, after string } // a page begins behind this time and id

// Orders implements [mip.Channel]. The cursor is two seconds before the last time
// of change: the shop's clock has whole seconds, and shops commit late.
func (s *Shop) Orders(ctx context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	return rest.Pages(ctx, mark{since: string(since)}, s.page)
}

func (s *Shop) page(ctx context.Context, m mark) ([]mip.Page, mark, bool, error) {
	const perPage = 50
	var out struct{ Orders *[]json.RawMessage } // a pointer, or "null" and "{}" would be an empty shop
	q := url.Values{"since": {m.since}, "after": {m.after}, "limit": {strconv.Itoa(perPage)}}
	err := s.api.Do(ctx, rest.Call{Path: "/orders", Query: q, Out: &out})
	if err == nil && out.Orders == nil {
		err = fail("list without orders", mip.ErrContract)
	}
	if err != nil {
		return nil, m, false, err
	}
	var page mip.Page
	for _, raw := range *out.Orders {
		o := decode(raw)
		f := o.facts(s.name)
		if f.Ref.Valid() != nil || f.UpdatedAt.IsZero() {
			return nil, m, false, fail("list with an order that has no id or time", mip.ErrContract)
		}
		page.Orders = append(page.Orders, f)
		page.Next = mip.Cursor(f.UpdatedAt.Add(-2 * time.Second).Format(time.RFC3339))
		m = mark{o.Updated, o.ID}
	}
	return []mip.Page{page}, m, len(page.Orders) == perPage, nil
}

// Order implements [mip.Getter].
func (s *Shop) Order(ctx context.Context, id string) (mip.Facts, error) {
	o, err := s.send(ctx, rest.Call{Path: "/orders/{id}", Vars: rest.Vars{"id": id}})
	if err != nil {
		return mip.Facts{}, err
	}
	return o.facts(s.name), nil
}

// Report implements [mip.Channel]: it reads, then writes what is missing.
func (s *Shop) Report(ctx context.Context, ref mip.Ref, st mip.Status) error {
	if ref.Channel != s.name {
		return fail("report on another account's order", mip.ErrInvalid)
	}
	call := rest.Call{Path: "/orders/{id}", Vars: rest.Vars{"id": ref.ID}}
	now, err := s.send(ctx, call)
	for _, p := range st.Parcels {
		want := parcel{p.ID, p.Carrier, p.Number, p.URL}
		if err == nil && p.Number != "" && !slices.Contains(now.Parcels, want) {
			call.Method, call.Path, call.Body = "PUT", "/orders/{id}/parcels", want
			_, err = s.send(ctx, call)
		}
	}
	if err == nil && now.Shipping != string(st.State) {
		call.Method, call.Path, call.Body = "PUT", "/orders/{id}/shipping", map[string]any{"state": st.State}
		_, err = s.send(ctx, call)
	}
	return err
}

// send makes a call that is answered with the order as it is then.
func (s *Shop) send(ctx context.Context, c rest.Call) (order, error) {
	var raw json.RawMessage
	c.Out = &raw
	if err := s.api.Do(ctx, c); err != nil {
		return order{}, err
	}
	if o := decode(raw); o.ID == c.Vars["id"] {
		return o, nil
	}
	if c.Writes() { // perhaps it was done: the next Report reads before it writes
		return order{}, fail(c.Name(), mip.ErrUnknown)
	}
	return order{}, fail(c.Name(), mip.ErrContract)
}

func fail(op string, kind error) error { return &mip.Error{Op: "newchannel: " + op, Kind: kind} }
