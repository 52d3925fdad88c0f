package magento

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// do makes one call. Writes may be repeated after proof that they were not
// executed, and need an Out: what the shop answers is the proof that they were.
func (s *Shop) do(ctx context.Context, c rest.Call) (rest.Response, error) {
	release, err := s.slots.Take(ctx)
	if err != nil {
		return rest.Response{}, err
	}
	defer release()
	var answer rest.Response
	c.Reply, c.Repeat, c.Budget = &answer, true, "shop"
	err = s.api.Do(ctx, c)
	return answer, err
}

// classify tells Magento's refusals from what caches, firewalls and crashed
// modules answer in its place. A 404 alone never is [mip.ErrNotFound].
func (s *Shop) classify(call rest.Call, r rest.Response) error {
	s.clock.Read(r.Header)
	if r.Status >= 200 && r.Status < 300 {
		return nil // decode judges it
	}
	var e struct{ Message string }
	_ = rest.Decode(r.Body, &e)
	switch {
	case r.Status == http.StatusUnauthorized || r.Status == http.StatusTooManyRequests || r.Status == http.StatusRequestTimeout || r.Status >= 500:
		return nil // as the status says
	case e.Message == "":
		return inDoubt(call, r)
	case r.Status == http.StatusNotFound && call.Writes():
		return because(mip.ErrUnknown, r) // e-mails and modules miss things too, after the work
	case r.Status == http.StatusNotFound:
		return because(mip.ErrContract, r)
	case call.Path == shipPath && r.Status == http.StatusBadRequest && !strings.Contains(e.Message, "Document Validation Error"):
		return because(mip.ErrUnknown, r) // it broke in the middle of saving, says Magento in the shop's language
	}
	return nil
}

// decode reads a success. What is no JSON is somebody else's.
func (s *Shop) decode(call rest.Call, r rest.Response) error {
	err := r.Decode(call.Out)
	if errors.Is(err, rest.ErrNotJSON) {
		return inDoubt(call, r)
	}
	return err
}

// inDoubt: not the shop's own words. A read may be repeated; a write may have
// been executed.
func inDoubt(call rest.Call, r rest.Response) error {
	if call.Writes() {
		return because(mip.ErrUnknown, r)
	}
	return because(mip.ErrUnavailable, r)
}

func because(kind error, r rest.Response) error {
	return &mip.Error{Kind: kind, Err: fmt.Errorf("status %d", r.Status)}
}

// search is a question to a list. Filters of one group are alternatives, and
// all groups must hold.
type search struct {
	all  []oneOf
	sort []string
	size int
}

// oneOf is a group of filters of which one must hold.
type oneOf []filter

type filter struct{ field, condition, value string }

// query writes the question as Magento reads it. Indexes stay below ten: above,
// Magento signs them in another order than RFC 5849.
func (q search) query() map[string][]string {
	out := map[string][]string{"searchCriteria[pageSize]": {fmt.Sprint(q.size)}, "searchCriteria[currentPage]": {"1"}}
	for g, group := range q.all {
		for i, f := range group {
			at := fmt.Sprintf("searchCriteria[filter_groups][%d][filters][%d]", g, i)
			out[at+"[field]"], out[at+"[value]"], out[at+"[condition_type]"] = []string{f.field}, []string{f.value}, []string{f.condition}
		}
	}
	for i, field := range q.sort {
		at := fmt.Sprintf("searchCriteria[sortOrders][%d]", i)
		out[at+"[field]"], out[at+"[direction]"] = []string{field}, []string{"ASC"}
	}
	return out
}

// list returns the first page of a list and how many entries there are in all.
// Later pages are never asked for, since Magento repeats the last one for
// ever: who wants more asks for what comes behind the last entry.
func list[T any](ctx context.Context, s *Shop, path string, q search) (rows rest.Rows[T], total int, err error) {
	var count text
	answer := rest.Members{"items": &rows, "total_count": &count}
	if _, err := s.do(ctx, rest.Call{Path: path, Query: q.query(), Out: answer}); err != nil {
		return nil, 0, err
	}
	total, whole := pieces(count)
	if rows == nil || count == "" || !whole || total < len(rows) || total > 0 && len(rows) == 0 {
		return nil, 0, &mip.Error{Op: "magento: GET " + path, Kind: mip.ErrContract, Err: errors.New("not a list")}
	}
	return rows, total, nil
}
