package rest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// sale is a platform's order.
type sale struct {
	ID, Status, Currency, Total, Updated string

	Lines []struct {
		SKU    string
		Pieces int
	}
}

var words = map[string]mip.Demand{"open": mip.DemandUnpaid, "paid": mip.DemandShip}

func read(raw string) mip.Facts {
	var o sale
	r := rest.ReadOrder([]byte(raw), &o)
	f := mip.Facts{
		Ref: mip.Ref{Channel: "demo", ID: o.ID}, Demand: r.Demand("status", o.Status, words),
		Total: r.Money("total", o.Total, o.Currency), UpdatedAt: r.Time("updated", time.RFC3339, o.Updated),
	}
	for i, l := range o.Lines {
		r.Check(fmt.Sprintf("lines[%d].pieces", i), l.Pieces > 0)
		f.Lines = append(f.Lines, mip.Line{SKU: l.SKU, Quantity: l.Pieces})
	}
	return r.Facts(f)
}

// An amount cannot be read: the order comes all the same, and says so.
func ExampleReadOrder() {
	f := read(`{"id":"7","status":"paid","currency":"EUR","total":"12.3O","updated":"2026-01-02T03:04:05+02:00"}`)
	fmt.Println(f.Ref, f.Demand, f.UpdatedAt)
	fmt.Println(f.Defects[0].Code, "at", f.Defects[0].Path)
	// Output:
	// demo/7 ship 2026-01-02 01:04:05 +0000 UTC
	// order.unreadable at total
}

func TestReading(t *testing.T) {
	const tail = `,"currency":"EUR","total":"1.50","updated":"2026-01-02T03:04:05Z"`
	for name, c := range map[string]struct {
		raw     string
		defects []string
	}{
		"a good order has no defect":                 {`{"id":"1","status":"open"` + tail + `}`, nil},
		"an unknown word is a defect":                {`{"id":"1","status":"lost"` + tail + `}`, []string{"status"}},
		"an empty amount is a defect":                {`{"id":"1","status":"paid","currency":"EUR","total":"","updated":"2026-01-02T03:04:05Z"}`, []string{"total"}},
		"a missing time is a defect":                 {`{"id":"1","status":"paid","currency":"EUR","total":"1"}`, []string{"updated"}},
		"a fractional quantity is a defect":          {`{"id":"1","lines":[{"sku":"S1","pieces":1.5}],"status":"paid"` + tail + `}`, []string{"lines.pieces", "lines[0].pieces"}},
		"a value of another type hides no other one": {`{"lines":"none","id":"1","status":"paid"` + tail + `}`, []string{"lines"}},
		"an id of another type is a defect":          {`{"id":1,"status":"paid"` + tail + `}`, []string{"id"}},
		"an id with a control character is a defect": {`{"id":"a\u0000","status":"paid"` + tail + `}`, []string{"id"}},
		"no object is one":                           {`null`, []string{"order", "status", "total", "updated", "id"}},
		"a list is one":                              {`[]`, []string{"order", "status", "total", "updated", "id"}},
		"no JSON is one":                             {`<html>`, []string{"order", "status", "total", "updated", "id"}},
		"nothing is one":                             {``, []string{"order", "status", "total", "updated", "id"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := read(c.raw)
			var paths []string
			for _, d := range f.Defects {
				assert.Equal(t, mip.CodeUnreadable, d.Code)
				assert.True(t, d.Blocks())
				paths = append(paths, d.Path)
			}
			assert.Equal(t, c.defects, paths)
			assert.Equal(t, len(c.defects) > 0, len(f.Raw) > 0, "the payload is kept if something is wrong with it")
			require.NoError(t, f.Ref.Valid())
		})
	}
}

func TestReadingKeepsApartWhatHasNoID(t *testing.T) {
	one, other := read(`{"status":"paid"}`), read(`{"status":"open"}`)
	assert.True(t, strings.HasPrefix(one.Ref.ID, "unreadable-"))
	assert.NotEqual(t, one.Ref, other.Ref, "different orders")
	assert.Equal(t, one.Ref, read(`{"status":"paid"}`).Ref, "the same order again")
	assert.Equal(t, mip.DemandUnpaid, read(`{"status":"lost"}`).Demand)
}

func TestReadingKeepsDefectsOfTheCaller(t *testing.T) {
	r := rest.ReadOrder([]byte(`{}`), &sale{})
	f := r.Facts(mip.Facts{Ref: mip.Ref{Channel: "demo", ID: "1"}, Defects: []mip.Finding{{Code: mip.CodeUnreadable, Path: "own"}}})
	assert.Len(t, f.Defects, 1)
	assert.JSONEq(t, `{}`, string(f.Raw))
}

func TestShrink(t *testing.T) {
	const most = 64 << 10
	long := strings.Repeat("ü", most)
	var names strings.Builder
	for i := range 9000 {
		fmt.Fprintf(&names, `"%d":1,`, 1000+i)
	}
	for name, c := range map[string]struct{ raw, begins string }{
		"what fits stays as it is":  {`{"a": 1.10}`, `{"a": 1.10}`},
		"a byte order mark is left": {"\ufeff{}", `{}`},
		"long texts are cut":        {`{"id":12345678901234567890,"note":"` + long + `"}`, `{"id":12345678901234567890,"note":"üüü`},
		"long lists are cut":        {`[` + strings.Repeat(`"`+long[:100]+`",`, 2000) + `1]`, `["üüü`},
		"long names are cut":        {`{"` + long + `":1}`, `{"üüü`},
		"deep lists are cut inside": {strings.Repeat(`[`, 9000) + `"` + long + `"` + strings.Repeat(`]`, 9000), `[[`},
		"too many names":            {`{` + names.String() + `"end":1}`, `"too large"`},
		"no JSON":                   {`{"a":`, `"not JSON"`},
		"two values":                {`1 2`, `"not JSON"`},
	} {
		t.Run(name, func(t *testing.T) {
			got := rest.Shrink([]byte(c.raw))
			assert.True(t, json.Valid(got))
			assert.LessOrEqual(t, len(got), most)
			assert.True(t, strings.HasPrefix(string(got), c.begins), "%.80s", got)
		})
	}
}

func FuzzReadOrder(f *testing.F) {
	f.Add(`{"id":"1","status":"paid","currency":"EUR","total":"1.50","updated":"2026-01-02T03:04:05Z","lines":[{"pieces":2}]}`)
	f.Add(`{"id":{},"total":1e99,"lines":[null,{"pieces":"2"}]}`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, raw string) {
		got := read(raw)
		require.NoError(t, got.Ref.Valid())
		assert.Equal(t, time.UTC, got.UpdatedAt.Location())
		assert.Equal(t, len(got.Defects) > 0, len(got.Raw) > 0)
		assert.True(t, len(got.Raw) == 0 || json.Valid(got.Raw))
		assert.True(t, len(got.Defects) > 0 || got.Total.Currency() != "" && !got.UpdatedAt.IsZero(),
			"without a defect everything was read")
	})
}
