package bigbuytest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
)

func TestForm(t *testing.T) {
	t.Run("the whole tree of an address that is too long", func(t *testing.T) {
		f := order("r", lamp, 1).with("shippingAddress.address", strings.Repeat("é", 71))
		a := post(t, world(bigbuytest.Switches{}), "order/create", f.body(t))
		assert.Equal(t, 400, a.status)
		assert.Equal(t, `{"code":400,"message":"Validation Failed","errors":{"children":{`+
			`"internalReference":[],"cashOnDelivery":[],"language":[],"paymentMethod":[],`+
			`"shippingAddress":{"children":{"firstName":[],"lastName":[],"country":[],"postcode":[],"town":[],`+
			`"address":{"errors":["This value is too long. It should have 70 characters or less."]},`+
			`"phone":[],"email":[],"comment":[],"vatNumber":[],"companyName":[]}},`+
			`"carriers":{"children":[{"children":{"id":[],"name":[]}},{"children":{"id":[],"name":[]}}]},`+
			`"products":{"children":[{"children":{"reference":[],"quantity":[],"internalReference":[]}}]},"dateAdd":[]}}}`, a.body)
	})
	t.Run("70 characters pass, however many bytes", func(t *testing.T) {
		f := order("r", lamp, 1).with("shippingAddress.address", strings.Repeat("é", 70))
		assert.Equal(t, 201, post(t, world(bigbuytest.Switches{}), "order/create", f.body(t)).status)
	})
	t.Run("the message can be a dump", func(t *testing.T) {
		f := order("r", lamp, 0).with("shippingAddress.address", strings.Repeat("x", 71))
		var body struct{ Message string }
		a := post(t, world(bigbuytest.Switches{DumpErrors: true}), "order/create", f.body(t))
		assert.NoError(t, json.Unmarshal([]byte(a.body), &body))
		assert.Equal(t, "shippingAddress:\n    address:\n        ERROR: This value is too long. It should have 70 characters or less.\n"+
			"products:\n    0:\n        quantity:\n            ERROR: This value should be 1 or more.\n", body.Message)
	})
	long := strings.Repeat("x", 51)
	for _, c := range []struct {
		name string
		form form
		want string
	}{
		{"a province is an extra field", order("r", lamp, 1).with("shippingAddress.province", "V"), `"shippingAddress":{"errors":["This form should not contain extra fields."],"children":{"firstName":[]`},
		{"a second address line is one too", order("r", lamp, 1).with("shippingAddress.address2", "x"), `extra fields`},
		{"so is a flag at the top", order("r", lamp, 1).with("dropshipping", true), `"errors":{"errors":["This form should not contain extra fields."],"children":{"internalReference":[]`},
		{"a missing phone", order("r", lamp, 1).without("shippingAddress.phone"), `"phone":{"errors":["This value should not be blank."]}`},
		{"a blank e-mail", order("r", lamp, 1).with("shippingAddress.email", "  "), `"email":{"errors":["This value should not be blank."]}`},
		{"a wrong e-mail", order("r", lamp, 1).with("shippingAddress.email", "ana"), `"email":{"errors":["This value is not a valid email address."]}`},
		{"a country in lower case", order("r", lamp, 1).with("shippingAddress.country", "es"), `"country":{"errors":["This value is not valid."]}`},
		{"a last name that is too long", order("r", lamp, 1).with("shippingAddress.lastName", long), `"lastName":{"errors":["This value is too long."]}`},
		{"a reference that is too long", order(long, lamp, 1), `"internalReference":{"errors":["This value is too long. It should have 50 characters or less."]}`},
		{"no reference", order("", lamp, 1), `"internalReference":{"errors":["This value should not be blank."]}`},
		{"no products", order("r"), `"products":{"errors":["This value should not be blank."]}`},
		{"products that are no list", order("r").with("products", "x"), `"products":{"errors":["This value is not valid."]}`},
		{"a product that is no object", order("r").with("products", []any{"x"}), `"products":{"children":[{"errors":["This value is not valid."]`},
		{"a quantity that is no number", order("r", lamp, "two"), `"quantity":{"errors":["This value is not valid."]}`},
		{"an unknown language", order("r", lamp, 1).with("language", "xx"), `"language":{"errors":["This value is not valid."]}`},
		{"no address", order("r", lamp, 1).without("shippingAddress"), `"shippingAddress":{"errors":["This value should not be blank."],"children":{"firstName":{"errors"`},
		{"a carrier by code", order("r", lamp, 1).with("carriers", []any{form{"code": "gls"}}), `"carriers":{"children":[{"errors":["This form should not contain extra fields."]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := post(t, world(bigbuytest.Switches{}), "order/create", c.form.body(t))
			assert.Equal(t, 400, a.status)
			assert.Contains(t, a.body, c.want)
		})
	}
	for _, c := range []struct {
		name string
		form form
	}{
		{"a line reference", order("r").with("products", []any{form{"reference": lamp, "quantity": 1, "internalReference": "l1"}})},
		{"legacy fields", order("r", lamp, 1).with("cashOnDelivery", false).with("dateAdd", nil)},
		{"empty optional fields", order("r", lamp, 1).with("shippingAddress.comment", "").with("shippingAddress.vatNumber", "").with("shippingAddress.companyName", "")},
		{"numbers where text is due", order("r", lamp, 1).with("shippingAddress.postcode", 46005)},
		{"carriers by id", order("r", lamp, 1).with("carriers", []any{form{"id": 43}})},
	} {
		t.Run(c.name+" pass", func(t *testing.T) {
			assert.Equal(t, 201, post(t, world(bigbuytest.Switches{}), "order/create", c.form.body(t)).status)
		})
	}
	t.Run("an order without its wrapper is a bad request", func(t *testing.T) {
		assert.JSONEq(t, `{"code":400,"message":"Bad request"}`, post(t, world(bigbuytest.Switches{}), "order/create", `{"internalReference":"r"}`).body)
	})
	t.Run("by switch carriers are required", func(t *testing.T) {
		a := post(t, world(bigbuytest.Switches{CarriersRequired: true}), "order/create", order("r", lamp, 1).without("carriers").body(t))
		assert.Contains(t, a.body, `"carriers":{"errors":["This value should not be blank."]}`)
	})
	t.Run("by switch the postcode is an error of the form", func(t *testing.T) {
		f := order("r", lamp, 1).with("shippingAddress.postcode", "1")
		a := post(t, world(bigbuytest.Switches{PostcodeInForm: true}), "order/create", f.body(t))
		assert.Equal(t, 400, a.status)
		assert.Contains(t, a.body, `"postcode":{"errors":["Invalid postcode format. Valid format for the selected country is 'NNNNN'."]}`)
	})
}
