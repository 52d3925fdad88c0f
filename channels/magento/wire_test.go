package magento_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/mip/rest"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answer makes a response with a JSON body.
func answer(r *http.Request, status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), Request: r}
}

// reader is a channel on any transport.
func reader(t testing.TB, transport http.RoundTripper) *magento.Shop {
	t.Helper()
	shop, err := magento.New(magento.Config{Name: "shop", URL: "https://magento.test", AccessToken: rest.NewSecret("token"), Transport: transport,
		Supplies:       func(sku string) bool { return strings.HasPrefix(sku, "S") },
		PartsShipAlone: func(sku string) bool { return strings.HasPrefix(sku, "SET") }})
	require.NoError(t, err)
	return shop
}
