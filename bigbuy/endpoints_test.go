package bigbuy_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// everything calls each endpoint once and returns what went wrong.
func everything(ctx context.Context, c *bigbuy.Client) map[string]error {
	out := map[string]error{}
	_, out["Check"] = c.Check(ctx, bigbuy.OrderRequest{})
	_, out["CheckMulti"] = c.CheckMulti(ctx, bigbuy.OrderRequest{})
	_, out["Create"] = c.Create(ctx, bigbuy.OrderRequest{})
	_, out["CreateMulti"] = c.CreateMulti(ctx, bigbuy.OrderRequest{})
	_, out["Order"] = c.Order(ctx, "1")
	_, out["OrderByReference"] = c.OrderByReference(ctx, "r")
	_, out["OrderStatuses"] = c.OrderStatuses(ctx)
	_, out["DeliveryNotes"] = c.DeliveryNotes(ctx, "1")
	out["UploadInvoice"] = c.UploadInvoice(ctx, bigbuy.Invoice{Amount: mip.EUR(1)})
	_, out["Carriers"] = c.Carriers(ctx)
	_, out["ShippingOptions"] = c.ShippingOptions(ctx, "ES", "46005", nil)
	_, out["LowestCost"] = c.LowestCost(ctx, "S", "ES")
	_, out["LowestCosts"] = c.LowestCosts(ctx, "ES")
	_, out["Tracking"] = c.Tracking(ctx, "1")
	_, out["Trackings"] = c.Trackings(ctx, []string{"1"})
	_, out["TrackingCarriers"] = c.TrackingCarriers(ctx)
	_, out["Purse"] = c.Purse(ctx)
	out["AuthStatus"] = c.AuthStatus(ctx)
	_, out["Product"] = c.Product(ctx, "1")
	_, out["ProductBySKU"] = c.ProductBySKU(ctx, "S", "en")
	_, out["ProductStock"] = c.ProductStock(ctx, "1")
	_, out["VariationStock"] = c.VariationStock(ctx, "1")
	for _, err := range c.Products(ctx, bigbuy.ProductPages{}) {
		out["Products"] = err
	}
	return out
}

// writes are the calls after which a doubt is ErrUnknown.
var writes = map[string]bool{"Create": true, "CreateMulti": true, "UploadInvoice": true}

func TestEveryCallHasItsLimit(t *testing.T) {
	seen := map[string]bool{}
	conf := config(always(500, "{}"))
	conf.Seen = func(_ context.Context, try rest.Try) { seen[try.Call] = true }
	c, err := bigbuy.NewClient(conf)
	require.NoError(t, err)
	for name, err := range everything(t.Context(), c) {
		want := mip.ErrUnavailable
		if writes[name] {
			want = mip.ErrUnknown
		}
		assert.Equal(t, want, mip.KindOf(err), "%s after a server error", name)
	}
	limits := bigbuy.Limits()
	for call := range seen {
		assert.Contains(t, limits, call)
	}
	assert.Len(t, limits, len(seen), "no limit is without its call")
}

