package postgres

import (
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// recent keeps the rows of orders that this process has just read or written,
// since whoever reads an order mostly changes it next. An Apply that begins
// with one saves reading it again. Nothing is believed of it but what the
// database confirms: the write that follows counts only if the version is
// still the same, and a step that refuses is made again on a fresh row.
//
// Rows are kept as they are stored, so that nobody shares memory with a
// caller. They are used for a few seconds and leave memory as others come.
type recent struct {
	mu   sync.Mutex
	rows map[mip.Ref]kept
	ring [recentRows]mip.Ref
	next int
}

type kept struct {
	key       int64
	version   int
	body, raw []byte
	at        time.Time
}

const (
	recentRows = 256
	recentSize = 32 << 10 // bytes; larger rows are not kept
	recentFor  = 5 * time.Second
)

// get returns a row that was kept a moment ago.
func (r *recent) get(ref mip.Ref) (kept, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k, ok := r.rows[ref]
	if ok && time.Since(k.at) > recentFor {
		delete(r.rows, ref)
		return kept{}, false
	}
	return k, ok
}

// put keeps a row instead of the oldest one. An older version never replaces
// a newer one.
func (r *recent) put(ref mip.Ref, k kept) {
	if len(k.body)+len(k.raw) > recentSize {
		r.drop(ref)
		return
	}
	k.at = time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	old, there := r.rows[ref]
	if there && old.version > k.version {
		return
	}
	if r.rows == nil {
		r.rows = make(map[mip.Ref]kept, recentRows)
	}
	if !there {
		delete(r.rows, r.ring[r.next])
		r.ring[r.next] = ref
		r.next = (r.next + 1) % recentRows
	}
	r.rows[ref] = k
}

// drop forgets a row.
func (r *recent) drop(ref mip.Ref) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.rows, ref)
}
