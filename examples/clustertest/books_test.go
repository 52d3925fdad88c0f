package clustertest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
)

// sale is one order that a customer made.
type sale struct {
	id     int64
	held   bool // for a person: the product is not sold any more
	pieces map[string]int
}

func (s sale) ref() mip.Ref { return mip.Ref{Channel: "shop", ID: strconv.FormatInt(s.id, 10)} }

// books is what everybody wrote down.
type books struct {
	sales    []sale
	orders   []mip.Order       // the database's
	reserved []mip.Reservation // the database's
	purse    mip.Money         // what BigBuy's purse held at first
	bought   []bigbuytest.Order
	calls    []bigbuytest.Call // all that BigBuy ever got
	shown    []wootest.Order
	writes   []wootest.Call // all that the shop did
	apart    time.Duration  // between two calls of one route, as the limiter grants them
}

// wrong returns what must not be at any time: bought twice, asked for twice,
// told twice, too much money, calls too many. The orders are not looked at.
func (b books) wrong() []string {
	return slices.Concat(b.boughtTooMuch(), b.askedAgain(), b.toldAgain(), b.overspent(), b.tooMany())
}

// missing returns what must not be any more once everything is at rest: lost
// orders, purchases, numbers and messages, and money in the air.
func (b books) missing() []string {
	out := b.loose()
	bought, known := b.pieces(), map[string]mip.Order{}
	for _, o := range b.orders {
		known[o.Ref.ID] = o
	}
	for _, s := range b.sales {
		o, ok := known[s.ref().ID]
		switch {
		case !ok:
			out = append(out, fmt.Sprintf("order %s was lost", s.ref().ID))
		case s.held:
			if codes := mip.Codes(o.Holding()); o.State != mip.StatePendingReview || !slices.Equal(codes, []string{"product.inactive"}) {
				out = append(out, fmt.Sprintf("order %s is %s for %v", o.Ref.ID, o.State, codes))
			}
		default:
			out = append(out, b.unfinished(s, o, bought[o.Ref.ID])...)
		}
	}
	return out
}

// unfinished returns what an order still lacks.
func (b books) unfinished(s sale, o mip.Order, bought map[string]int) []string {
	var out []string
	add := func(format string, args ...any) {
		out = append(out, fmt.Sprintf("order %s ", o.Ref.ID)+fmt.Sprintf(format, args...))
	}
	if o.State != mip.StateDelivered {
		add("is %s for %v", o.State, mip.Codes(o.Holding()))
	}
	for sku, n := range s.pieces {
		if got := bought[sku]; got < n {
			add("lacks %d of %s", n-got, sku)
		}
	}
	var numbers []string
	for _, p := range o.Placements {
		for _, parcel := range p.Parcels {
			numbers = append(numbers, parcel.Number)
		}
	}
	if len(numbers) == 0 {
		add("has no tracking number")
	}
	i := slices.IndexFunc(b.shown, func(w wootest.Order) bool { return w.ID == s.id })
	if i < 0 {
		add("is not in the shop")
		return out
	}
	if b.shown[i].Status != "completed" {
		add("is %s in the shop", b.shown[i].Status)
	}
	for _, n := range numbers {
		if !slices.ContainsFunc(b.shown[i].Trackings, func(t wootest.TrackingItem) bool { return t.Number == n }) {
			add("does not show the number %s", n)
		}
	}
	return out
}

// loose returns purchases that no order follows, and money that is neither
// spent nor given back.
func (b books) loose() []string {
	var out []string
	followed := map[string]bool{}
	for _, o := range b.orders {
		for _, p := range o.Placements {
			followed[p.ID] = true
		}
	}
	for _, o := range b.bought {
		if !followed[o.ID] {
			out = append(out, fmt.Sprintf("BigBuy's order %s is followed by nobody", o.ID))
		}
	}
	for _, r := range b.reserved {
		if r.State == mip.ReservationOpen {
			out = append(out, fmt.Sprintf("%s are still set aside for %s", r.Amount, r.Key))
		}
	}
	if paid, settled := b.paid(), b.settled(); !settled.Equal(paid) {
		out = append(out, fmt.Sprintf("settled were %s, BigBuy took %s", settled, paid))
	}
	return out
}

// pieces returns what was bought, by order and SKU.
func (b books) pieces() map[string]map[string]int {
	refs := map[string]string{}
	for _, s := range b.sales {
		refs[mip.Reference(s.ref(), 1)] = s.ref().ID
	}
	out := map[string]map[string]int{}
	for _, o := range b.bought {
		first, _, _ := strings.Cut(o.Reference, "--")
		id := refs[first] // empty: nobody's
		if out[id] == nil {
			out[id] = map[string]int{}
		}
		for _, it := range o.Items {
			out[id][it.SKU] += it.Quantity
		}
	}
	return out
}