func TestSuccessBodies(t *testing.T) {
	ctx := t.Context()
	type show func(c *bigbuy.Client) (any, error)
	tests := []struct {
		name, call, body string
		show             show
		want             string // JSON
	}{
		{"check, with binary noise", "POST order/check.json",
			`{"totalWithoutTaxesAndWithoutShippingCost":4.52,"totalWithoutTaxes":8.52,"total":9.809999999999999}`,
			func(c *bigbuy.Client) (any, error) {
				x, err := c.Check(ctx, bigbuy.OrderRequest{})
				return x.Total, err
			},
			`{"amount":"9.81","currency":"EUR"}`},
		{"order, numbers and texts mixed", "GET order/15000001.json",
			`{"id":15000001,"internalReference":"shop-1","dateAdd":"2026-01-05 10:00:00","totalPaidTaxIncl":"12.34","status":"En proceso",
			  "carriers":{"id":"43","name":"Chrono","price":4.0},"shippingAddress":[],"products":{"1":{"id":77,"reference":"S0000001","quantity":"2","priceTaxIncl":3.7}}}`,
			func(c *bigbuy.Client) (any, error) {
				x, err := c.Order(ctx, "15000001")
				return []any{x.ID, x.Total, x.Carriers[0].Name, x.Products[0].Quantity, x.Products[0].Reference}, err
			}, `["15000001",{"amount":"12.34","currency":"EUR"},"Chrono",2,"S0000001"]`},
		{"reference", "GET order/reference/shop-1.json", `{"id":"15000001","totalPaidTaxIncl":"12.34"}`,
			func(c *bigbuy.Client) (any, error) { x, err := c.OrderByReference(ctx, "shop-1"); return x.ID, err }, `"15000001"`},
		{"statuses", "GET order/orderstatuses.json", `[{"id":1,"name":"Pendiente de pago"},{"id":"2","name":"En proceso"}]`,
			func(c *bigbuy.Client) (any, error) { return c.OrderStatuses(ctx) },
			`[{"id":"1","name":"Pendiente de pago"},{"id":"2","name":"En proceso"}]`},
		{"delivery notes, one alone", "GET order/delivery-notes/1.json",
			`{"reference":"DN1","order":15000001,"status":"x","carrier":"GLS","numberOfPackages":"1","products":[{"reference":"S0000001","quantity":2}]}`,
			func(c *bigbuy.Client) (any, error) { x, err := c.DeliveryNotes(ctx, "1"); return x[0].Packages, err }, `1`},
		{"invoice", "POST order/upload_invoice.json", `[true]`,
			func(c *bigbuy.Client) (any, error) {
				return nil, c.UploadInvoice(ctx, bigbuy.Invoice{OrderID: "1", Amount: mip.EUR(1)})
			}, `null`},
		{"carriers", "GET shipping/carriers.json", `[{"id":"3","name":"X","shippingServices":[{"id":"43","delay":"1-2 days","name":"Chrono","pod":true}]}]`,
			func(c *bigbuy.Client) (any, error) { x, err := c.Carriers(ctx); return x[0].Services[0].Name, err }, `"Chrono"`},
		{"shipping options", "POST shipping/orders.json",
			`{"shippingOptions":[{"shippingService":{"id":180,"name":"GLS","delay":"4-6 days"},"cost":"9.68","weight":0.05}]}`,
			func(c *bigbuy.Client) (any, error) {
				x, err := c.ShippingOptions(ctx, "ES", "1", nil)
				return x[0].Cost, err
			},
			`{"amount":"9.68","currency":"EUR"}`},
		{"shipping options, an empty object", "POST shipping/orders.json", `[]`,
			func(c *bigbuy.Client) (any, error) {
				x, err := c.ShippingOptions(ctx, "ES", "1", nil)
				return len(x), err
			}, `0`},
		{"lowest cost", "POST shipping/lowest-shipping-cost-by-country.json", `{"reference":"S","cost":"4","carrierId":"43","carrierName":"Chrono"}`,
			func(c *bigbuy.Client) (any, error) { x, err := c.LowestCost(ctx, "S", "ES"); return x.Cost, err }, `{"amount":"4.00","currency":"EUR"}`},
		{"lowest cost, none", "POST shipping/lowest-shipping-cost-by-country.json", `{"reference":"S","cost":null}`,
			func(c *bigbuy.Client) (any, error) { x, err := c.LowestCost(ctx, "S", "ES"); return x.Cost, err }, `null`},
		{"lowest costs, the older form", "GET shipping/lowest-shipping-costs-by-country/ES.json", `[{"reference":"S","shippingCost":"4.3","carrier":{"id":"43","name":"Chrono"}}]`,
			func(c *bigbuy.Client) (any, error) {
				x, err := c.LowestCosts(ctx, "ES")
				return []any{x[0].Cost, x[0].CarrierName}, err
			}, `[{"amount":"4.30","currency":"EUR"},"Chrono"]`},
		{"tracking", "GET tracking/order/15000001.json",
			`[{"id":15000001,"reference":"WC-1","trackings":[{"trackingNumber":"T","statusDescription":"delivered","statusDate":"2026-01-07 11:35:40","carrier":{"id":"1234"},"descriptionTranslated":null}]}]`,
			func(c *bigbuy.Client) (any, error) {
				x, err := c.Tracking(ctx, "15000001")
				return x[0].Trackings[0].Number, err
			}, `"T"`},
		{"no tracking yet", "GET nothing", ``,
			func(c *bigbuy.Client) (any, error) { x, err := c.Tracking(ctx, "15000001"); return len(x), err }, `0`},
		{"no tracking yet, with an empty 200", "POST tracking/orders.json", ``,
			func(c *bigbuy.Client) (any, error) { x, err := c.Trackings(ctx, nil); return len(x), err }, `0`},
		{"purse as text", "GET user/purse.json", `"10000.00"`, func(c *bigbuy.Client) (any, error) { return c.Purse(ctx) }, `{"amount":"10000.00","currency":"EUR"}`},
		{"purse as number", "GET user/purse.json", `3.14`, func(c *bigbuy.Client) (any, error) { return c.Purse(ctx) }, `{"amount":"3.14","currency":"EUR"}`},
		{"purse with binary noise", "GET user/purse.json", "\xef\xbb\xbf9.809999999999999", func(c *bigbuy.Client) (any, error) { return c.Purse(ctx) }, `{"amount":"9.81","currency":"EUR"}`},
		{"authorised, with nothing said", "GET user/auth/status.json", ``, func(c *bigbuy.Client) (any, error) { return nil, c.AuthStatus(ctx) }, `null`},
		{"authorised, with words", "GET user/auth/status.json", `{"code":200,"message":"OK"}`, func(c *bigbuy.Client) (any, error) { return nil, c.AuthStatus(ctx) }, `null`},
		{"product", "GET catalog/product/1.json", `{"id":1,"sku":"S","active":1,"attributes":false,"wholesalePrice":"4.52","retailPrice":9,"canon":null}`,
			func(c *bigbuy.Client) (any, error) {
				x, err := c.Product(ctx, "1")
				return []any{x.Active, x.Attributes, x.Wholesale}, err
			}, `[true,false,{"amount":"4.52","currency":"EUR"}]`},
		{"product by SKU, alone", "GET catalog/productinformationbysku/S.json", `{"id":1,"sku":"S","name":"Lamp"}`,
			func(c *bigbuy.Client) (any, error) { x, err := c.ProductBySKU(ctx, "S", "en"); return x[0].ID, err }, `"1"`},
		{"stock, rows summed", "GET catalog/productstockbyhandlingdays/1.json",
			`{"id":1,"sku":"S","stocks":[{"quantity":10,"minHandlingDays":0,"maxHandlingDays":1,"warehouse":1},{"quantity":"5","warehouse":1}]}`,
			func(c *bigbuy.Client) (any, error) { x, err := c.ProductStock(ctx, "1"); return x[0].Pieces(), err }, `15`},
		{"stock of variations", "GET catalog/productvariationsstockbyhandlingdays/1.json", `[{"id":2,"sku":"V","stocks":[]}]`,
			func(c *bigbuy.Client) (any, error) { x, err := c.VariationStock(ctx, "1"); return x[0].Pieces(), err }, `0`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.show(client(t, routes{tt.call: tt.body}))
			require.NoError(t, err)
			b, err := json.Marshal(got)
			require.NoError(t, err)
			assert.JSONEq(t, tt.want, string(b))
		})
	}
}

