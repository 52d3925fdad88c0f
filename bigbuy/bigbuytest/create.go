package bigbuytest

import (
	"cmp"
	"net/http"
	"strconv"
)

type checkBody struct {
	Goods any `json:"totalWithoutTaxesAndWithoutShippingCost"`
	Net   any `json:"totalWithoutTaxes"`
	Total any `json:"total"`
}

// check is POST order/check.
func (s *Server) check(q *request) reply {
	r, bad := s.readOrder(q.body, false)
	if bad != nil {
		return *bad
	}
	p, bad := s.one(r, false)
	if bad != nil {
		return *bad
	}
	return ok(checkBody{number(p.goods), number(p.net), noisy(p.total)})
}

// create is POST order/create.
func (s *Server) create(q *request) reply {
	r, bad := s.readOrder(q.body, true)
	if bad != nil {
		return *bad
	}
	p, bad := s.one(r, true)
	if bad != nil {
		return *bad
	}
	o := s.place(r, p, q.now)
	answer := jsonReply(http.StatusCreated, struct {
		ID int `json:"order_id"`
	}{o.id})
	answer.header.Set("Location", "/rest/order/"+o.number())
	return answer
}

// one judges an order that must come from one warehouse.
func (s *Server) one(r orderRequest, creating bool) (*part, *reply) {
	b := s.basket(r.wants)
	refuse := func(why *refusal) (*part, *reply) {
		answer := why.reply(s.sw)
		return nil, &answer
	}
	if wrong := b.refusals(); len(wrong) > 0 {
		return refuse(wrong[0])
	}
	if len(b.parts) > 1 {
		answer := b.mixed()
		return nil, &answer
	}
	p := b.parts[0]
	if why := s.judge(p, r); why != nil {
		return refuse(why)
	}
	if why := s.judgeReference(r.reference); creating && why != nil {
		return refuse(why)
	}
	if why := judgeFunds(s.balance, p.total, r.payment); why != nil {
		return refuse(why)
	}
	return p, nil
}

// mixed is the answer to a basket of several warehouses.
func (b basket) mixed() reply {
	type warehouse struct {
		ID         int      `json:"id"`
		References []string `json:"references"`
	}
	var list []warehouse
	for _, p := range b.parts {
		list = append(list, warehouse{p.warehouse, p.skus()})
	}
	return jsonReply(http.StatusConflict, codeBody{
		Code:    http.StatusConflict,
		Message: "This cart contains products from different warehouses. Use the multishipping method.",
		ErrorDetail: struct {
			Warehouses []warehouse `json:"warehouses"`
		}{list},
	})
}

// multiBody is the answer of both multishipping calls.
type multiBody struct {
	Orders []any       `json:"orders"`
	Errors []flatError `json:"errors"`
}

// checkMulti is POST order/check/multishipping.
func (s *Server) checkMulti(q *request) reply {
	r, bad := s.readOrder(q.body, false)
	if bad != nil {
		return *bad
	}
	v := s.several(r, q.fault)
	if whole := v.whole(s.sw); whole != nil {
		return *whole
	}
	body := multiBody{[]any{}, v.failed}
	for _, p := range v.good {
		body.Orders = append(body.Orders, struct {
			SKUs []string `json:"productReferences"`
			checkBody
			Warehouse int `json:"warehouse"`
		}{p.skus(), checkBody{number(p.goods), number(p.net), noisy(p.total)}, p.warehouse})
	}
	return ok(body)
}

// createMulti is POST order/create/multishipping. It makes one order per
// warehouse, and keeps what it made when another warehouse's part fails.
func (s *Server) createMulti(q *request) reply {
	r, bad := s.readOrder(q.body, true)
	if bad != nil {
		return *bad
	}
	v := s.several(r, q.fault)
	if v.used != nil && !s.sw.FlatDuplicate {
		return v.used.reply(s.sw)
	}
	if v.used != nil {
		v.good, v.hidden, v.failed = nil, nil, append(v.failed, v.used.flat(0, nil))
	}
	body := multiBody{[]any{}, v.failed}
	for _, p := range v.good {
		id := s.place(r, p, q.now).number()
		body.Orders = append(body.Orders, struct {
			SKUs      []string `json:"productReferences"`
			ID        string   `json:"id"`
			Warehouse int      `json:"warehouse"`
			URL       string   `json:"url"`
		}{p.skus(), id, p.warehouse, "/rest/order/" + id})
	}
	if v.hidden != nil {
		s.place(r, v.hidden, q.now)
	}
	if whole := v.whole(s.sw); whole != nil {
		return *whole
	}
	status := cmp.Or(s.sw.MultiStatus, http.StatusOK)
	if len(v.good) == 0 {
		status = cmp.Or(s.sw.MultiRefusedStatus, status)
	}
	return jsonReply(status, body)
}

// verdict is what a multishipping call may do.
type verdict struct {
	good   []*part
	failed []flatError // never nil
	first  *refusal    // of the failed ones
	used   *refusal    // there is something to make, but the reference was used
	hidden *part       // to be made, although it is among the failed ones
}

// partial is what a fault does to the last part.
func (v *verdict) partial(fault Fault, p *part) *refusal {
	switch fault.Kind() {
	case Partial:
		return &refusal{code: ER003, skus: p.skus()}
	case PartialLater:
		if fault&AfterCommit != 0 {
			v.hidden = p
		}
		return &refusal{code: ER009}
	}
	return nil
}

// whole is the answer to a call of which nothing is possible, by switch.
func (v verdict) whole(sw Switches) *reply {
	if !sw.WholeRefusal || len(v.good) > 0 || v.first == nil {
		return nil
	}
	answer := v.first.reply(sw)
	return &answer
}

// several judges each warehouse's part on its own.
func (s *Server) several(r orderRequest, fault Fault) verdict {
	b := s.basket(r.wants)
	v := verdict{failed: []flatError{}}
	fail := func(why *refusal, warehouse int, skus []string) {
		v.first = cmp.Or(v.first, why)
		v.failed = append(v.failed, why.flat(warehouse, skus))
	}
	for _, why := range b.refusals() {
		fail(why, 0, why.skus)
	}
	purse := s.balance
	for i, p := range b.parts {
		why := s.judge(p, r)
		if why == nil {
			v.used = cmp.Or(v.used, s.judgeReference(r.reference))
			why = judgeFunds(purse, p.total, r.payment)
		}
		if why == nil && i == len(b.parts)-1 {
			why = v.partial(fault, p)
		}
		if why != nil {
			fail(why, p.warehouse, p.skus())
			continue
		}
		if r.payment == "moneybox" {
			purse = purse.Sub(p.total)
		}
		v.good = append(v.good, p)
	}
	return v
}

func (o *order) number() string { return strconv.Itoa(o.id) }
