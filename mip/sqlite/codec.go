package sqlite

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

// row is an order as the table keeps it. Raw is beside the body, because it
// may be anything, also not JSON at all.
type row struct {
	version            int
	state              string
	shipBy, receivedAt int64
	codes, manualRef   string
	likeness           int64
	body, raw          []byte
}

func encode(o mip.Order) (row, error) {
	r := row{
		version: o.Version, state: string(o.State), shipBy: math.MaxInt64, receivedAt: nanos(o.ReceivedAt),
		codes: codeList(mip.Codes(o.Findings)...), manualRef: o.ManualRef, likeness: int64(o.Likeness()), raw: o.Raw, //nolint:gosec // all 64 bits
	}
	if !o.ShipBy.IsZero() {
		r.shipBy = nanos(o.ShipBy)
	}
	o.Raw = nil
	var err error
	if r.body, err = json.Marshal(o); err != nil {
		return row{}, errors.New("the order cannot be written as JSON") // the cause may quote personal data
	}
	return r, nil
}

func decode(ref mip.Ref, version int, body, raw []byte) (mip.Order, error) {
	var o mip.Order
	if err := json.Unmarshal(body, &o); err != nil {
		return mip.Order{}, &mip.Error{Op: "sqlite: read order", Ref: ref, Kind: mip.ErrContract,
			Err: errors.New("the stored order does not decode")}
	}
	o.Ref, o.Version, o.Raw = ref, version, raw
	return o, nil
}

// codeList writes codes so that one can be searched for: each between line
// feeds.
func codeList(codes ...string) string {
	if len(codes) == 0 {
		return ""
	}
	return "\n" + strings.Join(codes, "\n") + "\n"
}

// The instants that fit into 64 bits of nanoseconds. Earlier ones, the zero
// time among them, become the smallest, later ones all but the largest.
var (
	earliest = time.Unix(0, math.MinInt64+1)
	latest   = time.Unix(0, math.MaxInt64-1)
)

func nanos(t time.Time) int64 {
	switch {
	case t.Before(earliest):
		return math.MinInt64
	case t.After(latest):
		return math.MaxInt64 - 1
	}
	return t.UnixNano()
}

func instant(n int64) time.Time {
	if n == math.MinInt64 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}
