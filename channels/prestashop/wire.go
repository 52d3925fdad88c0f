package prestashop

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// text is what PHP means by text.
type text = rest.Text

// row is one row of a resource: its fields as text. What is no row is nil.
type row map[string]text

func (r row) names() []string { return slices.Sorted(maps.Keys(r)) }

// flag reports whether a switch is on.
func (r row) flag(name string) bool { return r[name] == "1" || r[name] == "true" }

// first returns the first of the fields that is not empty, and its name; the
// last one's if all are.
func (r row) first(names ...string) (name string, value text) {
	for _, name = range names {
		if value = r[name]; value != "" {
			break
		}
	}
	return name, value
}

// amount reads a decimal within the bounds of any price; a missing one is
// not one.
func amount(t text, currency string) (decimal.Decimal, bool) {
	if _, err := mip.RoundMoney(string(t), currency); err != nil {
		return decimal.Decimal{}, false
	}
	d, err := decimal.NewFromString(strings.TrimSpace(string(t)))
	return d, err == nil
}

// maxPieces is more than anybody orders of one line.
const maxPieces = 1_000_000

// pieces reads a whole number, written "2", "2.0" or 2; whole is false for
// fractions and anything else.
func pieces(t text) (n int, whole bool) {
	d, ok := amount(t, "EUR")
	if !ok || !d.IsInteger() || d.Abs().Cmp(decimal.New(maxPieces, 0)) > 0 {
		return 0, false
	}
	return int(d.IntPart()), true
}

// unmarshal reads JSON that a field kept.
func unmarshal(t text, v any) error { return json.Unmarshal([]byte(t), v) }