func TestNoAmountIsNotNought(t *testing.T) {
	for _, body := range []string{`null`, `""`, `[]`, `{}`, `"abc"`, `1e999999`, `"1,50"`} {
		t.Run(body, func(t *testing.T) {
			m, err := client(t, always(200, body)).Purse(t.Context())
			assert.ErrorIs(t, err, mip.ErrContract)
			assert.Empty(t, m.Currency())
		})
	}
}

func TestProductPages(t *testing.T) {
	var asked []string
	c := client(t, wire(func(r *http.Request) (int, string) {
		asked = append(asked, r.URL.RawQuery)
		if r.URL.Query().Get("page") == "2" {
			return 200, `[{"id":5}]`
		}
		return 200, `[{"id":1},{"id":2}]`
	}))
	n := 0
	for _, err := range c.Products(t.Context(), bigbuy.ProductPages{Taxonomy: "2403", Size: 2}) {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 5, n)
	assert.Equal(t, []string{"page=0&pageSize=2&parentTaxonomy=2403", "page=1&pageSize=2&parentTaxonomy=2403", "page=2&pageSize=2&parentTaxonomy=2403"}, asked)
	for _, err := range c.Products(t.Context(), bigbuy.ProductPages{Size: 10001}) {
		assert.ErrorIs(t, err, mip.ErrInvalid)
	}
}

func TestRequestForm(t *testing.T) {
	var body, auth, kind string
	s := supplier(t, wire(func(r *http.Request) (int, string) {
		b, _ := io.ReadAll(r.Body)
		body, auth, kind = string(b), r.Header.Get("Authorization"), r.Header.Get("Content-Type")
		return 200, `{"orders":[{"id":"15000001","productReferences":["S0000001","S0000002"]}],"errors":[]}`
	}), func(c *bigbuy.Config) { c.Language = "de"; c.Payments = map[string]string{"purse": "moneybox"} })
	p := purchase("S0000001", "S0000002", "S0000001")
	p.Shipping, p.Note = []string{" GLS ", "Correos International"}, "leave it"
	p.ShipTo.Postcode, p.Payment = " 46005 ", "purse"
	_, err := s.Place(t.Context(), p)
	require.NoError(t, err)
	assert.JSONEq(t, `{"order":{"internalReference":"shop-1001","language":"de","paymentMethod":"moneybox",
	  "carriers":[{"name":"gls"},{"name":"correos international"}],
	  "shippingAddress":{"firstName":"Ana","lastName":"Prueba","country":"ES","postcode":"46005","town":"Valencia",
	    "address":"Calle Falsa 1, 2º B","phone":"600000000","email":"ana@example.test","vatNumber":"","companyName":"","comment":"leave it"},
	  "products":[{"reference":"S0000001","quantity":2},{"reference":"S0000002","quantity":1}]}}`, body)
	assert.Equal(t, "Bearer key", auth)
	assert.Equal(t, "application/json", kind)

	p.ShipTo.Line1 = strings.Repeat("ä", 100)
	_, err = s.Place(t.Context(), p)
	require.NoError(t, err)
	assert.Contains(t, body, strings.Repeat("ä", 100), "nothing is cut")
}
