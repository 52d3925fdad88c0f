package rest

import (
	"context"
	"errors"
	"iter"

	"github.com/openmip/openmip/mip"
)

// Pages turns a page fetcher into a sequence. fetch gets a page's mark (a
// number, a cursor, a URL), beginning with first, and returns the page's
// items, the mark of the next page and whether there is one.
//
// The sequence is lazy (nothing is fetched before the loop), restartable (a
// second range starts at first again), gives an error last (with the zero T;
// nothing follows), and fetches nothing after break. A mark that leads to
// itself is [mip.ErrContract] rather than a loop without end.
func Pages[T any, M comparable](ctx context.Context, first M,
	fetch func(ctx context.Context, mark M) (items []T, next M, more bool, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for mark := first; ; {
			items, next, more, err := fetch(ctx, mark)
			if err != nil {
				yield(none, err)
				return
			}
			for _, it := range items {
				if !yield(it, nil) {
					return
				}
			}
			if !more {
				return
			}
			if next == mark {
				yield(none, &mip.Error{Op: "pages", Kind: mip.ErrContract, Err: errors.New("the next page is the same page")})
				return
			}
			mark = next
		}
	}
}
