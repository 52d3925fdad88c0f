package shopify_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/channels/shopify/shopifytest"
)

// sampleVars has variables for every document; more than it takes is fine.
var sampleVars = map[string]any{
	"first": 25, "inner": 50, "after": "cursor", "q": "updated_at:>='2026-11-23T08:00:00Z'", "id": "gid://shopify/Order/1",
	"f": map[string]any{"notifyCustomer": true, "trackingInfo": map[string]any{"company": "GLS", "number": "1", "url": "https://gls.example/1"},
		"lineItemsByFulfillmentOrder": []any{map[string]any{"fulfillmentOrderId": "gid://shopify/FulfillmentOrder/1",
			"fulfillmentOrderLineItems": []any{map[string]any{"id": "gid://shopify/FulfillmentOrderLineItem/1", "quantity": 2}}}}},
	"t":      map[string]any{"company": "GLS", "numbers": []any{"1", "2"}, "urls": []any{"https://gls.example/1", "https://gls.example/2"}},
	"m":      []any{map[string]any{"ownerId": "gid://shopify/Order/1", "key": "parcels", "type": "json", "value": "{}"}},
	"notify": true, "reason": "OTHER", "restock": false, "refund": map[string]any{"originalPaymentMethodsRefund": false}, "note": "out of stock",
}

func TestEveryDocumentIsValidByShopifysSchema(t *testing.T) {
	schema, err := shopifytest.Schema()
	require.NoError(t, err)
	if schema == nil {
		t.Skip("OPENMIP_SPECS is not set: documents are not checked against Shopify's schema")
	}
	for name, text := range shopify.Documents() {
		doc, errs := gqlparser.LoadQueryWithRules(schema, text, rules.NewDefaultRules())
		if !assert.Empty(t, errs, name) {
			continue
		}
		_, err := validator.VariableValues(schema, doc.Operations[0], sampleVars)
		assert.NoError(t, err, name)
		for _, v := range doc.Operations[0].VariableDefinitions {
			assert.Contains(t, sampleVars, v.Variable, name)
		}
	}
	about := schema.Types["FulfillmentTrackingInfo"].Fields.ForName("company").Description
	for _, name := range shopify.Companies() {
		assert.Contains(t, strings.ReplaceAll(about, "\n", " "), name, "a carrier that Shopify spells otherwise")
	}
}

// A document that is declared and not in the list would never be validated.
func TestEveryDocumentIsListed(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "documents.go", nil, 0)
	require.NoError(t, err)
	declared := 0
	for _, d := range file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			declared += len(g.Specs)
		}
	}
	assert.Len(t, shopify.Documents(), declared)
}
