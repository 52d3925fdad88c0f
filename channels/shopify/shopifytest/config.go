package shopifytest

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// What a shop has unless told otherwise.
const (
	DefaultURL      = "https://shop.myshopify.com"
	DefaultToken    = "shpat_11111111111111111111111111111111"
	DefaultClientID = "22222222222222222222222222222222"
	DefaultSecret   = "shpss_33333333333333333333333333333333"
)

// AllScopes are the scopes of an app that may do everything the shop can.
var AllScopes = []string{"read_all_orders", "write_orders", "write_merchant_managed_fulfillment_orders"}

// Buyers says how much an app may see of the buyers.
type Buyers uint8

// What an app may see of buyers (protected customer data, level 2).
const (
	Shown  Buyers = iota
	Nulled        // the fields are null
	Denied        // asking for the fields is ACCESS_DENIED
)

// Config describes a shop and the one app that is installed in it. The zero
// value is a shop in euro in which the app may do everything.
type Config struct {
	URL      string // empty = [DefaultURL]
	Token    string // that never expires; empty = [DefaultToken]
	ClientID string // empty = [DefaultClientID]
	Secret   string // the client secret; empty = [DefaultSecret]
	// TokenLife is how long tokens for the client secret last; 0 = 86399 s.
	TokenLife time.Duration
	Scopes    []string // nil = [AllScopes]
	Buyers    Buyers
	// Version is answered instead of the one asked for, as for a version that
	// has run out.
	Version string
	// Schema validates every document, if not nil. See [Schema].
	Schema *ast.Schema

	Lag     time.Duration // how far searches are behind
	Routing time.Duration // from an order to its fulfillment orders
	Job     time.Duration // that cancelling an order takes; 0 = 2 s

	Bucket  int // points at most; 0 = 2000
	Rate    int // points per second; 0 = 100
	MaxCost int // of one query; 0 = 1000
	Deep    int // things of one list at most, over all its pages; 0 = 25000

	// Fault is asked before every request; the zero Fault lets it pass. See
	// also [Server.Fail].
	Fault func(*http.Request) Fault
}

// New returns an empty shop.
func New(c Config) *Server {
	c.URL = strings.TrimSuffix(cmp.Or(c.URL, DefaultURL), "/")
	c.Token, c.ClientID = cmp.Or(c.Token, DefaultToken), cmp.Or(c.ClientID, DefaultClientID)
	c.Secret, c.TokenLife = cmp.Or(c.Secret, DefaultSecret), cmp.Or(c.TokenLife, 86399*time.Second)
	c.Job = cmp.Or(c.Job, 2*time.Second)
	c.Bucket, c.Rate, c.MaxCost = cmp.Or(c.Bucket, 2000), cmp.Or(c.Rate, 100), cmp.Or(c.MaxCost, 1000)
	c.Deep = cmp.Or(c.Deep, 25_000)
	if c.Scopes == nil {
		c.Scopes = AllScopes
	}
	return &Server{cfg: c, lastID: 5_000_000_000, available: c.Bucket * 1000, orders: map[int64]*Order{},
		tokens: map[string]time.Time{}, counts: map[string]int{}}
}
