package simtest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/miptest"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/paypal"
	"github.com/openmip/openmip/paypal/paypaltest"
	"github.com/openmip/openmip/wallet"
)

// canary stands in every piece of personal data; it must never be seen in a
// log, an error, a history or a hook.
const canary = "Zwitscher"

// world is one run of a plan.
type world struct {
	plan
	ctx      context.Context
	chaos    *miptest.Chaos
	bank     *bigbuytest.Server
	shops    []*shop
	witness  *miptest.Witness
	lines    lines // nil: nothing stands between the programs and their store
	programs []*program
	budgets  rest.Limiter                       // as if the programs shared one
	fate     func(miptest.Point) miptest.Mishap // decides instead of chance; nil = chance does
	restarts int
	dead     []*miptest.Process

	mu       sync.Mutex
	sales    []*sale
	looked   map[string]int     // look-ups of a reference
	spoilt   map[string]bool    // references whose making met a fault
	late     bool               // a worker lost its lease
	ended    map[string]int     // of them, before an attempt ended, by its key
	byHand   map[string]mip.Ref // references of their own that people ordered under
	stale    []mip.Facts        // what the channel said once, to come late
	pay      *paypaltest.Server // nil: BigBuy charges PayPal, or nobody does
	vault    string
	spoken   bytes.Buffer // all that was logged, told to hooks, or returned as an error
	broken   []error
	injected int  // answers 429 that were made up
	loose    bool // calls came twice or late: they may hit the rate limit
	doubled  bool // calls at BigBuy came twice or late
	spent    bool // money was spent outside, or prices changed
	tell     func(format string, args ...any)
}

// shop is one WooCommerce shop.
type shop struct {
	name string
	srv  *wootest.Server
}

// sale is one order of a customer.
type sale struct {
	shop    *shop
	id      int64
	ref     mip.Ref
	wanted  map[string]int // most pieces ever wanted, by SKU
	touched time.Time      // when the shopkeeper last changed its status
	helped  int            // how often people looked after it
	doubt   string         // why it may end otherwise than delivered
}

// program is one running engine with everything of its own.
type program struct {
	*miptest.Process
	name string
	eng  *engine.Engine

	mu     sync.Mutex // its calls may come from several goroutines
	during []interruption
	calls  int
	busy   bool
}

// plan says who acts before which of its next calls.
func (p *program) plan(during []interruption) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.during, p.calls = during, 0
}

// due counts a call and returns who acts before it; the program is busy then
// until it rests.
func (p *program) due() (out []interruption) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.busy {
		return nil
	}
	p.calls++
	for _, d := range p.during {
		if d.at == p.calls {
			out = append(out, d)
		}
	}
	p.busy = len(out) > 0
	return out
}

// occupy makes a program busy, if it is not already.
func (p *program) occupy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	was := p.busy
	p.busy = true
	return !was
}

func (p *program) rest() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy = false
}

// lines are the connections over which programs reach a store, where that is a
// server.
type lines interface {
	// Break lets a connection break in the middle of the next call. Which of
	// its messages is lost, and whether on the way or with its answer, follows
	// from n.
	Break(n int)
	// Renew drops all connections, as a program does that ends.
	Renew()
	Close()
}

func newWorld(ctx context.Context, s miptest.QueuedStore, p plan) *world {
	w := &world{plan: p, ctx: ctx, chaos: miptest.NewChaos(p.seed), budgets: rest.NewBudgets(bigbuy.Limits()), byHand: map[string]mip.Ref{}, looked: map[string]int{}, ended: map[string]int{}, spoilt: map[string]bool{},
		tell: func(string, ...any) {}}
	w.bank = bigbuytest.New(bigbuytest.Config{Balance: p.balance, Switches: p.bank})
	w.bank.OnCall(w.bankFault)
	if p.isDirect {
		w.openPayPal()
	}
	for i, features := range p.shops {
		s := &shop{name: string(rune('a'+i)) + "shop", srv: wootest.New(wootest.Config{Seed: p.seed, Tracking: features})}
		s.srv.SetFault(w.shopFault)
		w.shops = append(w.shops, s)
	}
	w.witness = miptest.NewWitness(s, w.saw)
	w.lines, _ = s.(lines)
	for i := range p.engines {
		w.programs = append(w.programs, w.start(string(rune('A'+i))))
	}
	return w
}

