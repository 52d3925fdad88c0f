package rules

import (
	"strconv"

	"github.com/openmip/openmip/mip"
)

// NothingToBuy checks that something is left to buy: a line that is not
// another supplier's, cancelled or already bought. Its code is
// [mip.CodeNothingToBuy]. An order without any line is for [Shape].
func NothingToBuy() mip.Rule {
	return mip.Rule{
		Code: mip.CodeNothingToBuy,
		Doc:  "At least one piece of an order is to be bought from this supplier.",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			some := false
			openLines(&s.Order, func(int, *mip.Line, int) { some = true })
			if !some && len(s.Order.Lines) > 0 {
				report(finding(mip.CodeNothingToBuy, "lines"))
			}
		},
	}
}

// ForeignLines tells that some lines are another supplier's and will not be
// bought here. Its code is [CodeForeignLines]; the order does not wait.
func ForeignLines() mip.Rule {
	return mip.Rule{
		Code: CodeForeignLines,
		Doc:  "Lines of other suppliers are pointed out.",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			foreign := 0
			for i := range s.Order.Lines {
				if s.Order.Lines[i].Foreign {
					foreign++
				}
			}
			if foreign > 0 && foreign < len(s.Order.Lines) {
				f := finding(CodeForeignLines, "lines")
				f.Params = map[string]string{"lines": strconv.Itoa(foreign)}
				report(f)
			}
		},
	}
}

// Mapped checks that every line to be bought names a SKU of the supplier. Its
// code is [CodeNotMapped], its path the line.
func Mapped() mip.Rule {
	return mip.Rule{
		Code: CodeNotMapped,
		Doc:  "Every line to be bought is mapped to a SKU of the supplier.",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			openLines(&s.Order, func(i int, l *mip.Line, _ int) {
				if blank(l.SKU) {
					f := finding(CodeNotMapped, linePath(i, "sku"))
					f.Params = map[string]string{"title": l.Title}
					report(f)
				}
			})
		},
	}
}
