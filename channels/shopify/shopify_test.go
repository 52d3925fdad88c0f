package shopify_test

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/channels/shopify/shopifytest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// The suite, once with a token that stays and once with tokens that expire.
func TestChannel(t *testing.T) {
	t.Parallel()
	schema, err := shopifytest.Schema()
	require.NoError(t, err)
	for i, c := range []struct {
		name   string
		config shopifytest.Config
		static bool
	}{
		{name: "a static token", static: true},
		{name: "client credentials, a lagging index, routing that takes its time",
			config: shopifytest.Config{TokenLife: 10 * time.Minute, Lag: 7 * time.Second, Routing: 4 * time.Second}},
	} {
		if i == usualWorlds {
			break
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			channeltest.Test(t, func(setup channeltest.Setup) (channeltest.World, error) {
				config := c.config
				config.Schema = schema
				shop := shopifytest.New(config)
				net := channeltest.Serve(shop)
				open := func(secret string) (*shopify.Shop, error) {
					made := shopify.Config{Name: "sho", URL: shop.URL(), Transport: net, Logger: setup.Logger, ClientSecret: rest.NewSecret(secret)}
					if c.static {
						made.Token = rest.NewSecret(shopifytest.DefaultToken)
						if secret != shopifytest.DefaultSecret {
							made.Token = rest.NewSecret("shpat_wrong")
						}
					} else {
						made.ClientID = shopifytest.DefaultClientID
					}
					return shopify.New(made)
				}
				channel, err := open(shopifytest.DefaultSecret)
				if err != nil {
					return channeltest.World{}, err
				}
				stranger, err := open("shpss_wrong")
				p := &platform{Server: shop}
				return channeltest.World{Channel: channel, Shop: p, Net: net, BadKey: stranger, Hooks: p,
					Again:   func() (mip.Channel, error) { return open(shopifytest.DefaultSecret) },
					Many:    70, // three pages of 25
					Secrets: []string{shopifytest.DefaultToken, shopifytest.DefaultSecret}}, err
			})
		})
	}
}

// platform drives the fake shop for the suite.
type platform struct{ *shopifytest.Server }

var financial = map[mip.Demand]string{mip.DemandShip: "PAID", mip.DemandUnpaid: "PENDING", mip.DemandCancel: "PAID", mip.DemandClosed: "PAID", "": "PAID"}

func (p *platform) Put(s channeltest.Sale) (mip.Facts, error) {
	f := s.Clone().Facts
	if s.Quirk == channeltest.NoLines {
		return f, errors.ErrUnsupported
	}
	id, _ := strconv.ParseInt(f.Ref.ID, 10, 64)
	made := p.order(s)
	if id == 0 {
		id = p.Buy(made)
	} else {
		p.Edit(id, func(o *shopifytest.Order) {
			o.ShipTo, o.Note, o.Email = made.ShipTo, made.Note, made.Email
			if o.Financial == "PENDING" {
				o.Financial = made.Financial
			}
		})
	}
	kept, ok := p.Order(id)
	if !ok {
		return f, errors.New("no such order")
	}
	back := map[int64]int{}
	for i := range f.Lines {
		f.Lines[i].ID = strconv.FormatInt(kept.Lines[i].ID, 10)
		if n := f.Lines[i].Cancelled - kept.Lines[i].Removed; n > 0 {
			back[kept.Lines[i].ID] = n
		}
	}
	if len(back) > 0 {
		p.Refund(id, back)
	}
	switch {
	case f.Demand == mip.DemandCancel && kept.Cancelled.IsZero():
		p.Cancel(id)
	case f.Demand == mip.DemandClosed:
		p.Fulfil(id)
	}
	kept, _ = p.Order(id)
	f.Ref, f.Number = mip.Ref{Channel: "sho", ID: strconv.FormatInt(id, 10)}, kept.Name
	f.CreatedAt, f.UpdatedAt = kept.Created, time.Time{} // that of routing may be newer
	return f, nil
}

// line has a price per piece, and the discount that leads to the total.
func (*platform) line(s channeltest.Sale, l mip.Line) shopifytest.Line {
	places, pieces := mip.Exponent(l.Total.Currency()), decimal.NewFromInt(int64(max(l.Quantity, 1)))
	price := l.Total.Amount().DivRound(pieces, places).Add(decimal.New(1, -places))
	off := price.Mul(pieces).Sub(l.Total.Amount())
	out := shopifytest.Line{Title: l.Title, SKU: l.SKU, Quantity: l.Quantity, Price: price.String(), Discount: off.String(), Tax: "0.5"}
	if s.Quirk == channeltest.BadPrice {
		out.Price = s.Amount(l.Total)
	}
	if s.Quirk == channeltest.NoPrice {
		out.Edit = func(fields map[string]any) { fields["originalTotalSet"] = nil }
	}
	if s.Quirk == channeltest.HalfPiece {
		out.Edit = func(fields map[string]any) { fields["quantity"] = s.Pieces(l) }
	}
	return out
}

