package prestatest

import (
	"strings"
	"time"
)

// DefaultURL and DefaultKey are those of a shop whose [Config] names none.
const (
	DefaultURL = "https://presta.test"
	DefaultKey = "PRESTATESTKEY0000000000000000001"
)

// The ids of the shop's states. They differ from those of a default
// installation, as they do in every shop that was ever migrated.
const (
	Cheque     = 21 // awaiting a cheque
	Paid       = 14
	Preparing  = 15
	Shipped    = 31
	Delivered  = 32
	Cancelled  = 7
	Refunded   = 9
	Failed     = 19 // payment error
	Backorder  = 18 // paid
	Transfer   = 22 // awaiting a bank transfer
	RemotePaid = 28
	OnDelivery = 35 // cash on delivery, validated
)

// Key is one webservice key.
type Key struct {
	Key string // 32 characters
	// Allow lists methods by resource, "GET POST"; nil = everything.
	Allow map[string]string
	Shops []int // of a multistore; nil = all
}

// Product is something that an order made through the webservice may hold.
type Product struct {
	Reference, Name, Price string // price with tax
}

// Config describes a shop. The zero value is one in euro, in Warsaw, of
// version 1.7.7.4, that speaks English.
type Config struct {
	URL  string // empty = [DefaultURL], or the port's address once it listens
	Keys []Key  // empty = [DefaultKey] with all permissions
	// Zone is PS_TIMEZONE; nil = Europe/Warsaw. Anything that mistakes local
	// dates for UTC fails in every zone but UTC.
	Zone *time.Location
	// Version is the shop's: from 8 on PATCH works and orders have a note.
	Version  string
	Language string          // of error messages: "en" (default), "pl", "de". Codes stay.
	Name     string          // empty = "Test shop"
	Carriers []string        // names; nil = "0" (the shop itself) and "My carrier"
	Products map[int]Product // for orders made through the webservice
	// Groups is the group of each shop of a multistore; nil = one shop, 1.
	Groups map[int]int
	// SharesOrders: the shops of a group show the orders of all of them.
	SharesOrders bool
	// MostRows is where the shop's host cuts lists that have a limit; 0 = nowhere.
	MostRows int
	// Disabled: the webservice is switched off.
	Disabled bool
	// RawAddressEdits: an edited delivery address does not move the order's
	// date_upd, as before 1.7.7.
	RawAddressEdits bool
}

func (c Config) withDefaults() Config {
	c.URL = strings.TrimSuffix(c.URL, "/")
	if len(c.Keys) == 0 {
		c.Keys = []Key{{Key: DefaultKey}}
	}
	if c.Zone == nil {
		zone, err := time.LoadLocation("Europe/Warsaw")
		if err != nil {
			panic("prestatest: " + err.Error())
		}
		c.Zone = zone
	}
	c.Version, c.Name = or(c.Version, "1.7.7.4"), or(c.Name, "Test shop")
	if c.Carriers == nil {
		c.Carriers = []string{"0", "My carrier"}
	}
	if c.Groups == nil {
		c.Groups = map[int]int{1: 1}
	}
	return c
}

// modern reports whether the version is 8 or later.
func (c Config) modern() bool { return !strings.HasPrefix(c.Version, "1.") }

// New returns an empty shop.
func New(c Config) *Server {
	s := &Server{cfg: c.withDefaults(), tables: newTables(), edits: map[int]func(string, map[string]any){}}
	s.seed()
	return s
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
