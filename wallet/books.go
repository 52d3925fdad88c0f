package wallet

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// reading is the last balance that was reconciled, as it is kept in the
// cursor.
type reading struct {
	Balance mip.Money `json:"balance"`
	At      time.Time `json:"at"`
	// Expected is what there would be with everything reported so far, and
	// nothing of Open debited.
	Expected mip.Money `json:"expected"`
	// Blur is how much more than Expected that may be: what was open at the
	// very first reading, of which nobody knows whether it was debited before.
	Blur mip.Money `json:"blur"`
	Open []string  `json:"open,omitempty"` // keys of reservations open then
}

func (r reading) balance() mip.Balance { return mip.Balance{Amount: r.Balance, ReadAt: r.At} }

// certain is the time before which a purchase must have settled to be in the
// reading.
func (r reading) certain() time.Time { return r.At.Add(-lag) }

func readingOf(c mip.Cursor) (reading, error) {
	var r reading
	if c == "" {
		return r, nil
	}
	if err := json.Unmarshal([]byte(c), &r); err != nil {
		return r, errors.New("the last reading of the balance is stored in another form")
	}
	return r, nil
}

func (r reading) cursor() (mip.Cursor, error) {
	b, err := json.Marshal(r)
	return mip.Cursor(b), err
}

// notebook keeps readings in memory, for a ledger that keeps no cursors.
type notebook struct {
	mu   sync.Mutex
	last mip.Cursor
}

// Cursor implements [mip.Cursors].
func (n *notebook) Cursor(context.Context, string) (mip.Cursor, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.last, nil
}

// SaveCursor implements [mip.Cursors].
func (n *notebook) SaveCursor(_ context.Context, _ string, old, next mip.Cursor) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.last != old {
		return &mip.Error{Op: "wallet: save reading", Kind: mip.ErrConflict}
	}
	n.last = next
	return nil
}