func (p *platform) order(s channeltest.Sale) shopifytest.Order {
	a := s.ShipTo
	o := shopifytest.Order{Financial: financial[s.Demand], Currency: s.Total.Currency(), Email: a.Email, Note: s.Note, Total: s.Total.Amount().String(),
		Shipping: []shopifytest.Shipping{{Title: s.Service, Price: s.Postage.Amount().String(), Tax: "0.25"}}, Lines: []shopifytest.Line{},
		ShipTo: &shopifytest.Address{FirstName: a.FirstName, LastName: a.LastName, Company: a.Company, Address1: a.Line1, Address2: a.Line2, City: a.City,
			ProvinceCode: a.Province, Zip: a.Postcode, Country: a.Country, Phone: a.Phone}}
	for _, l := range s.Lines {
		o.Lines = append(o.Lines, p.line(s, l))
	}
	switch s.Quirk {
	case channeltest.NoAddress:
		o.ShipTo, o.NoAddress = nil, true
	case channeltest.OddStatus:
		o.Financial = s.Word(nil)
	}
	return o
}

// ShipOutside implements [channeltest.Sender].
func (p *platform) ShipOutside(id, lineID string, pieces int) {
	order, _ := strconv.ParseInt(id, 10, 64)
	line, _ := strconv.ParseInt(lineID, 10, 64)
	p.FulfilPieces(order, map[int64]int{line: pieces})
}

// Shown reads what the buyer sees.
func (p *platform) Shown(id string) mip.Status {
	n, _ := strconv.ParseInt(id, 10, 64)
	o, _ := p.Order(n)
	var s mip.Status
	for _, sh := range o.Shipments {
		if sh.Status == "CANCELLED" {
			continue
		}
		s.State = mip.StateShipped
		for _, t := range sh.Tracks {
			box := mip.Parcel{Number: t.Number, Carrier: t.Company, URL: t.URL}
			for _, l := range sh.Lines {
				box.Items = append(box.Items, mip.Item{LineID: strconv.FormatInt(l.LineID, 10), Quantity: l.Quantity})
			}
			s.Parcels = append(s.Parcels, box)
		}
	}
	if !o.Cancelled.IsZero() {
		s.State = mip.StateCancelled
	}
	return s
}

func (p *platform) Hook(id string) (http.Header, []byte) {
	n, _ := strconv.ParseInt(id, 10, 64)
	return read(p.Message(shopifytest.Delivery{ID: "webhook-" + id, Topic: "orders/updated", Order: n}))
}

// Ping implements channeltest.Hooks: Shopify sends none.
func (*platform) Ping() (http.Header, []byte) { return nil, nil }

// Chat is about a product.
func (p *platform) Chat(id string) (http.Header, []byte) {
	body := []byte(`{"id":` + id + `,"title":"Garden lamp","admin_graphql_api_id":"gid://shopify/Product/` + id + `"}`)
	r := p.Message(shopifytest.Delivery{ID: "chat-" + id, Topic: "products/update"})
	r.Header.Set("X-Shopify-Hmac-Sha256", shopifytest.Sign(body, shopifytest.DefaultSecret))
	return r.Header, body
}

func read(r *http.Request) (http.Header, []byte) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	return r.Header, body
}

// Remove deletes an order.
func (p *platform) Remove(id string) {
	n, _ := strconv.ParseInt(id, 10, 64)
	p.Delete(n)
}

// Currencies implements channeltest.Seller.
func (*platform) Currencies() []string { return []string{"JPY", "PLN", "KWD"} }

// open connects a channel to a fake shop.
func open(t testing.TB, shop *shopifytest.Server, change ...func(*shopify.Config)) *shopify.Shop {
	t.Helper()
	c := shopify.Config{Name: "shop", URL: shop.URL(), Token: rest.NewSecret(shopifytest.DefaultToken),
		ClientSecret: rest.NewSecret(shopifytest.DefaultSecret), Transport: shop.Transport()}
	for _, f := range change {
		f(&c)
	}
	channel, err := shopify.New(c)
	require.NoError(t, err)
	return channel
}
