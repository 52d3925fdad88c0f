package newchannel

import (
	"cmp"
	"encoding/json"
	"strconv"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// order is what the platform sends. Amounts and times are text here: what is
// wrong with them must not stop the decoding of the rest.
type order struct {
	ID, Number, Status, Currency, Total, Postage string
	Service, Note, Created, Updated, Shipping    string
	ShipTo                                       struct {
		First, Last, Company, Street, Extra, City, Region, Postcode, Country, Phone, Email string
	}
	Lines []struct {
		ID, SKU, Title, Total string
		Pieces                json.Number
		Refunded              int
	}
	Parcels []parcel

	raw json.RawMessage
	err error
}

type parcel struct{ ID, Carrier, Number, URL string }

// decode reads as much of an order as can be read.
func decode(raw json.RawMessage) (o order) {
	o.err = rest.Decode(raw, &o)
	o.raw = raw
	return o
}

// facts maps an order. What cannot be read is a defect, never a guess and
// never an error; an unknown status is never "ship it".
func (o order) facts(channel string) mip.Facts {
	var defects []mip.Finding
	check := func(path string, ok bool) {
		if !ok {
			defects = append(defects, mip.Finding{Code: mip.CodeUnreadable, Path: path, Severity: mip.Blocking})
		}
	}
	money := func(path, text string) mip.Money {
		m, err := mip.ParseMoney(text, o.Currency)
		check(path, err == nil)
		return m
	}
	date := func(path, text string) time.Time {
		t, err := time.Parse(time.RFC3339, text)
		check(path, err == nil)
		return t.UTC()
	}
	demand, known := map[string]mip.Demand{"open": mip.DemandUnpaid, "paid": mip.DemandShip,
		"cancelled": mip.DemandCancel, "done": mip.DemandClosed}[o.Status]
	check("order", o.err == nil)
	check("status", known)
	to := o.ShipTo
	f := mip.Facts{
		Ref: mip.Ref{Channel: channel, ID: o.ID}, Number: o.Number,
		Demand: cmp.Or(demand, mip.DemandUnpaid), Service: o.Service, Note: o.Note,
		ShipTo: mip.Address{FirstName: to.First, LastName: to.Last, Company: to.Company, Line1: to.Street, Line2: to.Extra,
			City: to.City, Province: to.Region, Postcode: to.Postcode, Country: to.Country, Phone: to.Phone, Email: to.Email},
		Total: money("total", o.Total), Postage: money("postage", o.Postage),
		CreatedAt: date("created", o.Created), UpdatedAt: date("updated", o.Updated),
	}
	for i, l := range o.Lines {
		at := "lines[" + strconv.Itoa(i) + "]."
		pieces, err := strconv.Atoi(l.Pieces.String())
		check(at+"pieces", err == nil)
		f.Lines = append(f.Lines, mip.Line{ID: l.ID, SKU: l.SKU, Title: l.Title,
			Quantity: pieces, Cancelled: l.Refunded, Total: money(at+"total", l.Total)})
	}
	if f.Defects = defects; len(defects) > 0 && len(o.raw) <= 64<<10 {
		f.Raw = o.raw // so that a person sees what came
	}
	return f
}
