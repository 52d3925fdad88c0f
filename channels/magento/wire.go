package magento

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// text and part are what PHP means by text and by an empty object.
type (
	text        = rest.Text
	part[T any] = rest.Part[T]
)

// nought reports whether t is no amount, or 0 with any number of decimals.
func nought(t text) bool { return strings.Trim(string(t), "0.") == "" }

// wireOrder is the part of an order's JSON that is read. Amounts are in the
// currency of the order; those in the shop's own are named base_.
type wireOrder struct {
	ID              text                      `json:"entity_id"`
	Number          text                      `json:"increment_id"`
	State           text                      `json:"state"`
	Status          text                      `json:"status"`
	Store           text                      `json:"store_id"`
	Currency        text                      `json:"order_currency_code"`
	Created         text                      `json:"created_at"`
	Updated         text                      `json:"updated_at"`
	Total           text                      `json:"grand_total"`
	Due             text                      `json:"total_due"`
	Shipping        text                      `json:"shipping_amount"`
	ShippingTax     text                      `json:"shipping_tax_amount"`
	ShippingOff     text                      `json:"shipping_discount_amount"`
	ShippingHidden  text                      `json:"shipping_discount_tax_compensation_amount"`
	ShippingService text                      `json:"shipping_description"`
	Note            text                      `json:"customer_note"`
	Email           text                      `json:"customer_email"`
	Items           part[[]part[wireItem]]    `json:"items"`
	History         part[[]part[wireComment]] `json:"status_histories"`
	More            part[wireMore]            `json:"extension_attributes"`
}

// wireMore is what hangs on an order: above all its only delivery address.
type wireMore struct {
	Pickup      text                         `json:"pickup_location_code"`
	Assignments part[[]part[wireAssignment]] `json:"shipping_assignments"`
}

type wireAssignment struct {
	Shipping part[struct {
		Address part[wireAddress] `json:"address"`
	}] `json:"shipping"`
}

type wireAddress struct {
	First      text         `json:"firstname"`
	Middle     text         `json:"middlename"`
	Last       text         `json:"lastname"`
	Company    text         `json:"company"`
	Street     part[[]text] `json:"street"`
	City       text         `json:"city"`
	Region     text         `json:"region"`
	RegionCode text         `json:"region_code"`
	Postcode   text         `json:"postcode"`
	Country    text         `json:"country_id"`
	Phone      text         `json:"telephone"`
	Email      text         `json:"email"`
	VAT        text         `json:"vat_id"`
}

type wireItem struct {
	ID       text `json:"item_id"`
	Parent   text `json:"parent_item_id"`
	SKU      text `json:"sku"`
	Name     text `json:"name"`
	Type     text `json:"product_type"`
	Virtual  text `json:"is_virtual"`
	Ordered  text `json:"qty_ordered"`
	Shipped  text `json:"qty_shipped"`
	Canceled text `json:"qty_canceled"`
	Refunded text `json:"qty_refunded"`
	Total    text `json:"row_total"`
	Tax      text `json:"tax_amount"`
	Off      text `json:"discount_amount"`
	Hidden   text `json:"discount_tax_compensation_amount"`
	Levies   text `json:"weee_tax_applied_row_amount"`
}

type wireComment struct {
	Comment text `json:"comment"`
}

// maxPieces is more than anybody orders of one line.
const maxPieces = 1_000_000

// pieces reads a whole number, written 2, 2.0 or "2.0000"; nothing is nought.
// whole is false for fractions and anything else.
func pieces(t text) (n int, whole bool) {
	if t == "" {
		return 0, true
	}
	if _, err := mip.RoundMoney(string(t), "EUR"); err != nil { // its bounds
		return 0, false
	}
	d, err := decimal.NewFromString(strings.TrimSpace(string(t)))
	if err != nil || !d.IsInteger() || d.IsNegative() || d.Cmp(decimal.New(maxPieces, 0)) > 0 {
		return 0, false
	}
	return int(d.IntPart()), true
}

// wireTime is how Magento writes instants: UTC, whatever the shop's zone.
const wireTime = time.DateTime

// isID reports whether t is an id as Magento gives them.
func isID(t string) bool {
	return t != "" && len(t) <= 18 && strings.Trim(t, "0123456789") == ""
}
