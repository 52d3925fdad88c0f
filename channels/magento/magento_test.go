package magento_test

import (
	"strconv"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/channels/magento/magentest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// The suite runs once for each way of signing and each release.
func TestChannel(t *testing.T) {
	t.Parallel()
	for i, c := range []struct {
		name   string
		config magentest.Config
		change func(*magento.Config)
	}{
		{name: "2.4 by OAuth"},
		{name: "2.3 by an access token", config: magentest.Config{Version: magentest.V23, Bearer: true, TextIDs: true},
			change: func(c *magento.Config) {
				c.ConsumerKey, c.ConsumerSecret, c.TokenSecret = rest.Secret{}, rest.Secret{}, rest.Secret{}
			}},
		{name: "an administrator's tokens, several sources, in German",
			config: magentest.Config{Sources: []string{"default", "bigbuy"}, Translated: true, URL: "https://magento.test/tienda"},
			change: func(c *magento.Config) {
				*c = magento.Config{Name: c.Name, URL: c.URL, User: magentest.DefaultUser, Password: rest.NewSecret(magentest.DefaultPassword), Source: "bigbuy"}
			}},
	} {
		if i == usualWorlds {
			break
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			channeltest.Test(t, func(setup channeltest.Setup) (channeltest.World, error) {
				shop := magentest.New(c.config)
				net := channeltest.Serve(shop)
				open := func(wrong bool) (*magento.Shop, error) {
					config := oauth(shop)
					if c.change != nil {
						c.change(&config)
					}
					config.Name, config.Transport, config.Logger = "mag", net, setup.Logger
					if wrong && config.User != "" {
						config.Password = rest.NewSecret("a wrong password")
					} else if wrong {
						config.AccessToken = rest.NewSecret("a wrong access token")
					}
					return magento.New(config)
				}
				channel, err := open(false)
				if err != nil {
					return channeltest.World{}, err
				}
				stranger, err := open(true)
				return channeltest.World{Channel: channel, Shop: platform{shop}, Net: net, BadKey: stranger, Many: 130,
					Again: func() (mip.Channel, error) { return open(false) },
					Secrets: []string{magentest.DefaultConsumerKey, magentest.DefaultConsumerSecret, magentest.DefaultToken,
						magentest.DefaultTokenSecret, magentest.DefaultPassword, "admin-token-1"}}, err
			})
		})
	}
}

// oauth is a config for a fake shop.
func oauth(shop *magentest.Server) magento.Config {
	return magento.Config{Name: "shop", URL: shop.URL(), Transport: shop.Transport(),
		ConsumerKey: rest.NewSecret(magentest.DefaultConsumerKey), ConsumerSecret: rest.NewSecret(magentest.DefaultConsumerSecret),
		AccessToken: rest.NewSecret(magentest.DefaultToken), TokenSecret: rest.NewSecret(magentest.DefaultTokenSecret)}
}

// open connects a channel to a fake shop.
func open(t testing.TB, shop *magentest.Server, change ...func(*magento.Config)) *magento.Shop {
	t.Helper()
	c := oauth(shop)
	for _, f := range change {
		f(&c)
	}
	channel, err := magento.New(c)
	require.NoError(t, err)
	return channel
}

// platform drives the fake shop for the suite. Its orders are authorised and
// not invoiced, since nothing else can be cancelled in Magento.
type platform struct{ *magentest.Server }

// ShipOutside implements [channeltest.Sender].
func (p platform) ShipOutside(id, lineID string, pieces int) {
	order, _ := strconv.ParseInt(id, 10, 64)
	item, _ := strconv.ParseInt(lineID, 10, 64)
	p.ShipByHand(order, map[int64]int{item: pieces})
}

// Remove implements [channeltest.Remover].
func (p platform) Remove(id string) {
	n, _ := strconv.ParseInt(id, 10, 64)
	p.Delete(n)
}

// Currencies implements [channeltest.Seller].
func (platform) Currencies() []string { return []string{"JPY", "GBP", "KWD"} }

var words = map[mip.Demand]string{
	mip.DemandShip: "processing", mip.DemandUnpaid: "pending_payment", mip.DemandCancel: "canceled", mip.DemandClosed: "complete", "": "processing",
}

