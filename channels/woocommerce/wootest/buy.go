package wootest

import (
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
)

// insert completes an order and stores it.
func (s *Server) insert(o Order) *Order {
	now := s.now()
	o.ID = s.newID()
	o.Number = or(o.Number, strconv.FormatInt(o.ID, 10))
	o.Status = or(o.Status, "processing")
	o.Currency = or(o.Currency, s.cfg.Currency)
	o.PaymentMethod = or(o.PaymentMethod, "stripe")
	if o.Created.IsZero() {
		o.Created = now
	}
	if o.Modified.IsZero() {
		o.Modified = o.Created
	}
	paid := o.Status == "processing" || o.Status == "completed"
	if paid && o.Paid.IsZero() && o.PaymentMethod != "cod" {
		o.Paid = o.Created
	}
	if o.Status == "completed" && o.Completed.IsZero() {
		o.Completed = o.Created
	}
	if o.Billing == (Address{}) && o.Shipping == (Address{}) && !o.NoAddress {
		a := Madrid() // each order has a buyer of its own
		a.Address1 = fmt.Sprintf("Calle de Alcalá %d", o.ID)
		o.Billing, o.Shipping = a, a
	}
	o.Shipping.Email = ""
	s.completeLines(&o)
	s.orders[o.ID] = &o
	s.emit(o.ID, "created")
	return &o
}

func (s *Server) completeLines(o *Order) {
	if o.Lines == nil {
		o.Lines = []Line{{}}
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		l.ID = s.newID()
		l.Name = or(l.Name, "Garden lamp")
		if l.Quantity == 0 {
			l.Quantity = 1
		}
		if l.Deleted {
			l.SKU, l.ProductID, l.VariationID = "", 0, 0
		} else {
			l.SKU = or(l.SKU, "S0000001")
			if l.ProductID == 0 {
				l.ProductID = int64(40 + i)
			}
		}
		l.Total = or(l.Total, decimal.NewFromFloat(l.Quantity).Mul(decimal.New(10, 0)).StringFixed(mip.Exponent(o.Currency)))
		l.TotalTax = or(l.TotalTax, number(l.Total).Mul(decimal.New(21, -2)).StringFixed(mip.Exponent(o.Currency)))
	}
	if o.ShippingLines == nil {
		o.ShippingLines = []ShippingLine{{Title: "Flat rate", MethodID: "flat_rate", Total: "5.00", TotalTax: "1.05"}}
	}
	for i := range o.ShippingLines {
		o.ShippingLines[i].ID = s.newID()
	}
	for i := range o.Fees {
		o.Fees[i].ID = s.newID()
	}
	for i := range o.Meta {
		o.Meta[i].ID = s.newID()
	}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// number reads an amount for the shop's own sums; what is unreadable counts
// as nought.
func number(s string) decimal.Decimal {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Zero
	}
	return d
}

// total is the order's total with tax.
func (o *Order) total() decimal.Decimal {
	if o.Total != "" {
		return number(o.Total)
	}
	sum := decimal.Zero
	for _, l := range o.Lines {
		sum = sum.Add(number(l.Total)).Add(number(l.TotalTax))
	}
	for _, l := range o.ShippingLines {
		sum = sum.Add(number(l.Total)).Add(number(l.TotalTax))
	}
	for _, f := range o.Fees {
		sum = sum.Add(number(f.Total)).Add(number(f.TotalTax))
	}
	return sum
}

func (o *Order) refunded() decimal.Decimal {
	sum := decimal.Zero
	for _, r := range o.Refunds {
		sum = sum.Add(number(r.Amount))
	}
	return sum
}

func (o *Order) refundedPieces(line int64) int {
	n := 0
	for _, r := range o.Refunds {
		for _, l := range r.Lines {
			if l.LineID == line {
				n += l.Quantity
			}
		}
	}
	return n
}

// share is what n pieces of the line cost with tax.
func (l Line) share(n int) decimal.Decimal {
	whole := number(l.Total).Add(number(l.TotalTax))
	return whole.Mul(decimal.NewFromInt(int64(n))).Div(decimal.NewFromFloat(l.Quantity)).Round(2)
}
