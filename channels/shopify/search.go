package shopify

import "time"

// search is one search by time of change, in pages, the longest unchanged
// first. Shopify gives at most 25,000 things of one search: before that it
// begins anew at the last time it came to.
type search struct {
	from  time.Time
	after any // where the last page ended
	depth int // how much was read since
	deep  int // how much may be
}

// vars are the document's variables. Shopify passes over the time of a day
// that is not in quotation marks.
func (s *search) vars() map[string]any {
	return map[string]any{"q": "updated_at:>='" + s.from.UTC().Format(time.RFC3339) + "'", "after": s.after}
}

// next goes on behind a page of n things that ends there, the last of them
// changed at newest. More than 25,000 of one second are the shop's to refuse.
func (s *search) next(end string, n int, newest time.Time) {
	s.after, s.depth = end, s.depth+n
	if newest = newest.Truncate(time.Second); s.depth >= s.deep && newest.After(s.from) {
		s.from, s.after, s.depth = newest, nil, 0
	}
}
