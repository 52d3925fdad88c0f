package magentest

import (
	"cmp"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// What a shop has unless [Config] says otherwise.
const (
	DefaultURL            = "https://magento.test"
	DefaultConsumerKey    = "consumer-key-0000000000000000001"
	DefaultConsumerSecret = "consumer-secret-0000000000000001" //nolint:gosec // of a fake
	DefaultToken          = "access-token-0000000000000000001" //nolint:gosec // of a fake
	DefaultTokenSecret    = "token-secret-0000000000000000001" //nolint:gosec // of a fake
	DefaultUser           = "integration"
	DefaultPassword       = "admin-password-0001" //nolint:gosec // of a fake
)

// Version is what a shop's release changes on the wire.
type Version int

// The versions.
const (
	V24 Version = iota // 2.4: beyond the last page there is nothing
	V23                // 2.3: beyond the last page it comes again; comments without a status empty the order's
)

// Config describes a shop. The zero value is a 2.4 with one integration.
type Config struct {
	URL     string // the shop's own address; empty = [DefaultURL]
	Version Version
	// Bearer allows access tokens to be used alone; off since 2.4.4.
	Bearer bool
	// Denied are resources ("Magento_Sales::ship") that the account lacks.
	Denied []string
	// Views are the store views by their code; nil = "default" with id 1.
	Views map[string]int64
	// Sources, if several, must be named by shipments.
	Sources []string
	// TextIDs answers the id of a shipment as a string.
	TextIDs bool
	// MostPerPage refuses larger pages; 0 = no limit.
	MostPerPage int
	// Translated shows messages in another language, as shops do whose admin
	// speaks one.
	Translated bool
	// Shift is how far the database's clock is from UTC, where its zone is
	// configured wrongly.
	Shift time.Duration
	Seed  uint64
	// Fault is asked before every request; see also [Server.Fail].
	Fault func(*http.Request) Fault
}

// New returns an empty shop.
func New(c Config) *Server {
	c.URL = strings.TrimRight(cmp.Or(c.URL, DefaultURL), "/")
	if c.Views == nil {
		c.Views = map[string]int64{"default": 1}
	}
	return &Server{
		cfg: c, chance: rand.New(rand.NewPCG(c.Seed, 0x3a9e470)), //nolint:gosec // of a fake
		orders: map[int64]*Order{}, nonces: map[string]bool{}, tokens: map[string]time.Time{}, counts: map[string]int{},
	}
}