// split parts an amount into net and tax as text; what is no number stays.
func split(gross string) (net, tax string) {
	d, err := decimal.NewFromString(gross)
	if err != nil {
		return gross, "0"
	}
	part := d.Div(decimal.New(121, -2)).Round(4)
	return part.StringFixed(4) + "0000000001", d.Sub(part).StringFixed(4)
}

func (p platform) Put(s channeltest.Sale) (mip.Facts, error) {
	f := s.Clone().Facts
	id, _ := strconv.ParseInt(f.Ref.ID, 10, 64)
	next := order(s)
	if id == 0 {
		id = p.Buy(next)
	} else if kept, _ := p.Order(id); kept.State == s.Word(words) {
		p.Edit(id, func(o *magentest.Order) { o.Shipping, o.Note, o.Email = next.Shipping, next.Note, next.Email })
	} else {
		p.Edit(id, func(o *magentest.Order) { o.Shipping, o.Note, o.Email = next.Shipping, next.Note, next.Email })
		p.SetState(id, s.Word(words))
	}
	kept, _ := p.Order(id)
	back := map[int64]int{}
	for i, l := range f.Lines {
		it := kept.Items[i]
		if n := l.Cancelled - it.Refunded - it.Canceled; n > 0 && s.Demand != mip.DemandCancel {
			back[it.ID] = n
		}
		f.Lines[i].ID = strconv.FormatInt(it.ID, 10)
	}
	if len(back) > 0 {
		p.Refund(id, back)
		kept, _ = p.Order(id)
	}
	for i := range f.Lines {
		f.Lines[i].Cancelled = kept.Items[i].Canceled + kept.Items[i].Refunded
	}
	f.Ref, f.Number = mip.Ref{Channel: "mag", ID: strconv.FormatInt(id, 10)}, kept.Increment
	f.CreatedAt, f.UpdatedAt = kept.Created, kept.Updated
	return f, nil
}

func order(s channeltest.Sale) magentest.Order {
	a := s.ShipTo
	o := magentest.Order{State: s.Word(words), Note: s.Note, Service: s.Service, Currency: s.Total.Currency(), GrandTotal: s.Total.Text(), Items: []magentest.Item{},
		Shipping: &magentest.Address{First: a.FirstName, Last: a.LastName, Company: a.Company, City: a.City, RegionCode: a.Province,
			Postcode: a.Postcode, Country: a.Country, Telephone: a.Phone, Email: a.Email, VATNumber: a.VATNumber}}
	for _, line := range []string{a.Line1, a.Line2} {
		if line != "" {
			o.Shipping.Street = append(o.Shipping.Street, line)
		}
	}
	if s.Service == "" {
		o.Service = "-"
	}
	o.ShippingAmount, o.ShippingTax = split(s.Postage.Text())
	for _, l := range s.Lines {
		net, tax := split(s.Amount(l.Total))
		sku := l.SKU
		if sku == "" {
			sku = "-"
		}
		o.Items = append(o.Items, magentest.Item{Name: l.Title, SKU: sku, Ordered: string(s.Pieces(l)), RowTotal: net, Tax: tax})
	}
	switch s.Quirk {
	case channeltest.NoAddress:
		o.Edit = func(out map[string]any) { delete(out, "extension_attributes") }
	case channeltest.Bare:
		o.Edit = func(out map[string]any) {
			for _, key := range []string{"status_histories", "payment", "billing_address", "customer_note", "shipping_discount_amount"} {
				delete(out, key)
			}
			out["customer_email"] = nil
		}
	}
	return o
}

// Shown reads what the customer sees of an order's shipments.
func (p platform) Shown(id string) mip.Status {
	n, _ := strconv.ParseInt(id, 10, 64)
	o, _ := p.Order(n)
	var s mip.Status
	if len(o.Shipments) > 0 || o.State == "complete" {
		s.State = mip.StateShipped
	}
	if o.State == "canceled" {
		s.State = mip.StateCancelled
	}
	for _, sh := range o.Shipments {
		for i, t := range sh.Tracks {
			parcel := mip.Parcel{Number: t.Number, Carrier: t.Title}
			for _, it := range o.Items {
				if pieces := sh.Items[it.ID]; pieces > 0 && i == 0 && t.Description == "" {
					parcel.Items = append(parcel.Items, mip.Item{LineID: strconv.FormatInt(it.ID, 10), SKU: it.SKU, Quantity: pieces})
				}
			}
			s.Parcels = append(s.Parcels, parcel)
		}
	}
	return s
}
