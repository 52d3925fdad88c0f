package rest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip/rest"
)

func signer() rest.OAuth1 {
	return rest.OAuth1{Key: rest.NewSecret("key"), Secret: rest.NewSecret("s&cret"), Token: rest.NewSecret("token"), TokenSecret: rest.NewSecret("t=secret"),
		Now: func() time.Time { return time.Unix(1_790_000_000, 0) }, Nonce: func() string { return "nonce" }}
}

// The signatures were made with openssl over the base strings of RFC 5849.
func TestOAuth1(t *testing.T) {
	for _, c := range []struct {
		name, method, url string
		change            func(*rest.OAuth1)
		header, query     string
	}{
		{name: "the header holds the parameters", method: "GET", url: "https://Shop.Test:443/rest/all/V1/orders?b%5B0%5D=x+y&a=%C3%B1",
			header: `OAuth oauth_consumer_key="key",oauth_nonce="nonce",oauth_signature="5z863DY4fCIfo0kmUGUbTUNpX3uvnsN6nPV1Go4usqQ%3D",oauth_signature_method="HMAC-SHA256",oauth_timestamp="1790000000",oauth_token="token",oauth_version="1.0"`,
			query:  "b%5B0%5D=x+y&a=%C3%B1"},
		{name: "names are sorted before values", method: "POST", url: "http://shop.test:8080/x?a=1&a-b=2&a=0",
			header: `OAuth oauth_consumer_key="key",oauth_nonce="nonce",oauth_signature="1Re0MKuUh1%2BB3szR4y9HPP13WbL1hxdZQpImUpzjWLY%3D",oauth_signature_method="HMAC-SHA256",oauth_timestamp="1790000000",oauth_token="token",oauth_version="1.0"`,
			query:  "a=1&a-b=2&a=0"},
		{name: "without a token it is one-legged, and the query holds the parameters", method: "GET", url: "http://shop.test/x?per_page=7",
			change: func(o *rest.OAuth1) {
				o.Token, o.TokenSecret, o.InQuery = rest.Secret{}, rest.Secret{}, true
			},
			query: "oauth_consumer_key=key&oauth_nonce=nonce&oauth_signature=Du7kPLu%2Fx4VNHe0m8PwE%2FEYQrq66km88xl%2BcUV2Mb2Y%3D&oauth_signature_method=HMAC-SHA256&oauth_timestamp=1790000000&oauth_version=1.0&per_page=7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), c.method, c.url, nil)
			require.NoError(t, err)
			o := signer()
			if c.change != nil {
				c.change(&o)
			}
			require.NoError(t, o.Authorize(r))
			assert.Equal(t, c.header, r.Header.Get("Authorization"))
			assert.Equal(t, c.query, r.URL.RawQuery)
			assert.Equal(t, time.Unix(1_790_000_000, 0).UTC(), rest.OAuth1Time(r))
		})
	}
}

func TestOAuth1NoncesAreUsedOnceAndTheTimeIsOurs(t *testing.T) {
	o := signer()
	o.Now, o.Nonce = nil, nil
	seen := map[string]bool{}
	for range 3 {
		r, err := http.NewRequestWithContext(t.Context(), "GET", "https://shop.test/x", nil)
		require.NoError(t, err)
		require.NoError(t, o.Authorize(r))
		seen[r.Header.Get("Authorization")] = true
		assert.WithinDuration(t, time.Now(), rest.OAuth1Time(r), 2*time.Second)
	}
	assert.Len(t, seen, 3)
	r, err := http.NewRequestWithContext(t.Context(), "GET", "https://shop.test/x", nil)
	require.NoError(t, err)
	assert.Zero(t, rest.OAuth1Time(r), "nobody signed it")
}
