package channels_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/openmip/openmip/channels"
	"github.com/openmip/openmip/mip"
)

func TestCarriersAreFoundInAnySpelling(t *testing.T) {
	table := channels.UsualCarriers()
	for spelt, want := range map[string]string{
		// The names that BigBuy's orders, services and tracking use.
		"chrono": "Chrono", "Chrono": "Chrono", "correos": "Correos", "gls": "GLS", "ups": "UPS", "dhl": "DHL", "tnt": "TNT",
		"seur": "SEUR", "Seur": "SEUR", "correosinternational": "Correos International", "correos international": "Correos International",
		"Standard Shipment": "Standard Shipment", "standard shipment": "Standard Shipment",
		// Others.
		" Correos  España ": "Correos", "CORREOS-ESPANA": "Correos", "Correos Express": "Correos Express", "dhl_express": "DHL Express",
		"Mondial Relay": "Mondial Relay", "mondialrelay": "Mondial Relay", "D.P.D.": "DPD", "FEDEX": "FedEx",
	} {
		c, known := table.Find(spelt)
		assert.True(t, known, spelt)
		assert.Equal(t, want, c.Name, spelt)
	}
}

func TestAnUnknownCarrierIsFreeText(t *testing.T) {
	for _, name := range []string{"City Bikes", "DH", "dhl 2", "correos-x", "", " ", "—"} {
		c, known := channels.UsualCarriers().Find(name)
		assert.False(t, known, name)
		assert.Equal(t, channels.Carrier{Name: strings.TrimSpace(name)}, c, "as it was given")
		assert.Empty(t, c.URL("TRK1"))
		_, coded := c.Code(channels.Amazon)
		assert.False(t, coded)
	}
}

func TestOwnCarriersGoFirst(t *testing.T) {
	table := append(channels.Carriers{{Name: "Our DHL", Names: []string{"dhl"}, Page: "https://ours.example/{number}"}}, channels.UsualCarriers()...)
	c, _ := table.Find("DHL")
	assert.Equal(t, "https://ours.example/TRK1", c.URL("TRK1"))
	c, _ = table.Find("DHL Express")
	assert.Equal(t, "DHL Express", c.Name)
}

func TestTheUsualCarriersAreUnambiguous(t *testing.T) {
	owner := map[string]string{}
	for _, c := range channels.UsualCarriers() {
		for _, n := range append([]string{c.Name}, c.Names...) {
			found, known := channels.UsualCarriers().Find(n)
			require.True(t, known, n)
			assert.Equal(t, c.Name, found.Name, "%q is a name of two carriers", n)
			assert.NotContains(t, owner, strings.ToLower(n))
			owner[strings.ToLower(n)] = c.Name
		}
		for p, code := range c.Codes {
			assert.NotEmpty(t, code, "%s %s", c.Name, p)
		}
		if c.Page == "" {
			continue
		}
		u, err := url.Parse(c.URL("TRK1"))
		require.NoError(t, err, c.Name)
		assert.Equal(t, "https", u.Scheme, c.Name)
		assert.Contains(t, u.String(), "TRK1", c.Name)
		assert.Equal(t, 1, strings.Count(c.Page, "{number}"), c.Name)
	}
	one := channels.UsualCarriers()
	one[0].Names[0], one[2].Codes[channels.Shopify] = "changed", "changed"
	assert.NotEqual(t, one, channels.UsualCarriers(), "each call makes a new table")
}

// Whatever stands in a number, it stays where the number belongs.
func TestANumberNeverLeavesItsPlace(t *testing.T) {
	c := channels.Carrier{Page: "https://track.example/{number}/page?n={number}"}
	for number, want := range map[string]string{"a&b": "a%26b", "a/../b": "a%2F..%2Fb", "a#b": "a%23b", "a b+c": "a%20b%2Bc", "ä?": "%C3%A4%3F"} {
		assert.Equal(t, "https://track.example/"+want+"/page?n="+want, c.URL(number))
	}
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.String().Draw(t, "number")
		trimmed := strings.TrimSpace(number)
		for _, c := range channels.UsualCarriers() {
			address := c.URL(number)
			if c.Page == "" || trimmed == "" {
				assert.Empty(t, address)
				continue
			}
			before, after, _ := strings.Cut(c.Page, "{number}")
			middle := strings.TrimSuffix(strings.TrimPrefix(address, before), after)
			assert.NotContains(t, middle, "&")
			assert.NotContains(t, middle, "/")
			assert.NotContains(t, middle, "#")
			back, err := url.PathUnescape(middle)
			assert.NoError(t, err)
			assert.Equal(t, trimmed, back)
		}
	})
}

func TestAParcelIsDressed(t *testing.T) {
	table := channels.UsualCarriers()
	p := table.Parcel(mip.Parcel{ID: "1", Carrier: "correosinternational", Number: "TRK 1"})
	assert.Equal(t, mip.Parcel{ID: "1", Carrier: "Correos International", Number: "TRK 1",
		URL: "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number=TRK%201"}, p)
	p = table.Parcel(mip.Parcel{Carrier: "gls", Number: "TRK1", URL: "https://supplier.example/TRK1"})
	assert.Equal(t, "https://supplier.example/TRK1", p.URL, "the supplier's own goes first")
	p = table.Parcel(mip.Parcel{Carrier: "gls"})
	assert.Empty(t, p.URL, "no number, no page")
}

func ExampleCarriers() {
	table := append(channels.Carriers{{Name: "City Bikes", Page: "https://bikes.example/{number}"}}, channels.UsualCarriers()...)
	for _, name := range []string{"seur", "CITY BIKES", "Somebody Else"} {
		c, known := table.Find(name)
		code, coded := c.Code(channels.EBay)
		fmt.Println(c.Name, known, code, coded, c.URL("TRK/1"))
	}
	// Output:
	// SEUR true SEUR true https://www.seur.com/livetracking/?segOnlineIdentificador=TRK%2F1
	// City Bikes true  false https://bikes.example/TRK%2F1
	// Somebody Else false  false
}
