package woocommerce

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// PHP sends numbers, false and [] where text and objects are due.
type (
	text        = rest.Text
	part[T any] = rest.Part[T]
)

// wireOrder is the part of an order's JSON that is read.
type wireOrder struct {
	ID            text                     `json:"id"`
	Number        text                     `json:"number"`
	Status        text                     `json:"status"`
	Currency      text                     `json:"currency"`
	Created       text                     `json:"date_created_gmt"`
	Modified      text                     `json:"date_modified_gmt"`
	Total         text                     `json:"total"`
	ShippingTotal text                     `json:"shipping_total"`
	ShippingTax   text                     `json:"shipping_tax"`
	Note          text                     `json:"customer_note"`
	Billing       part[wireAddress]        `json:"billing"`
	Shipping      part[wireAddress]        `json:"shipping"`
	Lines         part[[]part[wireLine]]   `json:"line_items"`
	Methods       part[[]part[wireMethod]] `json:"shipping_lines"`
	Refunds       part[[]json.RawMessage]  `json:"refunds"`
	Meta          part[[]part[wireMeta]]   `json:"meta_data"`
}

type wireAddress struct {
	FirstName text `json:"first_name"`
	LastName  text `json:"last_name"`
	Company   text `json:"company"`
	Address1  text `json:"address_1"`
	Address2  text `json:"address_2"`
	City      text `json:"city"`
	State     text `json:"state"`
	Postcode  text `json:"postcode"`
	Country   text `json:"country"`
	Email     text `json:"email"`
	Phone     text `json:"phone"`
}

// nowhere: nothing in it says where to deliver. Country and state alone are
// what a shop puts there before anybody typed.
func (a wireAddress) nowhere() bool {
	return a.FirstName+a.LastName+a.Company+a.Address1+a.Address2+a.City+a.Postcode == ""
}

type wireLine struct {
	ID          text                   `json:"id"`
	Name        text                   `json:"name"`
	ProductID   text                   `json:"product_id"`
	VariationID text                   `json:"variation_id"`
	Quantity    text                   `json:"quantity"`
	Total       text                   `json:"total"`
	TotalTax    text                   `json:"total_tax"`
	SKU         text                   `json:"sku"`
	Meta        part[[]part[wireMeta]] `json:"meta_data"`
}

type wireMethod struct {
	Title text `json:"method_title"`
}

type wireMeta struct {
	ID    json.RawMessage `json:"id,omitempty"`
	Key   text            `json:"key"`
	Value json.RawMessage `json:"value"`
}

type wireRefund struct {
	ID    text                   `json:"id"`
	Lines part[[]part[wireLine]] `json:"line_items"`
}

// metaText returns the text under key, empty if there is none.
func metaText(meta part[[]part[wireMeta]], key text) string {
	for _, m := range meta.V {
		if m.V.Key == key {
			var t text
			_ = json.Unmarshal(m.V.Value, &t)
			return string(t)
		}
	}
	return ""
}

// amount reads a decimal within the bounds of any price; a missing one is
// not one.
func amount(t text, currency string) (decimal.Decimal, bool) {
	if _, err := mip.RoundMoney(string(t), currency); err != nil {
		return decimal.Decimal{}, false
	}
	d, err := decimal.NewFromString(string(bytes.TrimSpace([]byte(t))))
	return d, err == nil
}

// maxPieces is more than anybody orders of one line.
const maxPieces = 1_000_000

// pieces reads a whole number, written "2", "2.0" or 2; whole is false for
// fractions and anything else.
func pieces(t text) (n int, whole bool) {
	d, ok := amount(t, "EUR")
	if !ok || !d.IsInteger() || d.Abs().Cmp(decimal.New(maxPieces, 0)) > 0 {
		return 0, false
	}
	return int(d.IntPart()), true
}

// instant reads one of the _gmt dates; none is the zero time.
func instant(t text) (time.Time, bool) {
	if t == "" {
		return time.Time{}, true
	}
	for _, layout := range []string{wireTime, time.RFC3339} {
		if at, err := time.Parse(layout, string(t)); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}
