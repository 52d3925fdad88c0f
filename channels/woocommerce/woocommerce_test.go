package woocommerce_test

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

const hookSecret = "webhook-secret-0001"

// The suite runs once for each means of tracking that a shop can have.
func TestChannel(t *testing.T) {
	t.Parallel()
	for i, c := range []struct {
		name     string
		config   wootest.Config
		tracking woocommerce.Tracking
		url      string
		cannot   map[channeltest.Ability]string
	}{
		{name: "core fulfillments", config: wootest.Config{Tracking: wootest.Fulfillments}},
		{name: "the shipment tracking extension", config: wootest.Config{Tracking: wootest.ShipmentTracking},
			cannot: map[channeltest.Ability]string{channeltest.CarrierCorrections: "the extension has no way to edit an entry"}},
		{name: "advanced shipment tracking", config: wootest.Config{Tracking: wootest.AdvancedShipmentTracking},
			cannot: map[channeltest.Ability]string{channeltest.Carriers: "the free edition drops names that it does not know"}},
		{name: "the extensions' field", tracking: woocommerce.TrackMeta},
		{name: "notes over plain HTTP without pretty permalinks", url: "http://woo.test/shop", config: wootest.Config{PlainPermalinks: true},
			cannot: map[channeltest.Ability]string{channeltest.Corrections: "a note that was mailed stays",
				channeltest.HiddenKeys: "a signature over plain HTTP names the key in the query"}},
	} {
		if i == usualWorlds {
			break
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			channeltest.Test(t, func(setup channeltest.Setup) (channeltest.World, error) {
				config := c.config
				config.URL = c.url
				config.Statuses = []string{"held-at-customs-office"}
				config.Providers = map[string]string{}
				shop := wootest.New(config)
				net := channeltest.Serve(shop)
				open := func(secret string) (*woocommerce.Shop, error) {
					return woocommerce.New(woocommerce.Config{
						Name: "woo", URL: shop.URL(), Key: rest.NewSecret(wootest.DefaultKey), Secret: rest.NewSecret(secret),
						WebhookSecret: rest.NewSecret(hookSecret), PlainPermalinks: config.PlainPermalinks, Tracking: c.tracking,
						Transport: net, Logger: setup.Logger,
					})
				}
				channel, err := open(wootest.DefaultSecret)
				if err != nil {
					return channeltest.World{}, err
				}
				stranger, err := open("cs_wrong")
				p := &platform{Server: shop, hook: shop.Subscribe("order.updated", "https://mip.test/hook", hookSecret)}
				return channeltest.World{Channel: channel, Shop: p, Net: net, BadKey: stranger, Hooks: p,
					Again: func() (mip.Channel, error) { return open(wootest.DefaultSecret) }, Cannot: c.cannot,
					Many:    210, // three pages of at most a hundred
					Secrets: []string{wootest.DefaultKey, wootest.DefaultSecret, hookSecret}}, err
			})
		})
	}
}

// platform drives the fake shop for the suite.
type platform struct {
	*wootest.Server
	hook int64
}

var words = map[mip.Demand]string{
	mip.DemandShip: "processing", mip.DemandUnpaid: "on-hold", mip.DemandCancel: "cancelled", mip.DemandClosed: "completed", "": "processing",
}

// split parts an amount into net and tax as text.
func split(gross mip.Money) (net, tax string) {
	places := mip.Exponent(gross.Currency())
	part := gross.Amount().Div(decimal.New(121, -2)).Round(places)
	return part.StringFixed(places), gross.Amount().Sub(part).StringFixed(places)
}

func (p *platform) Put(s channeltest.Sale) (mip.Facts, error) {
	f := s.Clone().Facts
	id, _ := strconv.ParseInt(f.Ref.ID, 10, 64)
	if id == 0 {
		id = p.Buy(p.order(s))
	} else {
		p.Edit(id, func(o *wootest.Order) {
			changed := p.order(s)
			o.Billing, o.Shipping, o.CustomerNote = changed.Billing, changed.Shipping, changed.CustomerNote
		})
		p.SetStatus(id, s.Word(words))
	}
	kept, ok := p.Order(id)
	if !ok {
		return f, errors.New("no such order")
	}
	back := map[int64]int{}
	for i, l := range f.Lines {
		back[kept.Lines[i].ID] = l.Cancelled
		for _, r := range kept.Refunds {
			for _, rl := range r.Lines {
				if rl.LineID == kept.Lines[i].ID {
					back[rl.LineID] -= rl.Quantity
				}
			}
		}
		if back[kept.Lines[i].ID] <= 0 {
			delete(back, kept.Lines[i].ID)
		}
		f.Lines[i].ID = strconv.FormatInt(kept.Lines[i].ID, 10)
	}
	if len(back) > 0 {
		p.Refund(id, back)
		kept, _ = p.Order(id)
	}
	f.Ref, f.Number = mip.Ref{Channel: "woo", ID: strconv.FormatInt(id, 10)}, kept.Number
	f.Demand = map[string]mip.Demand{"processing": mip.DemandShip, "on-hold": mip.DemandUnpaid, "cancelled": mip.DemandCancel,
		"completed": mip.DemandClosed, "refunded": mip.DemandCancel}[kept.Status]
	f.CreatedAt, f.UpdatedAt = kept.Created, kept.Modified
	return f, nil
}

