package bigbuy

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

// OrderRequest is an order to check or to create.
type OrderRequest struct {
	// InternalReference is our id for it. BigBuy: unique, at most 50
	// characters by one integrator's word.
	InternalReference string        `json:"internalReference"`
	Language          string        `json:"language,omitempty"`      // ISO 639-1
	PaymentMethod     string        `json:"paymentMethod,omitempty"` // moneybox, paypal, bankwire
	Carriers          []CarrierName `json:"carriers,omitempty"`      // the cheapest of them is taken; empty = of all
	ShippingAddress   Address       `json:"shippingAddress"`
	Products          []OrderLine   `json:"products"` // each SKU once
}

// CarrierName is a shipping service by its lower-case name.
type CarrierName struct {
	Name string `json:"name"`
}

// OrderLine is a number of pieces of one SKU; of a product with attributes,
// the variation's.
type OrderLine struct {
	Reference string `json:"reference"`
	Quantity  int    `json:"quantity"`
}

// Address is BigBuy's form of a delivery address. It prints as a constant.
type Address struct {
	FirstName   string `json:"firstName"`
	LastName    string `json:"lastName"`
	Country     string `json:"country"` // ISO 3166-1 alpha-2, upper case
	Postcode    string `json:"postcode"`
	Town        string `json:"town"`
	Address     string `json:"address"` // one line, BigBuy: 70 characters
	Phone       string `json:"phone"`
	Email       string `json:"email"`
	VATNumber   string `json:"vatNumber"`
	CompanyName string `json:"companyName"`
	Comment     string `json:"comment"`
}

const redactedAddress = "address(redacted)"

// String returns a constant.
func (Address) String() string { return redactedAddress }

// Format implements [fmt.Formatter]; every verb prints the same constant.
func (Address) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redactedAddress) }

// LogValue implements [slog.LogValuer].
func (Address) LogValue() slog.Value { return slog.StringValue(redactedAddress) }

// Totals is what an order would cost.
type Totals struct {
	Goods Euro `json:"totalWithoutTaxesAndWithoutShippingCost"`
	Net   Euro `json:"totalWithoutTaxes"` // goods and shipping without tax
	Total Euro `json:"total"`             // tax and shipping included
}

// Checked is the answer to [Client.CheckMulti].
type Checked struct {
	Orders List[CheckedOrder] `json:"orders"`
	Errors List[*Error]       `json:"errors"`
}

// CheckedOrder is the share of one warehouse.
type CheckedOrder struct {
	Totals
	ProductReferences List[Text] `json:"productReferences"`
	Warehouse         Text       `json:"warehouse"`
}

// Created is the answer to [Client.CreateMulti].
type Created struct {
	Orders List[CreatedOrder] `json:"orders"`
	Errors List[*Error]       `json:"errors"`
}

// CreatedOrder is one BigBuy order, from one warehouse.
type CreatedOrder struct {
	ID                Text       `json:"id"`
	ProductReferences List[Text] `json:"productReferences"`
	Warehouse         Text       `json:"warehouse"`
	URL               Text       `json:"url"`
}

// Number returns the id, from the URL if it must be.
func (c CreatedOrder) Number() string {
	if c.ID != "" {
		return string(c.ID)
	}
	return lastSegment(string(c.URL))
}

// UnmarshalJSON reads a part of a multishipping answer that failed. Whatever
// it looks like, it is an error and none of its siblings is lost for it.
func (e *Error) UnmarshalJSON(b []byte) error {
	*e = Error{Status: 409}
	var part struct {
		errorBody
		Status     json.RawMessage `json:"status"`
		References json.RawMessage `json:"productReferences"`
		Warehouse  json.RawMessage `json:"warehouse"`
	}
	if json.Unmarshal(b, &part) != nil {
		e.form, e.Message = formGeneric, excerpt(string(b))
		return nil
	}
	var status Count
	var warehouse Text
	var skus List[Text]
	_ = json.Unmarshal(orNull(part.Status), &status)
	_ = json.Unmarshal(orNull(part.Warehouse), &warehouse)
	_ = json.Unmarshal(orNull(part.References), &skus)
	if status >= 100 && status < 600 {
		e.Status = int(status)
	}
	e.fill(part.errorBody)
	e.WarehouseID = string(warehouse)
	if len(e.SKUs) == 0 {
		e.SKUs = texts(skus)
	}
	e.plainProducts()
	return nil
}

// plainProducts reads a product problem that a part tells in plain words.
func (e *Error) plainProducts() {
	said := strings.ToLower(e.Message)
	if e.form != formGeneric || !strings.Contains(said, "inactive product") && !strings.Contains(said, "products error") {
		return
	}
	e.form = formProducts
	for _, sku := range e.SKUs {
		e.Products = append(e.Products, ProductError{sku, e.Message})
	}
}

// Order is what BigBuy knows of one order, its address aside.
type Order struct {
	ID                Text              `json:"id"`
	InternalReference Text              `json:"internalReference"`
	DateAdd           Text              `json:"dateAdd"` // "2026-01-05 10:00:00", no zone told
	Status            Text              `json:"status"`  // a display name, Spanish by default
	Total             Euro              `json:"totalPaidTaxIncl"`
	Net               Euro              `json:"totalPaidTaxExcl"`
	Shipping          Euro              `json:"totalShippingTaxIncl"`
	ShippingNet       Euro              `json:"totalShippingTaxExcl"`
	Carriers          List[Named]       `json:"carriers"`
	Products          List[OrderedLine] `json:"products"`
}

// OrderedLine is one SKU of an order.
type OrderedLine struct {
	ID        Text  `json:"id"`
	Reference Text  `json:"reference"`
	Quantity  Count `json:"quantity"`
	Name      Text  `json:"name"`
	Price     Euro  `json:"priceTaxIncl"`
	PriceNet  Euro  `json:"priceTaxExcl"`
}

// OrderTotal is the answer to a look-up by reference.
type OrderTotal struct {
	ID    Text `json:"id"`
	Total Euro `json:"totalPaidTaxIncl"`
}

// Named is an id with its name.
type Named struct {
	ID   Text `json:"id"`
	Name Text `json:"name"`
}

// DeliveryNote is one delivery of an order.
type DeliveryNote struct {
	Reference Text              `json:"reference"`
	Order     Text              `json:"order"`
	Status    Text              `json:"status"`
	Carrier   Text              `json:"carrier"`
	Packages  Count             `json:"numberOfPackages"`
	Products  List[OrderedLine] `json:"products"`
}

// Invoice is the sale invoice of an export order.
type Invoice struct {
	OrderID  string
	File     []byte
	MIMEType string // "application/pdf"
	Concept  string
	Amount   mip.Money // EUR
}

func (in Invoice) wire() map[string]any {
	return map[string]any{
		"id_order": in.OrderID, "file": base64.StdEncoding.EncodeToString(in.File),
		"mime_type": in.MIMEType, "concept": in.Concept, "amount": json.Number(in.Amount.Text()),
	}
}

// instant reads a time of BigBuy's; zero if it is none.
func instant(t Text, zone *time.Location) time.Time {
	for _, layout := range []string{time.DateTime, "2006-01-02T15:04:05Z07:00", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, string(t), zone); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}
