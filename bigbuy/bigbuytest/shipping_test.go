package bigbuytest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
)

func TestShipping(t *testing.T) {
	srv := world(bigbuytest.Switches{})
	quote := func(country, postcode, products string) answer {
		return post(t, srv, "shipping/orders", `{"order":{"delivery":{"isoCountry":"`+country+`","postcode":"`+postcode+`"},"products":[`+products+`]}}`)
	}
	const lampOnly = `{"reference":"S0000001","quantity":1}`

	t.Run("an object with the services, cheapest first", func(t *testing.T) {
		a := quote("ES", "46005", lampOnly)
		assert.Equal(t, 200, a.status)
		assert.Contains(t, a.body, `{"shippingOptions":[{"shippingService":{"id":"43","name":"Chrono","delay":"24 h","transportMethod":"van","serviceName":"Chrono"},"cost":4,"weight":0.05},`+
			`{"shippingService":{"id":"120","name":"Standard Shipment","delay":"5-7 days"},"cost":8.58,"weight":0.05}`)
		assert.NotContains(t, quote("DE", "10115", lampOnly).body, "Chrono", "it serves Spain and Portugal")
	})
	t.Run("the parcel is priced by its weight", func(t *testing.T) {
		assert.Contains(t, quote("ES", "46005", `{"reference":"S0000003","quantity":1}`).body, `"cost":14,"weight":7`)
	})
	t.Run("refusals", func(t *testing.T) {
		assert.Equal(t, 404, quote("US", "10001", lampOnly).status)
		assert.Contains(t, quote("ES", "46005", `{"reference":"S0000006","quantity":1}`).body, "Inactive product.")
		assert.Contains(t, quote("ES", "46005", lampOnly+`,{"reference":"S0000003","quantity":1}`).body,
			`"error_detail":{"warehouses":[{"id":1,"references":["S0000001"]},{"id":2,"references":["S0000003"]}]}`)
		a := quote("ES", "1", lampOnly)
		assert.Equal(t, 400, a.status)
		assert.Contains(t, a.body, `"postcode":{"errors":["Invalid postcode format. Valid format for the selected country is 'NNNNN'.","This value is not valid."]}`)
		assert.Equal(t, 200, quote("ES", "46005", `{"reference":"H0000009","quantity":1}`).status, "stock does not matter")
		assert.Equal(t, 400, post(t, srv, "shipping/orders", `{"order":{"delivery":{"isoCountry":"ES","postCode":"46005"},"products":[`+lampOnly+`]}}`).status)
	})
	t.Run("carriers", func(t *testing.T) {
		assert.Contains(t, get(t, srv, "shipping/carriers").body,
			`[{"id":"3","name":"Chrono","shippingServices":[{"id":"43","delay":"24 h","name":"Chrono","pod":true}]}`)
	})
	t.Run("lowest costs are text or null", func(t *testing.T) {
		ask := func(sku, country string) string {
			return post(t, srv, "shipping/lowest-shipping-cost-by-country", `{"product_country":{"reference":"`+sku+`","countryIsoCode":"`+country+`"}}`).body
		}
		assert.Equal(t, `{"reference":"S0000001","cost":"4","carrierId":"43","carrierName":"Chrono"}`, ask("S0000001", "ES"))
		assert.Equal(t, `{"reference":"S0000001","cost":null}`, ask("S0000001", "US"))
		assert.Equal(t, `{"reference":"X1","cost":null}`, ask("X1", "ES"))
		list := get(t, srv, "shipping/lowest-shipping-costs-by-country/DE").body
		assert.Contains(t, list, `{"reference":"V0000071","cost":"8.58","carrierId":"120","carrierName":"Standard Shipment"}`)
		assert.NotContains(t, list, "S0000007")
	})
}

