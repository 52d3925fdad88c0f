package sqlite

import "github.com/openmip/openmip/mip"

// recent keeps the orders written last, as the transaction under way has
// them, so that the next event of one needs not read and decode it. Nobody
// else writes to the file, and an update names the version that it replaces.
// At most 2 × generation orders are kept.
type recent struct{ young, old map[mip.Ref]kept }

const generation = 64

// kept is an order and the key of its row.
type kept struct {
	key   int64
	order mip.Order
}

// take removes an order: whoever changes it puts it back once it is written.
func (r *recent) take(ref mip.Ref) (kept, bool) {
	k, ok := r.young[ref]
	if !ok {
		k, ok = r.old[ref]
	}
	delete(r.young, ref)
	delete(r.old, ref)
	return k, ok
}

// put keeps a copy of an order that was taken or is not kept.
func (r *recent) put(key int64, o mip.Order) {
	if r.young == nil || len(r.young) >= generation {
		r.young, r.old = make(map[mip.Ref]kept, generation), r.young
	}
	r.young[o.Ref] = kept{key, o.Clone()}
}
