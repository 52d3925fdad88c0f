package wootest

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultURL is where a shop believes it lives unless told otherwise.
const DefaultURL = "https://woo.test"

// The credentials of a shop whose [Config.Keys] are empty.
const (
	DefaultKey    = "ck_1111111111111111111111111111111111111111"
	DefaultSecret = "cs_2222222222222222222222222222222222222222"
)

// Permission is what a key may do.
type Permission string

// The permissions of a key, as WooCommerce names them.
const (
	ReadWrite Permission = "read_write"
	Read      Permission = "read"
	Write     Permission = "write"
)

// Key is one pair of API credentials.
type Key struct {
	Key, Secret string
	Permission  Permission // empty = ReadWrite
	// NotShopManager: the key's user may not use core fulfillments (capability
	// manage_woocommerce).
	NotShopManager bool
}

// Tracking is a set of tracking features; combine with |.
type Tracking uint8

// What a shop may have for tracking.
const (
	Fulfillments             Tracking = 1 << iota // WooCommerce's own, since 10.1
	ShipmentTracking                              // the WooCommerce.com extension
	AdvancedShipmentTracking                      // zorem's, which also serves the other's route
)

// Config describes a shop. The zero value is one in euro, on HTTPS, two hours
// east of UTC, without tracking extensions.
type Config struct {
	// URL is the address the shop believes in (home_url), which OAuth
	// signatures are checked against. Empty = [DefaultURL], or the port's
	// address once the shop listens on one.
	URL  string
	Keys []Key // empty = one read_write key, [DefaultKey] and [DefaultSecret]
	// Zone is the site's time zone; nil = a fixed UTC+2. Anything that
	// mistakes local dates for UTC fails in every zone but UTC.
	Zone     *time.Location
	Currency string   // empty = EUR
	Statuses []string // order statuses added by plugins, slugs without "wc-"
	Tracking Tracking
	// Providers are the carriers the tracking extensions know: name → link
	// with %1$s for the number. nil = DHL, DPD and UPS.
	Providers map[string]string
	// PlainPermalinks: only ?rest_route=/wc/v3/… works.
	PlainPermalinks bool
	// HidesTLS: a proxy ends TLS and does not say so; the shop sees http.
	HidesTLS bool
	// Before58 ignores modified_after and modified_before, as WooCommerce
	// did before 5.8.
	Before58 bool
	// Language of error messages: "en" (default), "de", "fr". Codes stay.
	Language string
	// Seed of all chance: the order of ties, lost deliveries.
	Seed uint64
	// Fault is asked before every request; the zero Fault lets it pass. See
	// also [Server.Fail].
	Fault func(*http.Request) Fault
}

func (c Config) withDefaults() Config {
	c.URL = strings.TrimSuffix(c.URL, "/")
	if len(c.Keys) == 0 {
		c.Keys = []Key{{Key: DefaultKey, Secret: DefaultSecret}}
	}
	if c.Zone == nil {
		c.Zone = time.FixedZone("", 2*60*60)
	}
	if c.Currency == "" {
		c.Currency = "EUR"
	}
	if c.Providers == nil {
		c.Providers = map[string]string{
			"DHL": "https://track.dhl.test/%1$s",
			"DPD": "https://track.dpd.test/%1$s",
			"UPS": "https://track.ups.test/%1$s",
		}
	}
	return c
}

// New returns an empty shop. It panics if URL does not parse.
func New(c Config) *Server {
	c = c.withDefaults()
	if _, err := url.Parse(c.URL); err != nil {
		panic("wootest: " + err.Error())
	}
	return &Server{
		cfg: c, chance: rand.New(rand.NewPCG(c.Seed, 0x77007e57)), lastID: 100,
		orders: map[int64]*Order{}, nonces: map[string]time.Time{}, counts: map[string]int{},
	}
}
