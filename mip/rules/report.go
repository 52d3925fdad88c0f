package rules

import (
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

// finding starts a finding as the list of codes describes it.
func finding(code, path string) mip.Finding {
	info := byCode[code]
	return mip.Finding{Code: code, Path: path, Severity: info.Severity, AutoClear: info.AutoClear}
}

// judged is finding with the digest of what was judged.
func judged(code, path string, values ...string) mip.Finding {
	f := finding(code, path)
	f.Value = mip.ValueHash(values...)
	return f
}

// told reports whether the supplier refused for this reason itself.
func told(s *mip.Snapshot, code string) bool {
	return slices.ContainsFunc(s.Quote.Refusals, func(f mip.Finding) bool { return f.Code == code })
}

// blank reports whether s is empty or white space only.
func blank(s string) bool { return strings.TrimSpace(s) == "" }

// country returns the order's country in normal form.
func countryOf(o *mip.Order) string { return strings.ToUpper(strings.TrimSpace(o.ShipTo.Country)) }

// openLines calls each for every line with pieces still to be bought, with
// its index and their number.
func openLines(o *mip.Order, each func(i int, l *mip.Line, open int)) {
	if len(o.Placements) == 0 { // nothing is covered: no need to work it out
		for i := range o.Lines {
			if n := o.Lines[i].Wanted(); n > 0 {
				each(i, &o.Lines[i], n)
			}
		}
		return
	}
	items := o.OpenItems() // in the order of the lines
	for i := range o.Lines {
		l := &o.Lines[i]
		if len(items) > 0 && l.Wanted() > 0 && items[0].LineID == l.ID && items[0].SKU == l.SKU {
			each(i, l, items[0].Quantity)
			items = items[1:]
		}
	}
}
