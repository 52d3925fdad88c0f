package bigbuytest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

// answer is what came back of one raw call.
type answer struct {
	status int
	header http.Header
	body   string
}

// send speaks plain HTTP to the server; bodies of GET are empty.
func send(t *testing.T, c *http.Client, base, method, path, body string) (answer, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, base+"/rest/"+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+bigbuytest.Token)
	req.Header.Set("Content-Type", "application/json")
	res, err := c.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { require.NoError(t, res.Body.Close()) }()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return answer{res.StatusCode, res.Header, string(text)}, nil
}

func get(t *testing.T, srv *bigbuytest.Server, path string) answer {
	t.Helper()
	a, err := send(t, srv.Client(), bigbuytest.URL, http.MethodGet, path, "")
	require.NoError(t, err)
	return a
}

func post(t *testing.T, srv *bigbuytest.Server, path, body string) answer {
	t.Helper()
	a, err := send(t, srv.Client(), bigbuytest.URL, http.MethodPost, path, body)
	require.NoError(t, err)
	return a
}

// world is a server without limits.
func world(sw bigbuytest.Switches) *bigbuytest.Server {
	sw.NoLimits = true
	return bigbuytest.New(bigbuytest.Config{Switches: sw})
}

// form is an order with changes: "path.to.field=value", "-path.to.field"
// removes. Values are JSON.
type form map[string]any

func order(reference string, items ...any) form {
	var products []any
	for i := 0; i < len(items); i += 2 {
		products = append(products, map[string]any{"reference": items[i], "quantity": items[i+1]})
	}
	return form{
		"internalReference": reference, "language": "en", "paymentMethod": "moneybox",
		"carriers": []any{map[string]any{"name": "chrono"}, map[string]any{"name": "standard shipment"}},
		"shippingAddress": map[string]any{
			"firstName": "Ana", "lastName": "Prueba", "country": "ES", "postcode": "46005", "town": "Valencia",
			"address": "Calle Falsa 1", "phone": "600000000", "email": "ana@example.test",
		},
		"products": products,
	}
}

// with sets a field; a dot leads into the address.
func (f form) with(field string, value any) form {
	if inner, found := strings.CutPrefix(field, "shippingAddress."); found {
		f["shippingAddress"].(map[string]any)[inner] = value
		return f
	}
	f[field] = value
	return f
}

func (f form) without(field string) form {
	if inner, found := strings.CutPrefix(field, "shippingAddress."); found {
		delete(f["shippingAddress"].(map[string]any), inner)
		return f
	}
	delete(f, field)
	return f
}

func (f form) body(t *testing.T) string {
	t.Helper()
	b, err := json.Marshal(map[string]any{"order": f})
	require.NoError(t, err)
	return string(b)
}

// anna is an address a person types.
func anna() mip.Address {
	return mip.Address{FirstName: "Ana", LastName: "Prueba", Line1: "Calle Falsa 1", City: "Valencia",
		Postcode: "46005", Country: "ES", Phone: "600000000", Email: "ana@example.test"}
}
