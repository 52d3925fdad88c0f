package prestashop

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
)

// readLines reads the rows of order_details; an order shows rows of its own,
// which lack what was refunded and have to be as many.
func (o *order) readLines() {
	rows := o.details[string(o.row["id"])]
	if shown := o.rowsShown(); shown >= 0 && shown != len(rows) {
		o.defect("order_details", "")
	}
	gross := make([]decimal.Decimal, len(rows))
	for i := range rows {
		r := rows[i].V
		if !isID(string(r["id"])) {
			o.defect(linePath(i, "id"), "")
		}
		l := mip.Line{ID: string(r["id"]), SKU: strings.TrimSpace(string(r["product_reference"])), Title: string(r["product_name"])}
		l.Foreign = l.SKU != "" && o.shop.config.Supplies != nil && !o.shop.config.Supplies(l.SKU)
		l.Quantity = o.pieces(i, r, "product_quantity", l.Foreign)
		if r["product_quantity_refunded"] != "" {
			l.Cancelled = o.pieces(i, r, "product_quantity_refunded", l.Foreign)
		}
		gross[i] = o.gross(i, r, l.Quantity)
		o.Lines = append(o.Lines, l)
	}
	o.spread(gross)
}

// rowsShown counts the rows that the order itself shows, −1 if it shows none.
func (o *order) rowsShown() int {
	var shown struct {
		Rows []struct{} `json:"order_rows"`
	}
	if len(o.row["associations"]) == 0 || unmarshal(o.row["associations"], &shown) != nil || shown.Rows == nil {
		return -1
	}
	return len(shown.Rows)
}

func (o *order) pieces(i int, r row, field string, foreign bool) int {
	n, whole := pieces(r[field])
	if (!whole || n < 0) && !foreign {
		o.defect(linePath(i, field), string(r[field]))
	}
	return max(n, 0)
}

// gross is what a line costs with tax, before discounts on the whole order.
func (o *order) gross(i int, r row, quantity int) decimal.Decimal {
	field, factor := "total_price_tax_incl", 1
	if r[field] == "" {
		field, factor = "unit_price_tax_incl", quantity
	}
	d, ok := amount(r[field], "EUR")
	if !ok {
		o.defect(linePath(i, field), string(r[field]))
	}
	return d.Mul(decimal.NewFromInt(int64(factor)))
}

// spread takes the discounts on the order off the lines in proportion, so that
// what is rounded adds up.
func (o *order) spread(gross []decimal.Decimal) {
	if o.currency == "" {
		return
	}
	field, value := o.row.first("total_discounts_tax_incl", "total_discounts")
	off, ok := amount(value, "EUR")
	if value != "" && !ok {
		o.defect(field, string(value))
	}
	sum, part, told := decimal.Zero, decimal.Zero, decimal.Zero
	for _, g := range gross {
		sum = sum.Add(g)
	}
	off = decimal.Min(decimal.Max(off, decimal.Zero), sum)
	for i, g := range gross {
		if !off.IsPositive() {
			o.Lines[i].Total, _ = mip.MoneyOf(g, o.currency)
			continue
		}
		part = part.Add(g)
		m, _ := mip.MoneyOf(part.Mul(sum.Sub(off)).Div(sum), o.currency)
		o.Lines[i].Total, _ = mip.MoneyOf(m.Amount().Sub(told), o.currency)
		told = m.Amount()
	}
}
