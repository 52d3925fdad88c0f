package bigbuy_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func TestConfig(t *testing.T) {
	tests := []struct {
		name   string
		config bigbuy.Config
	}{
		{"a key is required", bigbuy.Config{}},
		{"the base is an address", bigbuy.Config{Key: rest.NewSecret("k"), BaseURL: "bigbuy"}},
		{"a language has two letters", bigbuy.Config{Key: rest.NewSecret("k"), Language: "english"}},
		{"a carrier has a name", bigbuy.Config{Key: rest.NewSecret("k"), Carriers: []string{""}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := bigbuy.New(tt.config)
			assert.ErrorIs(t, err, mip.ErrInvalid)
			_, err = bigbuy.NewClient(tt.config)
			assert.ErrorIs(t, err, mip.ErrInvalid)
		})
	}
	for name, want := range map[string]string{"": "https://api.bigbuy.eu/rest/user/purse.json", "sandbox": "https://api.sandbox.bigbuy.eu/rest/user/purse.json",
		"https://x.test": "https://x.test/rest/user/purse.json", "https://x.test/proxy/rest/": "https://x.test/proxy/rest/user/purse.json"} {
		t.Run(fmt.Sprintf("the address of %q", name), func(t *testing.T) {
			var got string
			c := config(wire(func(r *http.Request) (int, string) {
				got = r.URL.String()
				return 200, `"1.00"`
			}))
			if c.Sandbox = name == "sandbox"; !c.Sandbox {
				c.BaseURL = name
			}
			s, err := bigbuy.New(c)
			require.NoError(t, err)
			_, err = s.Balance(t.Context())
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
}