func TestCatalogue(t *testing.T) {
	srv := world(bigbuytest.Switches{})
	t.Run("products page from 0, without variations", func(t *testing.T) {
		first := get(t, srv, "catalog/products?page=0&pageSize=2").body
		assert.Contains(t, first, `"id":101`)
		assert.Contains(t, first, `"id":102`)
		assert.NotContains(t, first, `"id":103`)
		assert.Contains(t, get(t, srv, "catalog/products?page=1&pageSize=2").body, `"id":103`)
		assert.Equal(t, `[]`, get(t, srv, "catalog/products?page=9&pageSize=2").body)
		assert.NotContains(t, get(t, srv, "catalog/products").body, "V00000")
	})
	t.Run("one product", func(t *testing.T) {
		body := get(t, srv, "catalog/product/101.json").body
		for _, want := range []string{`"sku":"S0000001"`, `"wholesalePrice":4.52`, `"active":1`, `"attributes":false`, `"ean13":null`} {
			assert.Contains(t, body, want)
		}
		assert.Contains(t, get(t, srv, "catalog/product/107").body, `"active":0`)
		assert.Contains(t, get(t, srv, "catalog/product/108").body, `"attributes":true`)
		assert.Equal(t, 404, get(t, srv, "catalog/product/171").status, "a variation is no product")
		assert.Equal(t, 404, get(t, srv, "catalog/product/x").status)
	})
	t.Run("information by SKU is a list", func(t *testing.T) {
		assert.Contains(t, get(t, srv, "catalog/productinformationbysku/S0000001?isoCode=en").body, `[{"id":101,"sku":"S0000001","name":"Desk lamp"`)
		assert.Contains(t, get(t, srv, "catalog/productinformationbysku/V0000071").body, `[{"id":108,"sku":"S0000007"`)
		assert.Equal(t, 404, get(t, srv, "catalog/productinformationbysku/X1").status)
	})
	t.Run("stock of one product is an object with rows to be summed", func(t *testing.T) {
		assert.Equal(t, `{"id":101,"sku":"S0000001","stocks":[{"quantity":333,"minHandlingDays":0,"maxHandlingDays":1,"warehouse":1},`+
			`{"quantity":667,"minHandlingDays":1,"maxHandlingDays":2,"warehouse":1}]}`, get(t, srv, "catalog/productstockbyhandlingdays/101").body)
		assert.Contains(t, get(t, srv, "catalog/productstockbyhandlingdays/106").body, `"stocks":[]`)
		assert.Equal(t, `[]`, get(t, srv, "catalog/productstockbyhandlingdays/9").body, "PHP's empty object")
	})
	t.Run("variations come as lists", func(t *testing.T) {
		assert.Contains(t, get(t, srv, "catalog/productvariationsstockbyhandlingdays/171").body, `[{"id":171,"sku":"V0000071","stocks":[{"quantity":33`)
		all := get(t, srv, "catalog/productvariationsstockbyhandlingdays/108").body
		assert.Contains(t, all, `"id":171`)
		assert.Contains(t, all, `"id":172`)
		assert.Equal(t, `[]`, get(t, srv, "catalog/productvariationsstockbyhandlingdays/101").body)
		assert.Contains(t, get(t, srv, "catalog/productvariations/108").body, `{"id":172,"sku":"V0000072","ean13":null,"product":108,"wholesalePrice":7.90`)
		assert.Contains(t, get(t, srv, "catalog/productsvariations").body, `"sku":"V0000071"`)
		assert.Contains(t, get(t, srv, "catalog/productsvariationsstockbyhandlingdays").body, `"sku":"V0000071"`)
	})
	t.Run("lists come in different orders", func(t *testing.T) {
		assert.Contains(t, get(t, srv, "catalog/products?pageSize=1").body, `"id":101`)
		assert.Contains(t, get(t, srv, "catalog/productsstockbyhandlingdays?pageSize=1").body, `"id":110`)
	})
}

func TestSandbox(t *testing.T) {
	srv := world(bigbuytest.Switches{Sandbox: true})
	srv.TopUp(srv.Balance())
	a := get(t, srv, "order/reference/r")
	assert.Equal(t, 500, a.status)
	assert.Contains(t, a.body, `{"code":500,"message":"An error has occurred. Please try again later.`)
	assert.Equal(t, `"10000.00"`, get(t, srv, "user/purse").body)
	assert.Equal(t, `[]`, get(t, srv, "shipping/carriers").body)
	for _, path := range []string{"products", "productsstockbyhandlingdays", "productsvariations", "productsvariationsstockbyhandlingdays"} {
		a := get(t, srv, "catalog/"+path)
		assert.Equal(t, 400, a.status)
		assert.Equal(t, `{"code":400,"message":"Bad request"}`, a.body)
	}
	assert.Equal(t, 404, get(t, srv, "catalog/productinformationbysku/S0000001").status)
	assert.Equal(t, 404, get(t, srv, "catalog/product/101").status)
	assert.Equal(t, `[]`, get(t, srv, "shipping/lowest-shipping-costs-by-country/ES").body)
}
