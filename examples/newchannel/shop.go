// Package newchannel is a whole sales channel, to copy from. Its platform is
// invented; README.md goes through the file step by step.
package newchannel

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Config is one account. Name, Key and API.BaseURL are required.
type Config struct {
	Name string      // account name, 1–16 of a–z 0–9, never changed
	Key  rest.Secret // never printed
	API  rest.Config // where and how to call; New sets its Name, Auth and Classify
}

// Shop is the channel, safe for concurrent use.
type Shop struct {
	name  string
	api   *rest.Client
	clock rest.Clock // the platform's, as its answers tell it
}

var _ mip.Channel = (*Shop)(nil)

// New returns a channel; it calls nobody. A config that cannot work is [mip.ErrInvalid].
func New(c Config) (*Shop, error) {
	if mip.ValidChannelName(c.Name) != nil || !c.Key.Set() {
		return nil, fail("config without a valid name and a key", mip.ErrInvalid)
	}
	s := &Shop{name: c.Name}
	c.API.Name, c.API.Auth = "newchannel", rest.Bearer(c.Key)
	c.API.Classify = func(_ rest.Call, r rest.Response) error { s.clock.Read(r.Header); return nil }
	var err error
	s.api, err = rest.New(c.API)
	return s, err
}

// Name implements [mip.Channel].
func (s *Shop) Name() string { return s.name }

// overlap: the shop's clock has whole seconds, and shops commit late.
const overlap = 2 * time.Second

// Orders implements [mip.Channel]. The cursor is the last time of change that was read.
func (s *Shop) Orders(ctx context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	mark, bad := rest.ReadMark("new", time.RFC3339, since)
	return rest.Changes(ctx, &s.clock, mark, overlap, func(ctx context.Context, p *rest.Pass, token string) (
		page mip.Page, next string, more bool, err error,
	) {
		var orders rest.Rows[order] // nil if there is no list: "null" and "{}" are no empty shop
		q := url.Values{"since": {p.From.Add(-overlap).Format(time.RFC3339)}, "page": {token}}
		list := rest.Members{"orders": &orders, "next": &next}
		if err = bad; err == nil {
			err = s.api.Do(ctx, rest.Call{Path: "/orders", Query: q, Out: list})
		}
		if err == nil && orders == nil {
			err = fail("list without orders", mip.ErrContract)
		}
		for _, o := range orders {
			f := s.facts(o)
			page.Orders = append(page.Orders, f)
			if !f.UpdatedAt.IsZero() {
				page.Next = p.Reached(f.UpdatedAt).Cursor("new", time.RFC3339)
			}
		}
		return page, next, next != "", err // the last page has no next
	})
}

// order is what the platform sends. Amounts and times stay text until facts reads them.
type order struct {
	ID, Number, Status, Currency, Total, Postage, Service, Note, Created, Updated string

	ShipTo struct{ First, Last, Company, Street, Extra, City, Region, Postcode, Country, Phone, Email string }
	Lines  []struct {
		ID, SKU, Title, Total  string
		Pieces, Refunded, Sent int
	}
}

// facts maps an order. What cannot be read becomes a defect, never a guess or an error.
func (s *Shop) facts(row rest.Row[order]) mip.Facts {
	o, r := row.V, row.Order()
	to := o.ShipTo
	f := mip.Facts{
		Ref: mip.Ref{Channel: s.name, ID: o.ID}, Number: o.Number, Service: o.Service, Note: o.Note,
		Demand: r.Demand("status", o.Status, map[string]mip.Demand{"open": mip.DemandUnpaid,
			"paid": mip.DemandShip, "cancelled": mip.DemandCancel, "done": mip.DemandClosed}),
		ShipTo: mip.Address{FirstName: to.First, LastName: to.Last, Company: to.Company, Line1: to.Street,
			Line2: to.Extra, City: to.City, Province: to.Region, Postcode: to.Postcode, Country: to.Country,
			Phone: to.Phone, Email: to.Email},
		Total: r.Money("total", o.Total, o.Currency), Postage: r.Money("postage", o.Postage, o.Currency),
		CreatedAt: r.Time("created", time.RFC3339, o.Created), UpdatedAt: r.Time("updated", time.RFC3339, o.Updated),
	}
	for i, l := range o.Lines {
		path := fmt.Sprintf("lines[%d].", i)
		r.Check(path+"pieces", l.Pieces > 0 && l.Refunded >= 0 && l.Sent >= 0)
		f.Lines = append(f.Lines, mip.Line{ID: l.ID, SKU: l.SKU, Title: l.Title, Quantity: l.Pieces,
			Cancelled: l.Refunded, Shipped: l.Sent, Total: r.Money(path+"total", l.Total, o.Currency)})
	}
	return r.Facts(f)
}

// shipment is what the platform shows the buyer.
type shipment struct {
	State   mip.State
	Parcels []parcel
}

type parcel struct{ ID, Carrier, Number, URL string }

func (s shipment) equal(t shipment) bool {
	return s.State == t.State && slices.Equal(s.Parcels, t.Parcels)
}

// Report implements [mip.Channel]: it reads what is shown and replaces it if st differs.
func (s *Shop) Report(ctx context.Context, ref mip.Ref, st mip.Status) error {
	if ref.Channel != s.name {
		return fail("report on another account's order", mip.ErrInvalid)
	}
	want := shipment{State: st.State}
	for _, p := range st.Parcels {
		if p.Number != "" {
			want.Parcels = append(want.Parcels, parcel{p.ID, p.Carrier, p.Number, p.URL})
		}
	}
	var shown, then shipment
	call := rest.Call{Path: "/orders/{id}/shipment", Vars: rest.Vars{"id": ref.ID}, Out: &shown}
	if err := s.api.Do(ctx, call); err != nil || shown.equal(want) {
		return err
	}
	call.Method, call.Body, call.Out = "PUT", want, &then
	if err := s.api.Do(ctx, call); err != nil || then.equal(want) {
		return err
	}
	return fail(call.Name(), mip.ErrUnknown) // perhaps it was done: the next Report reads first
}

func fail(op string, kind error) error { return &mip.Error{Op: "newchannel: " + op, Kind: kind} }
