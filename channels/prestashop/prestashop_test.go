package prestashop_test

import (
	"context"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/channels/prestashop"
	"github.com/openmip/openmip/channels/prestashop/prestatest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// The suite runs over shops of different ages, zones and carriers.
func TestChannel(t *testing.T) {
	t.Parallel()
	own := map[channeltest.Ability]string{channeltest.LongNotes: "a message has at most 1,600 characters"}
	without := map[channeltest.Ability]string{channeltest.LongNotes: own[channeltest.LongNotes],
		channeltest.Carriers: "the shop shows a carrier of its own, and it has none of these"}
	inQuery := maps.Clone(without)
	inQuery[channeltest.HiddenKeys] = "the key is sent in the query"
	for i, c := range []struct {
		name   string
		config prestatest.Config
		adjust func(*prestashop.Config)
		cannot map[channeltest.Ability]string
	}{
		{name: "1.7 in Warsaw that has the carriers", cannot: own,
			config: prestatest.Config{Carriers: []string{"0", "DHL", "GLS", "SEUR"}, RawAddressEdits: true, Language: "pl"}},
		{name: "8 in New York with a carrier of its own", cannot: inQuery, adjust: func(c *prestashop.Config) { c.KeyInQuery = true },
			config: prestatest.Config{URL: "https://presta.test/shop", Version: "8.2.1", Zone: zone(t, "America/New_York"), Language: "de"}},
		{name: "one shop of a multistore", cannot: without, adjust: func(c *prestashop.Config) { c.ShopID = 2 },
			config: prestatest.Config{Version: "9.0.0", Groups: map[int]int{1: 1, 2: 1}}},
	} {
		if i == usualWorlds {
			break
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			channeltest.Test(t, func(setup channeltest.Setup) (channeltest.World, error) {
				shop := prestatest.New(c.config)
				net := channeltest.Serve(shop)
				number := 1
				open := func(key string) (*prestashop.Shop, error) {
					config := prestashop.Config{Name: "presta", URL: shop.URL(), Key: rest.NewSecret(key), Transport: net, Logger: setup.Logger}
					if c.adjust != nil {
						c.adjust(&config)
						number = max(config.ShopID, 1)
					}
					return prestashop.New(config)
				}
				channel, err := open(prestatest.DefaultKey)
				if err != nil {
					return channeltest.World{}, err
				}
				stranger, err := open(strings.Repeat("X", 32))
				return channeltest.World{Channel: channel, Shop: &platform{shop, number, c.config.Zone}, Net: net, BadKey: stranger, Cannot: c.cannot,
					Again: func() (mip.Channel, error) { return open(prestatest.DefaultKey) },
					Many:  210, Secrets: []string{prestatest.DefaultKey}}, err
			})
		})
	}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

// platform drives the fake shop for the suite.
type platform struct {
	*prestatest.Server
	shop int
	zone *time.Location
}

func (p *platform) Currencies() []string { return []string{"JPY", "PLN", "KWD"} }

func (p *platform) Remove(id string) {
	n, _ := strconv.Atoi(id)
	p.Delete("orders", n)
}

// twice reports whether the shop's clock shows the same time at another instant
// as well.
func (p *platform) twice(at time.Time) bool {
	z := p.zone
	if z == nil {
		z, _ = time.LoadLocation("Europe/Warsaw")
	}
	shows := func(t time.Time) string { return t.In(z).Format(time.DateTime) }
	return shows(at) == shows(at.Add(time.Hour)) || shows(at) == shows(at.Add(-time.Hour))
}

var words = map[mip.Demand]string{mip.DemandShip: strconv.Itoa(prestatest.Paid), mip.DemandUnpaid: strconv.Itoa(prestatest.Transfer),
	mip.DemandCancel: strconv.Itoa(prestatest.Cancelled), mip.DemandClosed: strconv.Itoa(prestatest.Shipped), "": strconv.Itoa(prestatest.Paid)}

func (p *platform) Put(s channeltest.Sale) (mip.Facts, error) {
	f := s.Clone().Facts
	a := address(s.ShipTo)
	state, err := strconv.Atoi(s.Word(words))
	if err != nil {
		state = 999 // which no list has
	}
	id, _ := strconv.Atoi(f.Ref.ID)
	if id == 0 {
		id = p.Buy(p.order(s, state))
	} else {
		p.EditAddress(id, a)
		p.Server.Write(id, s.Note)
		if st, _ := p.State(id); st.State != state {
			p.SetState(id, state)
		}
	}
	kept, _ := p.State(id)
	back := map[string]int{}
	for i := range f.Lines {
		f.Lines[i].ID = kept.LineIDs[i]
		if n := f.Lines[i].Cancelled - kept.Refunded[i]; n > 0 {
			back[f.Lines[i].ID] = n
		}
	}
	if len(back) > 0 {
		p.Refund(id, back)
	}
	f.Ref, f.Number = mip.Ref{Channel: "presta", ID: strconv.Itoa(id)}, kept.Reference
	f.Demand = map[int]mip.Demand{prestatest.Paid: mip.DemandShip, prestatest.Transfer: mip.DemandUnpaid, 999: mip.DemandUnpaid,
		prestatest.Cancelled: mip.DemandCancel, prestatest.Shipped: mip.DemandClosed, prestatest.Delivered: mip.DemandClosed}[kept.State]
	if f.UpdatedAt = p.Now(); p.twice(f.UpdatedAt) {
		f.UpdatedAt = time.Time{} // nobody can tell which it was
	}
	return f, nil
}

func address(a mip.Address) prestatest.Address {
	return prestatest.Address{FirstName: a.FirstName, LastName: a.LastName, Company: a.Company, Address1: a.Line1, Address2: a.Line2, City: a.City,
		State: a.Province, Postcode: a.Postcode, Country: a.Country, Phone: a.Phone, Email: a.Email, VATNumber: a.VATNumber}
}

func (p *platform) order(s channeltest.Sale, state int) prestatest.Order {
	o := prestatest.Order{State: state, Shop: p.shop, Currency: s.Total.Currency(), Address: address(s.ShipTo), NoAddress: s.Quirk == channeltest.NoAddress, Carrier: s.Service,
		Shipping: s.Postage.Text(), Total: s.Total.Text(), Message: s.Note, Lines: []prestatest.Line{}}
	for _, l := range s.Lines {
		reference := l.SKU
		if reference == "" {
			reference = "-"
		}
		o.Lines = append(o.Lines, prestatest.Line{Name: l.Title, Reference: reference, Quantity: l.Quantity, Total: s.Amount(l.Total)})
	}
	o.Edit = func(resource string, row map[string]any) {
		switch {
		case s.Quirk == channeltest.HalfPiece && resource == "order_details":
			row["product_quantity"] = s.Pieces(s.Lines[0])
		case s.Quirk == channeltest.Bare:
			for k, v := range row {
				if v == "" {
					delete(row, k)
				}
			}
			if resource == "orders" { // the first carrier has a name
				row["id_carrier"] = nil
				delete(row, "associations")
			}
		}
	}
	return o
}

// Shown reads what the customer sees.
func (p *platform) Shown(id string) mip.Status {
	n, _ := strconv.Atoi(id)
	st, _ := p.State(n)
	s := mip.Status{State: map[int]mip.State{prestatest.Shipped: mip.StateShipped, prestatest.Delivered: mip.StateDelivered,
		prestatest.Cancelled: mip.StateCancelled}[st.State]}
	for _, slot := range st.Slots {
		for number := range strings.SplitSeq(slot.Tracking, ", ") {
			if number != "" {
				s.Parcels = append(s.Parcels, mip.Parcel{Number: number, Carrier: slot.Carrier})
			}
		}
	}
	return s
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// open connects a channel to a fake shop.
func open(t testing.TB, shop *prestatest.Server, change ...func(*prestashop.Config)) *prestashop.Shop {
	t.Helper()
	c := prestashop.Config{Name: "shop", URL: shop.URL(), Key: rest.NewSecret(prestatest.DefaultKey), Transport: shop.Transport()}
	for _, f := range change {
		f(&c)
	}
	channel, err := prestashop.New(c)
	require.NoError(t, err)
	return channel
}

// read ranges to the end and returns orders by id, the cursor and the error.
func read(ctx context.Context, c mip.Channel, since mip.Cursor, each ...func()) (orders map[string]mip.Facts, next mip.Cursor, err error) {
	orders, next = map[string]mip.Facts{}, since
	for page, err := range c.Orders(ctx, since) {
		if err != nil {
			return orders, next, err
		}
		for _, f := range page.Orders {
			orders[f.Ref.ID] = f
		}
		if page.Next != "" {
			next = page.Next
		}
		for _, f := range each {
			f()
		}
	}
	return orders, next, nil
}

func text(id int) string { return strconv.Itoa(id) }

func ref(id int) mip.Ref { return mip.Ref{Channel: "shop", ID: text(id)} }