func (b books) boughtTooMuch() []string {
	var out []string
	bought := b.pieces()
	if len(bought[""]) > 0 {
		out = append(out, fmt.Sprintf("bought for nobody: %v", bought[""]))
	}
	for _, s := range b.sales {
		for sku, n := range bought[s.ref().ID] {
			if wanted := s.pieces[sku]; s.held || n > wanted {
				out = append(out, fmt.Sprintf("order %s wanted %d of %s, bought were %d", s.ref().ID, wanted, sku, n))
			}
		}
	}
	return out
}

// askedAgain: nobody asks to buy what was bought already. BigBuy would refuse
// it while it knows the reference, which is a net and no excuse.
func (b books) askedAgain() []string {
	made := map[string]time.Time{}
	for _, o := range b.bought {
		if at, ok := made[o.Reference]; !ok || o.CreatedAt.Before(at) {
			made[o.Reference] = o.CreatedAt
		}
	}
	var out []string
	for _, c := range b.calls {
		if c.Route != bigbuytest.RouteCreateMulti || c.Status == http.StatusTooManyRequests {
			continue
		}
		r := reference(c.Body)
		if at, ok := made[r]; ok && c.At.After(at) {
			out = append(out, fmt.Sprintf("%s was to be bought again, %s after it was", r, c.At.Sub(at)))
		}
	}
	return out
}

// reference reads the reference of a purchase; empty if there is none.
func reference(body []byte) string {
	var q struct {
		Order struct {
			InternalReference string `json:"internalReference"`
		} `json:"order"`
	}
	_ = json.Unmarshal(body, &q) // not a purchase
	return q.Order.InternalReference
}

func (b books) toldAgain() []string {
	var out []string
	completed := map[string]int{}
	for _, w := range b.writes {
		if w.Method == http.MethodPut && strings.Contains(w.Body, "completed") {
			if completed[w.Route]++; completed[w.Route] == 2 {
				out = append(out, "completed twice: "+w.Route)
			}
		}
	}
	for _, o := range b.shown {
		seen := map[string]bool{}
		for _, t := range o.Trackings {
			if seen[t.Number] {
				out = append(out, fmt.Sprintf("order %d shows the number %s twice", o.ID, t.Number))
			}
			seen[t.Number] = true
		}
	}
	return out
}

// overspent: no more is spent and set aside than there was, and no more
// settled than BigBuy took.
func (b books) overspent() []string {
	var out []string
	total := b.settled()
	if c, err := total.Cmp(b.paid()); err != nil || c > 0 {
		out = append(out, fmt.Sprintf("settled were %s, BigBuy took only %s", total, b.paid()))
	}
	for _, r := range b.reserved {
		if r.State == mip.ReservationOpen {
			total = sum(total, r.Amount)
		}
	}
	if c, err := total.Cmp(b.purse); err != nil || c > 0 {
		out = append(out, fmt.Sprintf("%s are spent or set aside, the purse held %s", total, b.purse))
	}
	return out
}

// travel is by how much longer one call may take to arrive than another, on a
// machine that is busy with other things. BigBuy's windows are by far shorter.
const travel = 2 * time.Second

// tooMany: in any span of time BigBuy gets no more calls of a route than one
// limiter grants, give or take their travels. It refuses few: of two that
// took their turns and arrived too close to each other, which a busy machine
// makes happen now and then.
func (b books) tooMany() []string {
	var out []string
	refused, lead := 0, map[bigbuytest.Route]time.Duration{}
	last := map[bigbuytest.Route]time.Time{}
	for _, c := range b.calls {
		if c.Status == http.StatusTooManyRequests {
			refused++
		}
		if at, ok := last[c.Route]; ok {
			lead[c.Route] = max(0, lead[c.Route]+b.apart-c.At.Sub(at))
		}
		if last[c.Route] = c.At; lead[c.Route] > travel {
			out = append(out, fmt.Sprintf("calls too many: %s at %s", c.Route, c.At.Format(time.StampMilli)))
		}
	}
	if refused > 3+len(b.calls)/10 {
		out = append(out, fmt.Sprintf("%d of %d calls were refused", refused, len(b.calls)))
	}
	return out
}

// paid is what BigBuy took.
func (b books) paid() mip.Money {
	total := mip.EUR(0)
	for _, o := range b.bought {
		total = sum(total, o.Total)
	}
	return total
}

func (b books) settled() mip.Money {
	total := mip.EUR(0)
	for _, r := range b.reserved {
		if r.State == mip.ReservationSettled {
			total = sum(total, r.Actual)
		}
	}
	return total
}

// sum of amounts in euros.
func sum(a, b mip.Money) mip.Money {
	total, err := a.Add(b)
	if err != nil {
		panic(err)
	}
	return total
}
