package mip

import (
	"strings"
	"time"
	"unicode"
)

// Likeness is the same number for orders of the same goods, cancelled pieces
// among them, to the same person at the same address, whatever the case, spaces
// and punctuation: perhaps they are one order that arrived twice. 0 = none of
// the goods is ours, or nobody knows where they go. It tells as much of a
// person as a digest does: a store forgets it with the address.
func (o Order) Likeness() uint64 {
	goods := uint64(0)
	for _, l := range o.Lines {
		if !l.Foreign {
			goods += start.text(l.SKU).number() * uint64(max(0, l.Quantity)) // in whatever order, on however many lines
		}
	}
	to := &o.ShipTo
	if goods == 0 || strings.TrimSpace(to.Line1+to.Line2) == "" {
		return 0
	}
	d := start
	for _, field := range [...]string{to.FirstName, to.LastName, to.Line1, to.Line2, to.Postcode, to.City, to.Country, to.Email} {
		d = d.text(field)
	}
	return max(1, d.word(goods).number())
}

// Apart is how much later one of two orders was made than the other, by the
// channels' clocks, or by ours where one does not tell.
func (o Order) Apart(other Order) time.Duration {
	if o.CreatedAt.IsZero() || other.CreatedAt.IsZero() {
		return o.ReceivedAt.Sub(other.ReceivedAt).Abs()
	}
	return o.CreatedAt.Sub(other.CreatedAt).Abs()
}

// digest is FNV-1a over letters and digits.
type digest uint64

const start digest = 14695981039346656037

func (d digest) word(w uint64) digest { return (d ^ digest(w)) * 1099511628211 }

// text adds a field, and that it ends.
func (d digest) text(s string) digest {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			d = d.word(uint64(unicode.ToLower(r)))
		}
	}
	return d.word(0)
}

func (d digest) number() uint64 { return uint64(d) }
