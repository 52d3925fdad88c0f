package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/channels/prestashop"
	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// shop is one entry of "channels": what kind it is, and the settings of that
// kind.
type shop struct {
	Kind     string
	Settings settings
}

// settings are what one kind of shop needs. A new kind is a type that opens,
// and a line in kinds.
type settings interface {
	// name is the account's; it is known before the shop is open.
	name() string
	open(o outside) (mip.Channel, error)
	// pushes reports whether the shop's webhooks can be verified.
	pushes() bool
}

// outside is what an adapter is given: a log, and who hears of its calls.
type outside struct {
	log  *slog.Logger
	seen func(context.Context, rest.Try)
}

var kinds = map[string]func() settings{
	"woocommerce": func() settings { return &wooShop{} },
	"prestashop":  func() settings { return &prestaShop{} },
	"shopify":     func() settings { return &shopifyShop{} },
	"magento":     func() settings { return &magentoShop{} },
}

// shop reads the fields of the kind that "type" names.
func (d *decoder) shop(path string, raw json.RawMessage, into *shop) {
	items, _ := d.object(path, raw)
	if json.Unmarshal(items["type"], &into.Kind) != nil || kinds[into.Kind] == nil {
		d.fault(path+".type", "want one of %s", strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
		return
	}
	delete(items, "type")
	others, _ := json.Marshal(items) // it came from JSON
	into.Settings = kinds[into.Kind]()
	d.fields(path, others, reflect.ValueOf(into.Settings).Elem())
}

// account is what all kinds have.
type account struct {
	Name     string        `json:"name" validate:"required,alphanum,lowercase,max=16"` // never changed once orders exist
	URL      string        `json:"url" validate:"required,http_url"`
	LookBack time.Duration `json:"look_back" validate:"gte=0"`
	// SKUs are prefixes of what BigBuy sells in this shop; none = everything.
	SKUs []string `json:"skus" validate:"dive,required"`
}

func (a account) name() string { return a.Name }

func (a account) pushes() bool { return false }

func (a account) supplies() func(string) bool {
	if len(a.SKUs) == 0 {
		return nil
	}
	return func(sku string) bool {
		return slices.ContainsFunc(a.SKUs, func(prefix string) bool { return strings.HasPrefix(sku, prefix) })
	}
}

// wooShop is a WooCommerce shop.
type wooShop struct {
	account
	Key             rest.Secret           `json:"key" validate:"required"`
	Secret          rest.Secret           `json:"secret" validate:"required"`
	WebhookSecret   rest.Secret           `json:"webhook_secret" validate:"-"`
	KeyInQuery      bool                  `json:"key_in_query"`
	PlainPermalinks bool                  `json:"plain_permalinks"`
	Tracking        string                `json:"tracking" validate:"omitempty,oneof=fulfillments extension meta note none"`
	Statuses        map[string]mip.Demand `json:"statuses" validate:"dive,oneof=ship unpaid cancelled closed"`
}

func (s *wooShop) open(o outside) (mip.Channel, error) {
	return woocommerce.New(woocommerce.Config{Name: s.Name, URL: s.URL, Key: s.Key, Secret: s.Secret, WebhookSecret: s.WebhookSecret,
		KeyInQuery: s.KeyInQuery, PlainPermalinks: s.PlainPermalinks, Tracking: woocommerce.Tracking(s.Tracking), Statuses: s.Statuses,
		Supplies: s.supplies(), LookBack: s.LookBack, Logger: o.log, Seen: o.seen})
}

func (s *wooShop) pushes() bool { return s.WebhookSecret.Set() }

// prestaShop is a PrestaShop shop.
type prestaShop struct {
	account
	Key        rest.Secret `json:"key" validate:"required"`
	KeyInQuery bool        `json:"key_in_query"`
	ShopID     int         `json:"shop_id" validate:"gte=0"`
	Quiet      bool        `json:"quiet"`
	NoTracking bool        `json:"no_tracking"`
}

func (s *prestaShop) open(o outside) (mip.Channel, error) {
	return prestashop.New(prestashop.Config{Name: s.Name, URL: s.URL, Key: s.Key, KeyInQuery: s.KeyInQuery, ShopID: s.ShopID,
		Quiet: s.Quiet, NoTracking: s.NoTracking, Supplies: s.supplies(), LookBack: s.LookBack, Logger: o.log, Seen: o.seen})
}

// magentoShop is a Magento or Adobe Commerce shop.
type magentoShop struct {
	account
	StoreView      string      `json:"store_view"`
	ConsumerKey    rest.Secret `json:"consumer_key" validate:"-"`
	ConsumerSecret rest.Secret `json:"consumer_secret" validate:"-"`
	AccessToken    rest.Secret `json:"access_token" validate:"-"`
	TokenSecret    rest.Secret `json:"token_secret" validate:"-"`
	Stores         []int64     `json:"stores" validate:"dive,gte=0"`
	Source         string      `json:"source"`
	Quiet          bool        `json:"quiet"`
}

func (s *magentoShop) open(o outside) (mip.Channel, error) {
	return magento.New(magento.Config{Name: s.Name, URL: s.URL, StoreView: s.StoreView, ConsumerKey: s.ConsumerKey,
		ConsumerSecret: s.ConsumerSecret, AccessToken: s.AccessToken, TokenSecret: s.TokenSecret, Stores: s.Stores,
		Source: s.Source, Quiet: s.Quiet, Supplies: s.supplies(), LookBack: s.LookBack, Logger: o.log, Seen: o.seen})
}

// shopifyShop is a Shopify shop, with a token of its own app or the app's
// client credentials.
type shopifyShop struct {
	account
	Token        rest.Secret `json:"token" validate:"-"`
	ClientID     string      `json:"client_id"`
	ClientSecret rest.Secret `json:"client_secret" validate:"-"` // verifies webhooks too
	Ship         []string    `json:"ship" validate:"dive,oneof=AUTHORIZED PENDING PARTIALLY_PAID"`
	TestOrders   bool        `json:"test_orders"`
	Quiet        bool        `json:"quiet"`
	Refund       bool        `json:"refund"`
	Restock      bool        `json:"restock"`
}

func (s *shopifyShop) open(o outside) (mip.Channel, error) {
	return shopify.New(shopify.Config{Name: s.Name, URL: s.URL, Token: s.Token, ClientID: s.ClientID, ClientSecret: s.ClientSecret,
		Ship: s.Ship, TestOrders: s.TestOrders, Quiet: s.Quiet, Refund: s.Refund, Restock: s.Restock,
		Supplies: s.supplies(), LookBack: s.LookBack, Logger: o.log, Seen: o.seen})
}

func (s *shopifyShop) pushes() bool { return s.ClientSecret.Set() }
