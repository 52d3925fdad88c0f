package channeltest_test

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
)

// spoilLines is where bugs in the mapping of lines live.
func (d *demo) spoilLines(f mip.Facts, o wireOrder) mip.Facts {
	switch d.bug {
	case "first fifty lines only":
		f.Lines = f.Lines[:min(50, len(f.Lines))]
	case "lines without a product are dropped":
		f.Lines = slices.DeleteFunc(f.Lines, func(l mip.Line) bool { return l.SKU == "" })
	case "free lines are dropped":
		f.Lines = slices.DeleteFunc(f.Lines, func(l mip.Line) bool { return l.Total.IsZero() })
	case "lines of one product are merged":
		f.Lines = merged(f.Lines)
	case "ids through a float":
		x, _ := strconv.ParseFloat(f.Ref.ID, 64)
		f.Ref.ID = strconv.FormatFloat(x, 'f', -1, 64)
	case "amounts through a float":
		for i, l := range o.Lines {
			if x, err := strconv.ParseFloat(l.Total, 32); err == nil {
				f.Lines[i].Total, _ = mip.MoneyOf(decimal.NewFromFloat32(float32(x)).Round(mip.Exponent(o.Currency)), o.Currency)
			}
		}
	case "two decimals for every currency":
		f.Total, _ = mip.MoneyOf(f.Total.Amount().Shift(mip.Exponent(o.Currency)-2).Round(mip.Exponent(o.Currency)), o.Currency)
	case "refunds after the shipment are ignored":
		for i := range f.Lines {
			if o.Shown == string(mip.StateShipped) {
				f.Lines[i].Cancelled = 0
			}
		}
	case "pieces sent by others are not told":
		for i := range f.Lines {
			f.Lines[i].Shipped = 0
		}
	case "the first refund only":
		for i, l := range f.Lines {
			f.Lines[i].Cancelled = min(l.Cancelled, 1)
		}
	case "pieces sent count as cancelled":
		for _, p := range o.Parcels {
			for _, it := range p.Items {
				for i, l := range f.Lines {
					if l.ID == it.LineID {
						f.Lines[i].Cancelled += it.Quantity
					}
				}
			}
		}
	case "tracking in the buyer's note":
		for _, p := range o.Parcels {
			f.Note += p.Number
		}
	}
	return f
}

func merged(lines []mip.Line) []mip.Line {
	var out []mip.Line
	for _, l := range lines {
		i := slices.IndexFunc(out, func(o mip.Line) bool { return o.SKU == l.SKU && l.SKU != "" })
		if i < 0 {
			out = append(out, l)
			continue
		}
		out[i].Quantity += l.Quantity
	}
	return out
}
