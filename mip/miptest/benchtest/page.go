package benchtest

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/openmip/openmip/mip"
)

// Orders compares a channel's reading of n good orders since a cursor, from the
// bytes to the facts, with bare: encoding/json alone, which decodes the same
// answers into the same structs. The peer's name is "json".
func Orders(b *testing.B, c mip.Channel, since mip.Cursor, n int, bare func()) {
	b.Helper()
	ours := func() {
		good := 0 // what is counted is used
		for page, err := range c.Orders(b.Context(), since) {
			if err != nil {
				b.Fatal(err)
			}
			for _, o := range page.Orders {
				good += 1 - len(o.Defects)
			}
		}
		if good != n {
			b.Fatal(good, "good orders of", n)
		}
	}
	Compare(b, ours, Peer{Name: "json", Do: bare})
}

// Page returns n copies of a JSON object as one list without white space, each
// made different by change.
func Page(tb testing.TB, object []byte, n int, change func(i int, o map[string]json.RawMessage)) []byte {
	tb.Helper()
	var rows []json.RawMessage
	for i := range n {
		var o map[string]json.RawMessage
		if err := json.Unmarshal(object, &o); err != nil {
			tb.Fatal(err)
		}
		change(i, o)
		row, err := json.Marshal(o)
		if err != nil {
			tb.Fatal(err)
		}
		rows = append(rows, row)
	}
	page, err := json.Marshal(rows)
	if err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	if err := json.Compact(&out, page); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}
