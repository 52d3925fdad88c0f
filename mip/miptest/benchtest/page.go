package benchtest

import (
	"bytes"
	"encoding/json"
	"testing"
)

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
