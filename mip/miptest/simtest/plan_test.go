package simtest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
)

// plan is everything that makes a world what it is, drawn from its seed.
type plan struct {
	seed    uint64
	shops   []wootest.Tracking // one shop each, with these tracking features
	engines int                // that share the store
	free    bool               // they run by themselves, at the same time
	paypal  bool               // stands behind the wallet
	waits   bool               // PayPal orders wait for a person to pay

	isDirect           bool // PayPal is paid by us, through Orders v2
	vaulted, authorise bool // without a person; before and after the purchase
	coolOff            time.Duration
	balance            mip.Money
	bank               bigbuytest.Switches
	steady             bool // nobody spends outside and no price changes: sums must match to the cent

	// One in so many calls goes wrong; 0 = none.
	bankFaults, shopFaults, storeFaults, crashes, payFaults int

	actions []action
}

// action is one thing that somebody does. The numbers are taken modulo what
// there is to choose from.
type action struct {
	turn    int // its place in the whole history, see miptest.Chaos
	kind    string
	a, b, c int
	during  []interruption // of what an engine does
}

// interruption is an action in the middle of another: before its at-th call.
type interruption struct {
	at int
	action
}

func (a action) String() string {
	s := fmt.Sprintf("%d %s %d %d %d", a.turn, a.kind, a.a, a.b, a.c)
	for _, d := range a.during {
		s += fmt.Sprintf(" [before call %d: %s]", d.at, d.action)
	}
	return s
}

// work are the actions in which an engine makes calls.
var work = []string{"sync", "sync", "sync", "sync", "work", "work", "hour", "hour", "import"}

// others are what everybody else does.
var others = []string{
	"buy", "buy", "buy", "buy long", "buy postcode", "buy sold out", "buy pending",
	"readdress", "cancel at shop", "refund", "refund piece", "pause at shop", "resume at shop", "trash", "restore",
	"top up", "spend", "empty", "price", "sell out", "restock",
	"fix address", "resend", "resend", "resend all", "override", "cancel", "carrier", "choose payment",
	"place by hand", "mark", "mark and place", "mark other and place", "mark other, place and forget", "mark another's", "mark another's", "undo", "undo",
	"approve", "approve", "approve", "decline", "approve and wait", "return",
	"ship", "ship", "deliver", "supplier cancels", "renumber", "late news", "restart", "kill", "wait",
}

// during are the actions that may happen in the middle of an engine's work.
var during = []string{
	"readdress", "cancel at shop", "refund", "refund piece", "pause at shop", "top up", "spend", "sell out",
	"fix address", "resend", "override", "cancel", "place by hand", "mark", "mark and place", "mark another's", "undo", "late news",
	"approve", "return", "choose payment",
	"other engine", "other engine", "other engine", "lose the lease",
}

// draw makes the plan of a seed.
func draw(seed uint64) plan {
	r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a simulation
	one := func(in int) bool { return r.IntN(in) == 0 }
	features := []wootest.Tracking{0, wootest.Fulfillments, wootest.ShipmentTracking, wootest.AdvancedShipmentTracking}
	p := plan{seed: seed, engines: 1, balance: mip.EUR(int64(20_00 + r.IntN(400_00))), steady: one(2)}
	for range 1 + r.IntN(2) {
		p.shops = append(p.shops, features[r.IntN(len(features))])
	}
	if one(3) {
		p.engines = 2
		p.free = one(5)
	}
	p.paypal = one(3)
	p.waits = p.paypal && one(3)
	p.isDirect = p.paypal && !p.waits && one(2)
	p.vaulted, p.authorise = one(3), one(3)
	if one(4) {
		p.coolOff = 10 * time.Minute
	}
	p.bank = bigbuytest.Switches{
		LookupLag: []time.Duration{0, 0, 20 * time.Second, time.Minute}[r.IntN(4)],
		LateBy:    []time.Duration{0, 30 * time.Second}[r.IntN(2)],
		TypeFlips: one(8), CarriersRequired: one(8), PostcodeInForm: one(4), PlainNotFound: one(8), DumpErrors: one(8),
		FlatDuplicate: one(4), WholeRefusal: one(4), HonourISOCode: one(4), OwnNumberInTracking: one(4),
	}
	if p.waits {
		p.bank.PayPal = bigbuytest.PayPalWaits
	}
	rates := []int{0, 30, 8, 3}
	p.bankFaults, p.shopFaults = rates[r.IntN(4)], rates[r.IntN(4)]
	p.storeFaults = []int{0, 0, 60, 15}[r.IntN(4)]
	if p.payFaults = rates[r.IntN(4)]; p.isDirect {
		p.balance = mip.EUR(int64(r.IntN(60_00)))
	}
	p.crashes = []int{0, 0, 150, 40}[r.IntN(4)]
	p.actions = append(p.actions, drawAction(r, 0, "buy"), drawAction(r, 1, "sync"))
	for i := range 8 + r.IntN(16) {
		kind := work[r.IntN(len(work))]
		if one(2) {
			kind = others[r.IntN(len(others))]
		}
		p.actions = append(p.actions, drawAction(r, 2+i, kind))
	}
	return p
}

func drawAction(r *rand.Rand, turn int, kind string) action {
	a := action{turn: turn, kind: kind, a: r.IntN(1 << 20), b: r.IntN(1 << 20), c: r.IntN(1 << 20)}
	for range max(0, r.IntN(4)-1) {
		a.during = append(a.during, interruption{1 + r.IntN(40),
			action{turn: turn, kind: during[r.IntN(len(during))], a: r.IntN(1 << 20), b: r.IntN(1 << 20), c: r.IntN(1 << 20)}})
	}
	return a
}
