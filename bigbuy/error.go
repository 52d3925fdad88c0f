package bigbuy

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/openmip/openmip/mip"
)

// BigBuy's business codes. There is no ER006.
const (
	ERProductNotFound   = "ER001"
	ERVariationRequired = "ER002"
	EROutOfStock        = "ER003"
	ERPostcode          = "ER004"
	ERFunds             = "ER005"
	ERMinimum           = "ER007"
	ERExists            = "ER008"
	ERTryLater          = "ER009"
	ERNoCarrier         = "ER010"
	ERPayment           = "ER011"
	ERBankwireMinimum   = "ER012"
	ERExport            = "ER013"
	ERPack              = "ER014"
)

// Error is what BigBuy said instead of an answer, whichever of its many forms
// it took. It wraps exactly one kind of package mip. It prints as status and
// code; Message and the messages of Fields and Products are BigBuy's own text,
// which may repeat what was sent, and are never printed.
type Error struct {
	Status int    // HTTP status; of an error inside a 200, the one it claims
	Code   string // "ER003", another code, or empty
	Soft   bool   // it came inside a 200

	SKUs        []string       // ER001, ER002, ER003
	Products    []ProductError // "Products error."
	Warehouses  []Warehouse    // several warehouses on a call for one
	Fields      []FieldError   // form validation, in order of path
	OrderID     string         // ER008: the earlier order
	Balance     mip.Money      // ER005
	Total       mip.Money      // ER005, ER007: what the order costs
	Minimum     mip.Money      // ER007, ER012
	ZipExample  string         // ER004
	Message     string         // at most 200 characters
	WarehouseID string         // of a part of a multishipping order

	form    form
	swapped bool // code and message stood in each other's place
	kind    error
}

// ProductError is BigBuy's reason against one product.
type ProductError struct{ SKU, Reason string }

// Warehouse is the share of one warehouse in a basket.
type Warehouse struct {
	ID   string
	SKUs []string
}

// FieldError is one message of form validation: "shippingAddress.address".
type FieldError struct{ Path, Message string }

// form is how much of an error body was understood.
type form uint8

const (
	formText    form = iota // not JSON
	formGeneric             // a message without a meaning of its own
	formMissing             // 404 with a JSON message, not for want of a route
	formCode                // an ER code
	formProducts
	formWarehouses
	formFields
)

// Error implements error.
func (e *Error) Error() string {
	s := fmt.Sprintf("status %d", e.Status)
	if e.Soft {
		s += " inside a success"
	}
	if e.Code != "" {
		s += " code " + e.Code
	}
	if n := len(e.Fields); n > 0 {
		s += fmt.Sprintf(", %d fields", n)
	}
	return s
}

// Unwrap returns the kind.
func (e *Error) Unwrap() error { return e.kind }

// Format implements [fmt.Formatter]; every verb prints [Error.Error].
func (e *Error) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, e.Error()) }

// LogValue implements [slog.LogValuer].
func (e *Error) LogValue() slog.Value { return slog.StringValue(e.Error()) }

// classify returns e's kind for a call that writes or only reads. In doubt a
// write is ErrUnknown.
//
//	what                              read            write
//	ER005                             ErrUnfunded     ErrUnfunded
//	ER008                             ErrConflict     ErrConflict
//	ER009                             ErrUnavailable  ErrUnknown
//	ER014, 401, 403                   ErrUnauthorized ErrUnauthorized
//	other ER, products, warehouses    ErrRefused      ErrRefused
//	form validation, other 400        ErrInvalid      ErrInvalid
//	code and message swapped          ErrInvalid      ErrUnknown
//	404 that says what is missing     ErrNotFound     ErrNotFound
//	404 with another message          ErrNotFound     ErrUnknown
//	404 for want of a route           ErrContract     ErrUnknown
//	429                               ErrThrottled    ErrThrottled
//	5xx, errors in a 200, not JSON    ErrUnavailable  ErrUnknown
//	409 without a meaning             ErrUnavailable  ErrUnknown
func (e *Error) classify(write bool) error {
	doubt := mip.ErrUnavailable
	if write {
		doubt = mip.ErrUnknown
	}
	switch {
	case e.Status == 429:
		return mip.ErrThrottled
	case e.Status >= 500:
		return doubt
	case e.form == formCode:
		return cmp.Or(kindOfCode(e.Code), doubt)
	case e.form == formProducts || e.form == formWarehouses:
		return mip.ErrRefused
	case e.form == formFields:
		return mip.ErrInvalid
	case e.Soft || e.swapped && write:
		return doubt
	case e.Status == 401 || e.Status == 403:
		return mip.ErrUnauthorized
	case e.form == formMissing && !(write && e.missing() == ""):
		return mip.ErrNotFound
	case e.Status == 404 && e.form == formGeneric && !write:
		return mip.ErrContract
	case e.form == formText || e.Status == 404 || e.Status == 408 || e.Status == 409:
		return doubt
	}
	return mip.ErrInvalid
}

// missing names what a 404 says is not there, empty if it says nothing of the
// kind. A step behind a purchase may answer 404 too, and then perhaps something
// was bought.
func (e *Error) missing() string {
	said := strings.ToLower(e.Message)
	// The order first: the rest of its message is a reference, which may hold any word.
	for _, what := range []string{"no order found", "order not found", "carrier", "shipping", "product"} {
		if strings.Contains(said, what) {
			return what
		}
	}
	return ""
}

// kindOfCode returns nil for the one code that leaves the outcome open.
func kindOfCode(code string) error {
	switch code {
	case ERFunds:
		return mip.ErrUnfunded
	case ERExists:
		return mip.ErrConflict
	case ERTryLater:
		return nil
	case ERPack:
		return mip.ErrUnauthorized
	}
	return mip.ErrRefused
}
