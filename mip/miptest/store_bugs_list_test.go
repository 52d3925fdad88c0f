package miptest_test

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
)

func listBugs() map[string]func(b *broken) {
	// changed lists what query gives of the good store's orders.
	changed := func(change func(q mip.Query) mip.Query, orders func([]mip.Order) []mip.Order) func(b *broken) {
		return func(b *broken) {
			b.orders = func(ctx context.Context, s *memstore.Store, q mip.Query) iter.Seq2[mip.Order, error] {
				return func(yield func(mip.Order, error) bool) {
					var all []mip.Order
					for o, err := range s.Orders(ctx, change(q)) {
						if err != nil {
							yield(o, err)
							return
						}
						all = append(all, o)
					}
					for _, o := range orders(all) {
						if !yield(o, nil) {
							return
						}
					}
				}
			}
		}
	}
	same := func(o []mip.Order) []mip.Order { return o }
	every := func(q mip.Query) mip.Query { return q }
	return map[string]func(b *broken){
		"the limit is ignored":             changed(func(q mip.Query) mip.Query { q.Limit = 0; return q }, same),
		"the state is ignored":             changed(func(q mip.Query) mip.Query { q.States = nil; return q }, same),
		"only one state is looked at":      changed(func(q mip.Query) mip.Query { q.States = q.States[:min(1, len(q.States))]; return q }, same),
		"the channel is ignored":           changed(func(q mip.Query) mip.Query { q.Channel = ""; return q }, same),
		"the code is ignored":              changed(func(q mip.Query) mip.Query { q.Code = ""; return q }, same),
		"likeness is ignored":              changed(func(q mip.Query) mip.Query { q.Likeness = 0; return q }, same),
		"the reference by hand is ignored": changed(func(q mip.Query) mip.Query { q.ManualRef = ""; return q }, same),
		"a reference that was undone still counts": func(b *broken) {
			b.orders = func(ctx context.Context, s *memstore.Store, q mip.Query) iter.Seq2[mip.Order, error] {
				reference := q.ManualRef
				q.ManualRef = ""
				return func(yield func(mip.Order, error) bool) {
					for o, err := range s.Orders(ctx, q) {
						has := reference == "" || o.ManualRef == reference || slices.Contains(o.EarlierRefs, reference)
						if (err != nil || has) && !yield(o, err) {
							return
						}
					}
				}
			}
		},
		"an ended context ends silently": changed(every, same),
		"only the first page is read":    changed(every, func(o []mip.Order) []mip.Order { return o[:min(len(o), 50)] }),
		"newest orders come first":       changed(every, func(o []mip.Order) []mip.Order { slices.Reverse(o); return o }),
		"orders without a deadline come first": changed(every, func(o []mip.Order) []mip.Order {
			slices.SortStableFunc(o, func(a, b mip.Order) int { return a.ShipBy.Compare(b.ShipBy) })
			return o
		}),
		"age does not count": changed(every, func(o []mip.Order) []mip.Order {
			slices.SortStableFunc(o, func(a, b mip.Order) int { return strings.Compare(a.Ref.ID, b.Ref.ID) })
			return o
		}),
		"pages are counted by offset": func(b *broken) {
			b.orders = func(ctx context.Context, s *memstore.Store, q mip.Query) iter.Seq2[mip.Order, error] {
				return func(yield func(mip.Order, error) bool) {
					for offset := 0; ; offset++ {
						n := 0
						var found *mip.Order
						for o, err := range s.Orders(ctx, q) {
							if err != nil {
								yield(o, err)
								return
							}
							if n == offset {
								found = &o
								break
							}
							n++
						}
						if found == nil || !yield(*found, nil) {
							return
						}
					}
				}
			}
		},
		"a second range goes on where the first ended": func(b *broken) {
			b.orders = func(ctx context.Context, s *memstore.Store, q mip.Query) iter.Seq2[mip.Order, error] {
				next, _ := iter.Pull2(s.Orders(ctx, q))
				return func(yield func(mip.Order, error) bool) {
					for o, err, ok := next(); ok && yield(o, err); o, err, ok = next() {
					}
				}
			}
		},
		"the list is read before the range": func(b *broken) {
			b.orders = func(ctx context.Context, s *memstore.Store, q mip.Query) iter.Seq2[mip.Order, error] {
				var all []mip.Order
				for o := range s.Orders(ctx, q) {
					all = append(all, o)
				}
				return func(yield func(mip.Order, error) bool) {
					for _, o := range all {
						if err := ctx.Err(); !yield(o, err) || err != nil {
							return
						}
					}
				}
			}
		},
		"orders in review are not counted": func(b *broken) {
			b.counts = func(c map[mip.State]int) map[mip.State]int { delete(c, mip.StatePendingReview); return c }
		},
	}
}
