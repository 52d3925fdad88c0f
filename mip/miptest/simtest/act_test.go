package simtest

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

// step plays one action of the history, and what follows from it at once.
func (w *world) step(a action) {
	w.tell("%s  %s", time.Now().UTC().Format("Jan 2 15:04:05"), a)
	w.chaos.Turn(a.turn)
	p := w.programs[a.a%len(w.programs)]
	if w.free {
		w.runFreely(func() { w.act(p, a) })
	} else {
		p.plan(a.during)
		w.act(p, a)
		p.plan(nil)
	}
	w.revive()
	time.Sleep(time.Duration(a.c%90) * time.Second)
	w.deliver()
	w.check()
}

// runFreely lets all programs run side by side while others act.
func (w *world) runFreely(others func()) {
	ctx, stop := context.WithCancel(w.ctx)
	var all sync.WaitGroup
	for _, p := range w.programs {
		all.Go(func() { _ = p.eng.Run(either(ctx, p.Context())) })
	}
	others()
	time.Sleep(2 * time.Minute)
	stop()
	all.Wait()
}

// either ends with the first of two contexts.
func either(a, b context.Context) context.Context {
	ctx, cancel := context.WithCancel(a)
	context.AfterFunc(b, cancel)
	return ctx
}

// act does one thing. p is the program that works, or that people use.
func (w *world) act(p *program, a action) {
	switch a.kind {
	case "sync":
		w.heard(p.eng.Sync(p.Context()))
	case "work":
		_, err := p.eng.Work(p.Context())
		w.heard(err)
	case "hour":
		for i := 0; i < 3 && !p.Dead(); i++ {
			time.Sleep(20 * time.Minute)
			w.heard(p.eng.Sync(p.Context()))
		}
	case "wait":
		time.Sleep(time.Duration(a.b%7200) * time.Second)
	case "lose the lease":
		w.mu.Lock()
		w.late = true
		w.mu.Unlock()
		time.Sleep(4 * time.Minute)
		w.otherEngine(p)
	case "other engine":
		w.otherEngine(p)
	case "restart", "kill":
		p.Kill()
	case "top up":
		w.bank.TopUp(mip.EUR(int64(50_00 + a.b%300_00)))
	case "spend", "empty", "price":
		w.spend(a)
	case "sell out":
		w.setStock(sku(a.b), 0)
	case "restock":
		w.setStock(sku(a.b), 100)
	default:
		if !w.actAtShop(p, a) && !w.actAtDesk(p, a) && !w.actAtPayPal(p, a) {
			w.actAtSupplier(a)
		}
	}
}

func (w *world) otherEngine(p *program) {
	for _, q := range w.programs {
		if q != p && q.occupy() {
			w.heard(q.eng.Sync(q.Context()))
			q.rest()
			return
		}
	}
}

// spend takes money from the purse, or makes goods dearer.
func (w *world) spend(a action) {
	if w.steady {
		return
	}
	w.mu.Lock()
	w.spent = true
	w.mu.Unlock()
	switch balance := w.bank.Balance(); {
	case a.kind == "price":
		w.bank.SetPrice(sku(a.b), mip.EUR(int64(3_00+a.c%15_00)))
	case a.kind == "empty" || balance.Amount().IntPart() < 10:
		w.bank.TopUp(balance.Times(-1))
	default:
		w.bank.TopUp(mip.EUR(-int64(1_00 + a.c%9_00)))
	}
}

// heard keeps an error to search it for what it must not say.
func (w *world) heard(err error) {
	if err != nil {
		w.hear(err)
	}
}

// sale returns one of the sales so far, nil before the first.
func (w *world) sale(n int) *sale {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.sales) == 0 {
		return nil
	}
	return w.sales[n%len(w.sales)]
}

// actAtSupplier is what BigBuy does with orders that it has.
func (w *world) actAtSupplier(a action) {
	all := w.bank.Orders()
	if len(all) == 0 {
		return
	}
	o := all[a.b%len(all)]
	if o.Status == bigbuytest.StatusDelivered {
		return // nothing follows
	}
	// What an order's state does not allow is refused, and that is fine.
	switch a.kind {
	case "ship":
		number := "T" + o.ID
		if a.c%5 == 0 {
			number = ""
		} else if len(o.Parcels) > 0 {
			number += "-" + strconv.Itoa(len(o.Parcels))
		}
		_ = w.bank.Ship(o.ID, "GLS", number)
	case "deliver":
		_ = w.bank.Deliver(o.ID)
	case "supplier cancels":
		_ = w.bank.Cancel(o.ID)
	case "renumber":
		if len(o.Parcels) > 0 {
			_ = w.bank.Renumber(o.ID, o.Parcels[0].Number, o.Parcels[0].Number+"N")
		}
	default:
		panic("nobody knows how to " + a.kind)
	}
}
