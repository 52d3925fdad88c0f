package channeltest

import (
	"encoding/json"
	"slices"

	"github.com/openmip/openmip/mip"
)

// Sale is an order as a shop keeps it.
type Sale struct {
	mip.Facts
	Quirk Quirk      // what is odd about it; empty = nothing
	Shown mip.Status // what the shop's buyer sees
	told  mip.Status // what [Shop.Report] said, also what a buyer does not see
}

// Quirk is something odd in an order that real platforms send now and then.
// A platform's fake shows it on the wire; facts cannot express it.
type Quirk string

// The quirks. Facts around them stay as they are.
const (
	BadPrice  Quirk = "an amount that is no number" // of the lines
	HalfPiece Quirk = "a fractional quantity"       // of the lines
	NoPrice   Quirk = "no amount"                   // of the lines: null, or not there
	NoAddress Quirk = "no address"                  // the whole object is missing or null
	Bare      Quirk = "no optional part"            // what is empty is missing or null
	OddStatus Quirk = "an unknown status"           // a word no documentation lists

	// For these the facts say it all; a platform that cannot have them says so.
	NoProduct   Quirk = "a line whose product was deleted" // its SKU is empty
	SameProduct Quirk = "two lines of one product"
	NoLines     Quirk = "no line"
)

// Amount is m as the shop sends it: plain decimal text, or no number at all.
func (s Sale) Amount(m mip.Money) string {
	if s.Quirk == BadPrice {
		return "12.3O,-"
	}
	return m.Text()
}

// Pieces is the line's ordered quantity as a JSON number, with [HalfPiece]
// the number 1.5.
func (s Sale) Pieces(l mip.Line) json.Number {
	if s.Quirk == HalfPiece {
		return "1.5"
	}
	b, _ := json.Marshal(l.Quantity)
	return json.Number(b)
}

// Word is the shop's word for what it asks, from its own list, or one that no
// list has.
func (s Sale) Word(words map[mip.Demand]string) string {
	if s.Quirk == OddStatus {
		return "held-at-customs-office"
	}
	return words[s.Demand]
}

// Clone returns a copy that shares nothing with s.
func (s Sale) Clone() Sale {
	s.Facts = cloneFacts(s.Facts)
	s.Shown, s.told = cloneStatus(s.Shown), cloneStatus(s.told)
	return s
}

func cloneStatus(s mip.Status) mip.Status {
	s.Parcels = slices.Clone(s.Parcels)
	for i, p := range s.Parcels {
		s.Parcels[i].Items = slices.Clone(p.Items)
	}
	return s
}

func cloneFacts(f mip.Facts) mip.Facts {
	f.Lines = slices.Clone(f.Lines)
	f.Defects = slices.Clone(f.Defects)
	f.Raw = slices.Clone(f.Raw)
	return f
}