// start builds a program anew, as after a restart.
func (w *world) start(name string) *program {
	p := &program{name: name}
	p.Process = miptest.NewProcess(w.ctx, func(at miptest.Point) miptest.Mishap { return w.mishap(p, at) })
	store := p.Store(w.witness)
	supplier := w.bank.Supplier(bigbuy.Config{Limiter: w.budgets, Transport: p.Transport("bigbuy", w.bank.Transport()), Logger: w.logger()})
	var channels []mip.Channel
	for _, s := range w.shops {
		c, err := woocommerce.New(woocommerce.Config{Name: s.name, URL: wootest.DefaultURL,
			Key: rest.NewSecret(wootest.DefaultKey), Secret: rest.NewSecret(wootest.DefaultSecret),
			Transport: p.Transport(s.name, s.srv.Transport()), Logger: w.logger()})
		w.must(err)
		channels = append(channels, c)
	}
	purse, err := wallet.New(wallet.Config{Balance: supplier, Ledger: store})
	w.must(err)
	payments := []mip.Payment{purse}
	if w.isDirect {
		payments = append(payments, w.direct(store, p.Transport("paypal", w.pay.Transport())))
	} else if w.paypal {
		charge, err := paypal.ChargedBySupplier(paypal.Config{Ledger: store, MaxPerOrder: mip.EUR(200_00)})
		w.must(err)
		payments = append(payments, charge)
	}
	p.eng, err = engine.New(engine.Config{
		Channels: channels, Supplier: supplier, Payments: payments, Store: store, CoolOff: w.coolOff, Logger: w.logger(),
		Timing: engine.Timing{Track: 2 * time.Hour, Link: 6 * time.Hour, LinkFor: 3 * 24 * time.Hour},
		Hooks: engine.Hooks{
			Transition: func(_ context.Context, ref mip.Ref, c mip.Change) { w.hear(ref, c) },
			Held:       func(_ context.Context, ref mip.Ref, codes []string) { w.hear(ref, codes) },
			Released:   func(_ context.Context, ref mip.Ref) { w.hear(ref) },
			WalletLow:  func(_ context.Context, available, needed mip.Money) { w.hear(available, needed) },
			Failure:    func(_ context.Context, ref mip.Ref, err error) { w.hear(ref, err) },
		},
	})
	w.must(err)
	return p
}

func (w *world) must(err error) {
	if err != nil {
		panic(err)
	}
}

// hear keeps what came out of the library.
func (w *world) hear(what ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, _ = fmt.Fprintln(&w.spoken, what...)
}

// Write implements io.Writer for the logger.
func (w *world) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.spoken.Write(line)
}

func (w *world) logger() *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// breaks notes a broken promise.
func (w *world) breaks(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = append(w.broken, fmt.Errorf(format, args...))
}

// revive restarts the programs that died, as their supervisors would.
func (w *world) revive() {
	for i, p := range w.programs {
		if !p.Dead() {
			continue
		}
		w.dead = append(w.dead, p.Process)
		if w.lines != nil {
			w.lines.Renew()
		}
		w.restarts++
		time.Sleep(time.Duration(1+w.chaos.Pick(4)) * time.Second)
		w.programs[i] = w.start(p.name)
		w.tell("    program %s starts again", p.name)
	}
}

// end kills the programs and lets go of the store.
func (w *world) end() {
	for _, p := range w.programs {
		p.Kill()
	}
	if w.lines != nil {
		w.lines.Close()
	}
}

// deliver lets the calls of dead programs arrive that were on their way.
func (w *world) deliver() {
	for _, p := range w.dead {
		ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
		p.Deliver(ctx)
		cancel()
	}
	w.dead = nil
}