func (p *platform) order(s channeltest.Sale) wootest.Order {
	a := s.ShipTo
	address := wootest.Address{FirstName: a.FirstName, LastName: a.LastName, Company: a.Company, Address1: a.Line1, Address2: a.Line2,
		City: a.City, State: a.Province, Postcode: a.Postcode, Country: a.Country, Phone: a.Phone, Email: a.Email}
	o := wootest.Order{Status: s.Word(words), Currency: s.Total.Currency(), Billing: address, Shipping: address, NoAddress: true,
		CustomerNote: s.Note, Total: s.Total.Text(), Lines: []wootest.Line{}}
	net, tax := split(s.Postage)
	o.ShippingLines = []wootest.ShippingLine{{Title: s.Service, Total: net, TotalTax: tax}}
	for _, l := range s.Lines {
		quantity, _ := strconv.ParseFloat(string(s.Pieces(l)), 64)
		net, tax := split(l.Total)
		if s.Quirk == channeltest.BadPrice {
			net = s.Amount(l.Total)
		}
		o.Lines = append(o.Lines, wootest.Line{Name: l.Title, SKU: l.SKU, Deleted: l.SKU == "", Quantity: quantity, Total: net, TotalTax: tax})
	}
	switch s.Quirk {
	case channeltest.NoPrice:
		o.Edit = func(out map[string]any) {
			for _, l := range out["line_items"].([]map[string]any) {
				l["total"] = nil
			}
		}
	case channeltest.NoAddress:
		o.Edit = func(out map[string]any) { delete(out, "shipping"); out["billing"] = nil }
	case channeltest.Bare:
		o.Edit = func(out map[string]any) {
			delete(out, "refunds")
			delete(out, "meta_data")
			out["customer_note"], out["date_paid"], out["date_completed"] = nil, nil, nil
			for _, side := range []string{"billing", "shipping"} {
				for _, k := range []string{"address_2", "company", "state", "email", "phone"} {
					delete(out[side].(map[string]any), k)
				}
			}
		}
	}
	return o
}

// Shown reads what the customer sees, wherever the shop shows it.
func (p *platform) Shown(id string) mip.Status {
	n, _ := strconv.ParseInt(id, 10, 64)
	o, _ := p.Order(n)
	s := mip.Status{State: map[string]mip.State{"completed": mip.StateShipped, "cancelled": mip.StateCancelled}[o.Status]}
	add := func(number, carrier, url string) {
		s.Parcels = append(s.Parcels, mip.Parcel{Number: number, Carrier: carrier, URL: url})
	}
	for _, f := range o.Fulfillments {
		word := func(key string) string { v, _ := wootest.MetaValue(f.Meta, key).(string); return v }
		add(word("_tracking_number"), word("_shipping_provider"), word("_tracking_url"))
		s.Parcels[len(s.Parcels)-1].Items = contents(wootest.MetaValue(f.Meta, "_items"))
	}
	for _, t := range o.Trackings {
		add(t.Number, t.Provider+t.CustomProvider, t.CustomLink)
	}
	for _, note := range o.Notes {
		words, tracks := strings.CutPrefix(note.Text, "Tracking: ")
		if !note.Customer || !tracks {
			continue
		}
		part, carrier, url := strings.Split(words, " - "), "", ""
		if last := len(part) - 1; strings.HasPrefix(part[last], "https://") {
			part, url = part[:last], part[last]
		}
		if len(part) == 2 {
			carrier, part = part[0], part[1:]
		}
		add(part[0], carrier, url)
	}
	return s
}

func (p *platform) Hook(id string) (http.Header, []byte) {
	n, _ := strconv.ParseInt(id, 10, 64)
	return p.capture(wootest.Delivery{ID: "delivery-" + id, Hook: p.hook, Topic: "order.updated", Order: n})
}

// Chat is about a product.
func (p *platform) Chat(id string) (http.Header, []byte) {
	body := []byte(`{"id":` + id + `,"name":"Garden lamp"}`)
	return headers("Topic", "product.updated", "Resource", "product", "Signature", wootest.Sign(body, hookSecret), "Delivery-ID", "chat-"+id), body
}

// Remove empties the trash of one order.
func (p *platform) Remove(id string) {
	n, _ := strconv.ParseInt(id, 10, 64)
	p.Delete(n)
}

// Currencies implements channeltest.Seller.
func (*platform) Currencies() []string { return []string{"JPY", "PLN", "KWD"} }

func (p *platform) Ping() (http.Header, []byte) { return p.capture(wootest.Delivery{Hook: p.hook}) }

func (p *platform) capture(d wootest.Delivery) (h http.Header, body []byte) {
	p.Deliver(roundTrip(func(r *http.Request) (*http.Response, error) {
		h = r.Header
		body, _ = io.ReadAll(r.Body)
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	}), d)
	return h, body
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// open connects a channel to a fake shop.
func open(t *testing.T, shop *wootest.Server, change ...func(*woocommerce.Config)) *woocommerce.Shop {
	t.Helper()
	c := woocommerce.Config{Name: "shop", URL: shop.URL(), Key: rest.NewSecret(wootest.DefaultKey),
		Secret: rest.NewSecret(wootest.DefaultSecret), WebhookSecret: rest.NewSecret(hookSecret), Transport: shop.Transport()}
	for _, f := range change {
		f(&c)
	}
	channel, err := woocommerce.New(c)
	require.NoError(t, err)
	return channel
}
