package sqlite

import (
	"sync"

	"github.com/openmip/openmip/mip"
)

// recent keeps the orders written last, as the transaction under way has
// them, so that the next event of one needs not read and decode it. Nobody
// else writes to the file, and an update names the version that it replaces.
// At most 2 × generation orders are kept. It is safe for concurrent use.
type recent struct {
	mu         sync.Mutex
	young, old map[mip.Ref]*kept
}

const generation = 64

// kept is an order as the file has it. It is never changed, and shares nothing
// with what callers have: another order, or another state of it, is another
// kept.
type kept struct {
	key   int64 // of its row, 0 = it has none yet
	last  int64 // entry of its history, 0 = it has none
	order mip.Order
}

// get returns an order, nil if it is not kept.
func (r *recent) get(ref mip.Ref) *kept {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.find(ref)
}

// take removes an order and returns it, nil if it is not kept: whoever changes
// it puts it back once it is written.
func (r *recent) take(ref mip.Ref) *kept {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := r.find(ref)
	if k != nil {
		delete(r.young, ref)
		delete(r.old, ref)
	}
	return k
}

func (r *recent) find(ref mip.Ref) *kept {
	if k := r.young[ref]; k != nil {
		return k
	}
	return r.old[ref]
}

// put keeps an order that was taken or is not kept.
func (r *recent) put(k *kept) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.young == nil || len(r.young) >= generation {
		r.young, r.old = make(map[mip.Ref]*kept, generation), r.young
	}
	r.young[k.order.Ref] = k
}
